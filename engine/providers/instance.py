"""One provider at work: loaded when first asked, configured once, before its first call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from engine.provider_api import Provider
from engine.values import Props
from engine.values_walk import has_unknown, plain

INTERNAL: Final = "__internal"
"""The input of provider resources that is the engine's own business, not the provider's."""


def settings_of(inputs: Props) -> dict[str, object]:
    """The part of a provider resource's inputs that the provider itself should see."""
    return {key: value for key, value in inputs.items() if key not in (INTERNAL, "version")}


class Instance:
    """A provider with its settings; calls may come from several threads."""

    def __init__(self, package: str, inputs: Props, load: Callable[[], Provider]) -> None:
        self.package = package
        self.inputs = inputs
        self.unknown = has_unknown(inputs)
        """Settings are only known after the update: the provider can't be asked anything yet."""
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Provider | None = None
        self._configured = False

    def loaded(self) -> Provider:
        """The provider, which may not be configured yet."""
        with self._lock:
            return self._ensure_loaded()

    def configured(self) -> Provider:
        """The provider, ready for resources."""
        with self._lock:
            provider = self._ensure_loaded()
            if not self._configured:
                settings = settings_of(self.inputs)
                provider.configure(settings if provider.info.accept_secrets else plain(settings))
                self._configured = True
            return provider

    def _ensure_loaded(self) -> Provider:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded
