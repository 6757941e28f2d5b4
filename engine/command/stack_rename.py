"""`pulumi stack rename`: a stack under another name, its resources' URNs with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from engine.backend.api import qualified
from engine.command import workspace
from engine.command.flags import Line
from engine.command.session import Session
from engine.command.stack import check_name
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.urn import STACK_TYPE


def rename(session: Session, line: Line) -> int:
    """State, history, tags and settings file move to the new name; another project may be given too."""
    old = session.stack_id()
    new = session.stack_id(line.words[0])
    check_name(new)
    with session.backend.lock(old, session.lock_wish()):
        tree = json.loads(session.backend.read(old))
        checkpoint = {**_renamed(tree.get("checkpoint") or {}, old, new), "stack": qualified(new)}
        session.backend.rename(old, new, json.dumps({**tree, "checkpoint": checkpoint}, ensure_ascii=False))
    settings = session.project.settings_file(old.name)
    if settings.exists() and new.name != old.name:
        settings.replace(settings.with_name(f"Pulumi.{new.name}{settings.suffix}"))
    workspace.select_stack(session.environment, session.project, line.words[0])
    session.out(f"Renamed {old.name} to {new.name if new.project == old.project else qualified(new)}")
    return 0


def _renamed(tree: Any, old: StackId, new: StackId) -> Any:
    """The tree with the old stack's URNs replaced wherever they stand; cipher texts cannot hold any."""
    head = f"urn:pulumi:{old.name}::{old.project}::"
    root = f"{head}{STACK_TYPE}::{old.project}-{old.name}"

    def walk(item: Any) -> Any:
        if isinstance(item, str) and item.startswith(head):
            item = item if item != root else f"{head}{STACK_TYPE}::{new.project}-{new.name}"
            return f"urn:pulumi:{new.name}::{new.project}::{item.removeprefix(head)}"
        if isinstance(item, Mapping):
            return {key: walk(value) for key, value in item.items()}
        return [walk(value) for value in item] if isinstance(item, list) else item

    return walk(tree)


COMMANDS: Final = (
    Command(path=("stack", "rename"), summary="Give a stack another name", run=rename, arguments=("NEW-NAME",)),
)
