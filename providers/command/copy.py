"""command:remote:CopyToRemote and CopyFile: files and folders onto a host over SFTP."""

from __future__ import annotations

import asyncio
import secrets
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    Host,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Archive, Asset, Value
from engine.wire.diff import equal
from providers.base import ResourceType
from providers.command.connection import Endpoint, connected
from providers.command.remote import host_failures
from providers.errors import BadInput
from providers.plain import reveal


class CopyType(ResourceType):
    """Copies when made and when what or where changes; deleting leaves the files, as others may use them by then."""

    replaced_by = ("triggers",)
    copied: ClassVar[tuple[str, ...]]

    def __init__(self, host: Host, cancelled: Callable[[], bool]) -> None:
        self.host = host
        self._cancelled = cancelled

    def create(self, request: CreateRequest) -> CreateReply:
        """Copy it."""
        if request.preview:
            return CreateReply(id="", outputs=request.inputs)
        self._copy(reveal(request.inputs))
        return CreateReply(id=secrets.token_hex(4), outputs=request.inputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Copy it again if it, or its place, is another."""
        changed = any(not equal(request.olds.get(key), request.news.get(key)) for key in self.copied)
        if changed and not request.preview:
            self._copy(reveal(request.news))
        return UpdateReply(outputs=request.news)

    def check(self, request: CheckRequest) -> CheckReply:
        """A connection needs a host."""
        reply = super().check(request)
        return CheckReply(inputs=reply.inputs, failures=[*reply.failures, *host_failures(request)])

    @abstractmethod
    def source(self, props: Mapping[str, Any]) -> Path | str:
        """What to copy: a path on this machine, or text."""

    def _copy(self, props: Mapping[str, Any]) -> None:
        source = self.source(props)
        if isinstance(source, Path) and not source.exists():
            raise BadInput(f"there is no {source} to copy")
        endpoint = Endpoint.of(props["connection"])
        asyncio.run(_transfer(endpoint, source, props["remotePath"], self._stopped, self._is_contents(props)))

    def _is_contents(self, props: Mapping[str, Any]) -> bool:
        """Whether a folder's contents are meant instead of the folder: its path ends with a slash."""
        source = props.get("source")
        path = source.path if isinstance(source, Asset | Archive) else props.get("localPath")
        return bool(path and path.endswith("/"))

    def _stopped(self) -> bool:
        return self._cancelled() or self.host.cancelled()


class CopyToRemote(CopyType):
    """A FileAsset, StringAsset or FileArchive."""

    required = ("connection", "source", "remotePath")
    copied = ("source", "remotePath")

    def check(self, request: CheckRequest) -> CheckReply:
        """The source must be one that exists as a file, folder or text."""
        reply = super().check(request)
        failures = [*reply.failures, *_source_failures(reveal(request.news.get("source")))]
        return CheckReply(inputs=reply.inputs, failures=failures)

    def source(self, props: Mapping[str, Any]) -> Path | str:
        """Path or text of the asset or archive."""
        source = props["source"]
        if isinstance(source, Asset) and source.text is not None:
            return source.text
        return Path(self.host.directory, source.path or "")


class CopyFile(CopyType):
    """The older type: one local path."""

    required = ("connection", "localPath", "remotePath")
    copied = ("localPath", "remotePath")

    def source(self, props: Mapping[str, Any]) -> Path | str:
        """The path."""
        return Path(self.host.directory, props["localPath"])


def _source_failures(source: Value) -> list[CheckFailure]:
    if isinstance(source, Asset | Archive) and source.path is None and getattr(source, "text", None) is None:
        return [CheckFailure("source", "source must be a FileAsset, a StringAsset or a FileArchive of a path")]
    if source is not None and isinstance(source, str | int | float | list | dict):
        return [CheckFailure("source", "source must be an asset or an archive")]
    return []


async def _transfer(
    endpoint: Endpoint, source: Path | str, target: str, stopped: Callable[[], bool], contents: bool
) -> None:
    import asyncssh

    async with connected(endpoint, stopped) as connection, connection.start_sftp_client() as sftp:
        try:
            if isinstance(source, str):
                await _write(sftp, source, target)
            elif source.is_dir():
                await _copy_folder(sftp, source, PurePosixPath(target) / ("" if contents else source.name))
            else:
                inside = await sftp.isdir(target)
                await _copy_file(sftp, source, PurePosixPath(target) / (source.name if inside else ""))
        except (asyncssh.SFTPError, OSError) as exc:
            raise BadInput(f"cannot copy to {target} on {endpoint.label}: {exc}") from exc


async def _write(sftp: Any, text: str, target: str) -> None:
    if await sftp.isdir(target):
        raise BadInput(f"{target} is a folder; text needs the path of a file")
    await _make_parent(sftp, PurePosixPath(target))
    async with sftp.open(target, "w") as file:
        await file.write(text)


async def _copy_folder(sftp: Any, source: Path, target: PurePosixPath) -> None:
    if await sftp.exists(str(target)) and not await sftp.isdir(str(target)):
        raise BadInput(f"{target} is a file; a folder can't be copied there")
    await sftp.makedirs(str(target), exist_ok=True)
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source).as_posix()
        if path.is_dir():
            await sftp.makedirs(str(place), exist_ok=True)
        else:
            await _copy_file(sftp, path, place)


async def _copy_file(sftp: Any, source: Path, target: PurePosixPath) -> None:
    await _make_parent(sftp, target)
    await sftp.put(str(source), str(target), preserve=True)


async def _make_parent(sftp: Any, target: PurePosixPath) -> None:
    if str(target.parent) not in ("", ".", "/"):
        await sftp.makedirs(str(target.parent), exist_ok=True)
