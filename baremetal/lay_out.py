"""`python -m baremetal.lay_out PARTS BIN PART...`: put parts of the bundle where the shell steps expect them.

PARTS/<part>/images/*.tar are links to archives in the cache, whose paths change with their content. Programs are put
into BIN as files of their own, so that the cluster outlives the cache.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from baremetal.bundle import Made, locate
from baremetal.errors import BareMetalError


def lay_out(made: Made, parts: Path, programs: Path) -> None:
    """Lay out one part."""
    images = parts / made.name / "images"
    shutil.rmtree(images, ignore_errors=True)
    images.mkdir(parents=True)
    for number, archive in enumerate(sorted(set(made.images.values()))):
        (images / f"{number}.tar").symlink_to(archive)
    programs.mkdir(parents=True, exist_ok=True)
    for name, path in made.files.items():
        if os.access(path, os.X_OK):
            _place(path.resolve(), programs / name)


def _place(source: Path, target: Path) -> None:
    """Same content under a new name in one step; on the same disk it takes no room."""
    if target.exists() and target.samefile(source):
        return
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        os.link(source, fresh)
    except OSError:
        shutil.copy2(source, fresh)
    fresh.replace(target)


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parts, programs, *names = arguments
    try:
        for name in names:
            lay_out(locate(name), Path(parts), Path(programs))
    except BareMetalError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
