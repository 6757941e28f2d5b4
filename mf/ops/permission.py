"""Whether this user may do what `mf up` does: make a cluster here as root, and write the project's settings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.stack_settings import StackSettings
from mf.errors import Unavailable
from mf.ops import places, project

KUBECONFIG = "microfoundry:kubeconfig"
WITHOUT_ROOT = (
    "a cluster on this machine and builds from source need it; apps and services (mf push --image REF) do not"
)


def check(root: Path, stack: str, *, kubeconfig: str) -> None:
    """Unavailable, with what is needed, before anything is planned or written."""
    for folder in _written(root):
        there = next(place for place in (folder, *folder.parents) if place.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            raise Unavailable(
                f"the folder {there} can't be written by this user; settings and state of stack {stack} are kept there",
                hint="run mf in a checkout of your own, and with a home folder of your own; see: mf doctor",
            )
    if os.geteuid() != 0 and not kubeconfig and _makes_cluster(root, stack):
        raise Unavailable(
            "a cluster on this machine needs root",
            hint="sudo mf up, or on a cluster that is there: mf up --kubeconfig FILE; "
            "apps (mf push --image REF) need no root, see: mf doctor",
        )


def _written(root: Path) -> Iterable[Path]:
    """Folders that an update writes to."""
    yield root / "stacks"
    yield places.config()
    url = project.backend_url()
    if url.startswith("file://"):
        yield Path(url.removeprefix("file://")).expanduser()


def _makes_cluster(root: Path, stack: str) -> bool:
    """Whether the stack is of the kind `local` and names no cluster."""
    config = StackSettings(root / "stacks" / f"Pulumi.{stack}.yaml").config
    return str(config.get("microfoundry:kind") or stack) == "local" and not config.get(KUBECONFIG)
