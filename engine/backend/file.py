"""`file://FOLDER`: Pulumi's layout in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from engine.backend.diy import DiyBackend
from engine.backend.folder import Folder
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
        folder = Folder((base / Path(text or "~").expanduser()).resolve())
        super().__init__(url, folder, environment or {})
