#!/usr/bin/env bash
# The main job, from an empty machine to a running app bound to a real database. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
begun=$SECONDS
phases=()
bold='' blue='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' blue=$'\e[36m' plain=$'\e[0m'; fi

phase() { phase_name=$1 phase_begun=$SECONDS; printf '\n%s── %s%s\n' "$bold" "$1" "$plain"; }
done_phase() { phases+=("$(printf '%5d s  %s' $((SECONDS - phase_begun)) "$phase_name")"); }
run() { printf '%s$ %s%s\n' "$blue" "$*" "$plain"; "$@"; }

phase 'A platform on this machine'
run mf up --yes
done_phase

phase 'An app from its source'
run mf push guestbook --path examples/guestbook
done_phase

phase 'A database, bound to the app'
if mf service guestbook-db --json >/dev/null 2>&1; then
  echo 'guestbook-db is there already'
else
  run mf create-service postgresql small guestbook-db
fi
run mf bind-service guestbook guestbook-db
done_phase

phase 'An entry that outlives its pods'
url=$(mf app guestbook --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["urls"][0])')
[ -n "${KUBECONFIG:-}" ] || run export KUBECONFIG="$HOME/.config/microfoundry/kubeconfig"
entry="hello from the demo at $(date -u +%FT%TZ)"
run curl --silent --show-error --fail --output /dev/null --data-urlencode "text=$entry" --data author=demo "$url/entries"
run mf-kube delete-pods mf-default-dev 'microfoundry.dev/app=guestbook'
run mf-kube delete-pods mf-default-dev 'microfoundry.dev/instance=guestbook-db'
for attempt in $(seq 60); do
  if curl --silent --fail "$url/" 2>/dev/null | grep --quiet --fixed-strings "$entry"; then
    echo "the entry is still there ($attempt tries)"
    break
  fi
  [ "$attempt" -lt 60 ] || { echo 'the entry is gone' >&2; exit 1; }
  sleep 1
done
done_phase

phase 'What there is now'
run mf app guestbook
run mf services
printf '\nDone in %d s:\n' $((SECONDS - begun))
printf '%s\n' "${phases[@]}"
cat <<TEXT

  app       $url
  platform  a Kubernetes on this machine; files under /var/lib/microfoundry, settings under ~/.config/microfoundry
  builds    ~/.cache/microfoundry (kept, so that the next time takes a minute)
  remove    mf destroy --yes        (and rm -rf ~/.cache/microfoundry)
TEXT
