"""`file://FOLDER`: Pulumi's layout in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from engine.backend import packing
from engine.backend.api import LockWish
from engine.backend.diy import DiyBackend
from engine.backend.folder import Folder
from engine.backend.journal import Journal
from engine.deploy.api import StackId
from engine.errors import UsageError

_PARAMETERS = {"no_tmp_dir", "metadata", "create_dir"}
"""Of Pulumi's own library; none of them changes what this engine does."""


class FileBackend(DiyBackend):
    """A `file://` backend; a relative folder starts at `directory`."""

    def __init__(self, url: str, directory: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(url)
        if unknown := sorted(parse_qs(parts.query, keep_blank_values=True).keys() - _PARAMETERS):
            raise UsageError(f"backend '{url}' has the unknown parameter '{unknown[0]}'")
        base = directory or Path.cwd()
        text = unquote(parts.netloc + parts.path)
        self._folder = Folder((base / Path(text or "~").expanduser()).resolve())
        self._journals: dict[str, Journal] = {}
        super().__init__(url, self._folder, environment or {})

    def append(self, stack: StackId, line: str) -> None:
        """Store a change beside the checkpoint that it belongs to."""
        key = self._existing(stack)
        journal = self._journal(key)
        if journal.is_left_over():
            self._store(key, self._present(key), sync=False)
        journal.append(line)

    @contextmanager
    def lock(self, stack: StackId, wish: LockWish) -> Iterator[None]:
        with super().lock(stack, wish):
            # Another process may have written meanwhile.
            self._journals.clear()
            yield

    def _present(self, key: str) -> str:
        data = self._folder.get(key)
        return self._journal(key).worked_in(data, packing.unpack(data, self._folder.name(key)))

    def _is_amended(self, key: str) -> bool:
        return self._journal(key).path.exists()

    def _stored(self, key: str) -> None:
        self._journal(key).drop()

    def _journal(self, key: str) -> Journal:
        return self._journals.setdefault(key, Journal(self._folder.path(key)))
