"""Changes since a checkpoint was stored, line by line beside it: large states are not written anew at every step.

The first line names the checkpoint by its digest, so that a journal is never applied to anything else. A journal lives
from one whole checkpoint to the next within an update; only a process that was killed leaves one behind.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from engine.errors import StateError
from engine.state.delta import applied

_SUFFIX: Final = ".journal"


class Journal:
    """The journal of one checkpoint file."""

    def __init__(self, checkpoint: Path) -> None:
        self._checkpoint = checkpoint
        self.path = checkpoint.with_name(f"{checkpoint.name}{_SUFFIX}")
        self._begun = False

    def append(self, line: str) -> None:
        """Add one change to the checkpoint as it lies there; on return it outlives this process."""
        if not self._begun:
            base = hashlib.sha256(self._checkpoint.read_bytes()).hexdigest()
            self.path.write_text(json.dumps({"base": base}) + "\n", encoding="utf-8")
            self.path.chmod(0o600)
            self._begun = True
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            _write_all(handle, f"{line}\n".encode())
        finally:
            os.close(handle)

    def is_left_over(self) -> bool:
        """Whether there are changes that another process noted."""
        return not self._begun and self.path.exists()

    def drop(self) -> None:
        """A whole checkpoint took its place."""
        self._begun = False
        self.path.unlink(missing_ok=True)

    def worked_in(self, data: bytes, text: str) -> str:
        """The checkpoint's text with the changes of a journal that a killed process left; `data` is what lies there."""
        lines = self._lines()
        if not lines:
            return text
        base = lines[0].get("base")
        if base == hashlib.sha256(data).hexdigest():
            return _folded(text, lines[1:])
        if base == _digest(self._checkpoint.with_name(f"{self._checkpoint.name}.bak")):
            # Killed between the storing of a newer checkpoint and the end of this journal: it is in there.
            return text
        raise StateError(
            f"{self._checkpoint} was changed by somebody else after an update was killed; its last steps are only in "
            f"{self.path.name}",
            hint=f"compare the two, then remove {self.path}",
        )

    def _lines(self) -> list[Mapping[str, Any]]:
        try:
            whole = self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in whole]


def _folded(text: str, lines: list[Mapping[str, Any]]) -> str:
    tree = json.loads(text)
    latest = (tree.get("checkpoint") or {}).get("latest") or {}
    for line in lines:
        for key in ("resources", "pending_operations"):
            latest[key] = applied(latest.get(key) or [], line[key])
    tree["checkpoint"]["latest"] = {key: item for key, item in latest.items() if item or key == "metadata"}
    return json.dumps(tree, ensure_ascii=False)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
