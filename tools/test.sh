#!/usr/bin/env bash
# Every test: house rules, units, and the real cluster of this machine (made here if there is none).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
begun=$SECONDS

say() { printf '\n── %s (%d s)\n' "$1" $((SECONDS - begun)); }

say 'what only the tests need'
missing=()
command -v sshd >/dev/null || [ -x /usr/sbin/sshd ] || missing+=(openssh-server)
command -v ssh-keygen >/dev/null || missing+=(openssh-client)
command -v openssl >/dev/null || missing+=(openssl)
command -v keytool >/dev/null || missing+=(openjdk-17-jdk-headless)
command -v mvn >/dev/null || missing+=(maven)
command -v unzip >/dev/null || missing+=(unzip)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]} (tests of remote commands, certificates and Keycloak)"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get -q -y --no-install-recommends install "${missing[@]}" >/dev/null 2>&1 ||
    { apt-get -q update && apt-get -q -y --no-install-recommends install "${missing[@]}"; } >/dev/null
fi
azurite="${MF_CACHE:-$HOME/.cache/microfoundry}/azurite-3.35.0"
export MF_AZURITE_BLOB="$azurite/node_modules/.bin/azurite-blob"
if [ ! -x "$MF_AZURITE_BLOB" ] && command -v npm >/dev/null; then
  echo 'installing azurite (tests of azblob:// states)'
  npm install --silent --no-fund --no-audit --prefix "$azurite" azurite@3.35.0 >/dev/null ||
    echo 'azurite could not be had: the tests of azblob:// states will say that they were not run'
fi
[ -x "$MF_AZURITE_BLOB" ] || unset MF_AZURITE_BLOB
say 'format, lint, types'
make --no-print-directory check
say 'tests without a cluster'
python -m pytest -m 'not e2e'
say 'a real platform on this machine'
mf up --yes
say 'tests on the real cluster'
python -m pytest -m e2e
say 'the demo, warm'
bash examples/demo.sh
say 'all done; the platform stays (mf destroy --yes removes it)'
