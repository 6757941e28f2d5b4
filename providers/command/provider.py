"""The provider `command`: local and remote commands, and files copied to hosts."""

from __future__ import annotations

from engine.provider_api import Host, Info
from providers.base import PlainProvider, ResourceType
from providers.command.copy import CopyFile, CopyToRemote
from providers.command.local import LocalCommand, Runner
from providers.command.remote import RemoteCommand

VERSION = "1.2.1"


class CommandProvider(PlainProvider):
    """Serves the types of the `pulumi_command` package in this process."""

    def __init__(self, host: Host) -> None:
        types: dict[str, ResourceType] = {
            "command:local:Command": LocalCommand(host, self._is_cancelled),
            "command:remote:Command": RemoteCommand(host, self._is_cancelled),
            "command:remote:CopyFile": CopyFile(host, self._is_cancelled),
            "command:remote:CopyToRemote": CopyToRemote(host, self._is_cancelled),
        }
        functions = {"command:local:run": Runner(host, self._is_cancelled).invoke}
        super().__init__(Info(name="command", version=VERSION), types, functions)

    def _is_cancelled(self) -> bool:
        return self._cancelled.is_set()
