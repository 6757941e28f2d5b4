"""Bash scripts put together from constants, shared functions and a body."""

from __future__ import annotations

import shlex
from dataclasses import replace

from baremetal import paths
from baremetal.model import Step

_CONSTANTS = {
    "ROOT": paths.ROOT,
    "RUN": paths.RUN,
    "BIN": paths.BIN,
    "PARTS": paths.PARTS,
    "OWNED": paths.OWNED,
    "INITIALISED": paths.INITIALISED,
    "SOCKET": paths.SOCKET,
}

_FUNCTIONS = r"""
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# wait_until SECONDS COMMAND...: try until it succeeds.
wait_until() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.3; done
}

# put FILE: write what comes in, whole or not at all; false when the file held just that already.
put() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm "$1.new"; return 1; fi
  mv "$1.new" "$1"
}

# alone STEP: end a run of the same step that outlived whoever started it, so that it can't work against this one.
alone() {
  local file="$RUN/steps/$1" pid="" born="" group now
  mkdir -p "$RUN/steps"
  [ ! -e "$file" ] || read -r pid born <"$file" || true
  if [ -n "$born" ] && now=$(awk '{print $22, $5}' "/proc/$pid/stat" 2>/dev/null) && [ "${now% *}" = "$born" ]; then
    group=${now#* }
    if [ "$group" != "$(awk '{print $5}' /proc/$$/stat)" ]; then
      say "ending an earlier run of this step that was cut off"
      kill -KILL -- "-$group" 2>/dev/null || true
    fi
  fi
  echo "$$ $(awk '{print $22}' /proc/$$/stat)" >"$file"
}

# unmount_below FOLDER: all that is mounted there, the innermost first.
unmount_below() {
  awk -v folder="$1/" 'index($5, folder) == 1 {print $5}' /proc/self/mountinfo | sort -r |
    while read -r place; do umount "$(printf '%b' "$place")" || umount -l "$(printf '%b' "$place")"; done
}
"""


def script(*bodies: str, **constants: str) -> str:
    """A script of these bodies; constants are quoted and come first, so that bodies are plain bash."""
    values = {**_CONSTANTS, **{key.upper(): value for key, value in constants.items()}}
    head = "".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items())
    return "".join(("set -euo pipefail\n", head, _FUNCTIONS, *bodies))


def guarded(step: Step) -> Step:
    """The step, whose scripts first end what an earlier run of it left running."""
    line = f"alone {shlex.quote(step.name)}\n"
    return replace(step, create=_after_functions(step.create, line), delete=_after_functions(step.delete, line))


def _after_functions(text: str, line: str) -> str:
    return text.replace(_FUNCTIONS, _FUNCTIONS + line, 1)
