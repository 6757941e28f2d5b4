"""One connection to a plugin: calls that end when it does, with errors that name it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

from engine.errors import ProviderError
from engine.wire.plugin.faults import fault
from engine.wire.server import OPTIONS


def label(name: str, version: str, where: str) -> str:
    """What errors call a plugin."""
    return f"plugin {f'{name} {version}'.strip()} ({where})"


class Connection:
    """A gRPC channel to a plugin on this machine; `label` is what errors call it."""

    def __init__(self, address: str, label: str, ending: Callable[[], str], *, patience: float) -> None:
        self.label = label
        self.patience = patience
        self._ending = ending
        self._channel = grpc.insecure_channel(address, options=[*OPTIONS, ("grpc.enable_http_proxy", 0)])
        try:
            grpc.channel_ready_future(self._channel).result(timeout=patience)
        except grpc.FutureTimeoutError:
            self._channel.close()
            how = ending() or f"nothing answers at {address} after {patience:g} s"
            raise ProviderError(f"{label} cannot be reached: {how}") from None

    def stub(self, kind: Callable[[grpc.Channel], Any]) -> Any:
        """The generated client of a service on this connection."""
        return kind(self._channel)

    def call(self, method: Any, request: Any, *, name: str, timeout: float | None = None) -> Any:
        """The reply to one call; it ends as well when the plugin's process or the connection does."""
        try:
            return method(request, timeout=timeout)
        except grpc.RpcError as error:
            raise fault(error, self.label, name, self._ending) from error
        except ValueError as error:
            # What gRPC says of a channel that was closed in the meantime.
            how = self._ending() or "its connection is closed"
            raise ProviderError(f"{self.label} cannot be called ({name}): {how}") from error

    def close(self) -> None:
        """Let go; calls under way end at once."""
        self._channel.close()
