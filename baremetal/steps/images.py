"""Images of the bundle, made known to containerd."""

from __future__ import annotations

from baremetal.model import Step
from baremetal.steps.containerd import ASK
from baremetal.steps.shell import script

_CREATE = r"""
mkdir -p "$ROOT/images"
import() {
  local record="$ROOT/images/$1" archive now; shift
  now=$(for archive in "$@"; do readlink -f "$archive"; done)
  [ "$(cat "$record" 2>/dev/null)" != "$now" ] || return 0
  for archive in "$@"; do ask images import "$archive" >/dev/null || return 1; done
  printf '%s\n' "$now" >"$record"
}
jobs=()
for part in $NAMES; do import "$part" "$PARTS/$part"/images/*.tar & jobs+=($!); done
for job in "${jobs[@]}"; do wait "$job" || fail "an image archive could not be imported"; done
say "$(ask images ls -q | grep -vc '^sha256') images on the node"
"""


def step(name: str, parts: tuple[str, ...]) -> Step:
    """Import the images of some parts, again when one was made anew; they go with containerd's folder."""
    return Step(
        name=name,
        summary=f"images: {', '.join(parts)}",
        create=script(ASK, _CREATE, names=" ".join(parts)),
        delete=script("true\n"),
        needs=("bundle", "containerd"),
    )
