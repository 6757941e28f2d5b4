#!/usr/bin/env bash
# Make .venv with every dependency pinned. Safe to run again and to interrupt.
set -euo pipefail
cd "$(dirname "$0")/.."
started=$SECONDS

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "setup: no Python >= 3.11 with venv found; on Debian: apt-get install python3-venv" >&2
  exit 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  rm -rf .venv
  "$(find_python)" -m venv .venv
fi
echo "setup: installing the pinned Python packages into .venv"
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
  --config-settings editable_mode=compat -e .
# Compiled once here, as commands may run where nothing can be written, or with PYTHONDONTWRITEBYTECODE set.
.venv/bin/python -m compileall -q baremetal catalog components engine mf providers stacks
touch .venv/.ready
echo "setup: done in $((SECONDS - started)) s"
