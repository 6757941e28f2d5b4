"""Where things lie in Pulumi's layout, and whether a store has that layout at all."""

from __future__ import annotations

from typing import Final

from engine.backend.blobs import Blobs
from engine.backend.packing import SUFFIXES
from engine.deploy.api import StackId
from engine.errors import StateError, UsageError

META: Final = ".pulumi/meta.yaml"
STACKS: Final = ".pulumi/stacks/"
LOCKS: Final = ".pulumi/locks/"


def state(stack: StackId, suffix: str = "") -> str:
    """The checkpoint."""
    return f"{STACKS}{stack.project}/{stack.name}.json{suffix}"


def states(stack: StackId) -> list[str]:
    """All places where the checkpoint may be."""
    return [state(stack, suffix) for suffix in SUFFIXES]


def tags(stack: StackId) -> str:
    """The tags."""
    return f"{STACKS}{stack.project}/{stack.name}.pulumi-tags"


def history(stack: StackId) -> str:
    """The folder of the history."""
    return f".pulumi/history/{stack.project}/{stack.name}/"


def backups(stack: StackId) -> str:
    """The folder of the backups."""
    return f".pulumi/backups/{stack.project}/{stack.name}/"


def locks(stack: StackId) -> str:
    """The folder of the locks."""
    return f"{LOCKS}{stack.organization}/{stack.project}/{stack.name}/"


def stack_of(key: str) -> StackId | None:
    """The stack whose checkpoint a key is; None for any other key."""
    parts = key.removeprefix(STACKS).split("/")
    for suffix in SUFFIXES:
        if len(parts) == 2 and parts[1].endswith(f".json{suffix}"):
            return StackId(project=parts[0], name=parts[1].removesuffix(f".json{suffix}"))
    return None


def check(blobs: Blobs) -> bool:
    """Whether the store says that it has the layout; an error where it has another one."""
    try:
        version = _version(blobs.get(META), blobs.name(META))
    except FileNotFoundError:
        if not any(blob.key.count("/") == 2 and ".json" in blob.key for blob in blobs.list(STACKS)):
            return False
        version = 0
    if version == 0:
        raise StateError(
            f"{blobs.name('.pulumi')} has the old layout without project folders; "
            "legacy DIY state is deprecated, please upgrade your state to project mode",
            hint="run `pulumi state upgrade` on it, with Pulumi's own program",
        )
    if version != 1:
        raise UsageError(
            f"state store unsupported: {blobs.name(META)} version ({version}) is not supported; this engine knows 1"
        )
    return True


def _version(data: bytes, name: str) -> int:
    import yaml

    try:
        tree = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise StateError(f"corrupt store: {name} is no valid YAML") from exc
    version = tree.get("version") if isinstance(tree, dict) else None
    if type(version) is not int:
        raise StateError(f"corrupt store: missing version in {name}", hint="the file says 'version: 1'")
    return version
