"""A provider that is made when it is first asked for, and then stays the same until the update ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import ProviderError
from engine.provider_api import Provider


class Loaded:
    """One provider; several threads may ask for it."""

    def __init__(self, load: Callable[[], Provider]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._provider: Provider | None = None
        self._closed = False

    def provider(self) -> Provider:
        """The provider."""
        with self._lock:
            if self._provider is None:
                self._provider = self._load()
            provider = self._provider
        if self._closed:
            # It was still starting when the update ended.
            provider.close()
            raise ProviderError(f"the provider {provider.info.name} came too late: the update is over")
        return provider

    def cancel(self) -> None:
        """Ask running calls to end soon; never loads anything."""
        # No lock here or below: the call that should end may hold it while it loads.
        if self._provider is not None:
            self._provider.cancel()

    def close(self) -> None:
        """Let go of what the provider holds."""
        self._closed = True
        if self._provider is not None:
            self._provider.close()
