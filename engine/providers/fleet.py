"""The providers at work in one update, by the references that resources use."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import ProviderError
from engine.provider_api import Host
from engine.providers.catalogue import Catalogue
from engine.providers.instance import INTERNAL, Instance
from engine.providers.loaded import Loaded
from engine.state.model import Resource
from engine.urn import is_provider_type, package_of, split_provider_reference
from engine.values import Props
from engine.values_walk import plain


class Fleet:
    """Knows every provider of the update: those of old state, and those that the program registers."""

    def __init__(self, catalogue: Catalogue, host: Host, old: tuple[Resource, ...]) -> None:
        self._catalogue = catalogue
        self._host = host
        self._old = {f"{one.urn}::{one.id}": one for one in old if is_provider_type(one.type)}
        self._instances: dict[str, Instance] = {}
        self._lock = threading.Lock()
        self._all: list[Loaded] = []
        self._trials: dict[tuple[str, str, str], Loaded] = {}
        self.cancelled = False

    def define(self, reference: str, type: str, inputs: Props) -> Instance:
        """Make a provider known under its reference; the same inputs again keep the one at work."""
        with self._lock:
            known = self._instances.get(reference)
            if known is not None and known.inputs == inputs:
                return known
            # The one that checked the settings goes on to work with them.
            loaded = self._trials.pop(_key(type, reference.rpartition("::")[0], inputs), None)
            self._instances[reference] = made = Instance(
                package_of(type), inputs, (loaded or self._unloaded(type, inputs)).provider
            )
            return made

    def trial(self, type: str, urn: str, inputs: Props) -> Instance:
        """A provider that is not known by any reference (yet): to check and compare settings with."""
        key = _key(type, urn, inputs)
        with self._lock:
            loaded = self._trials.get(key) or self._unloaded(type, inputs)
            self._trials[key] = loaded
        return Instance(package_of(type), inputs, loaded.provider)

    def get(self, reference: str) -> Instance:
        """The provider that a resource names."""
        with self._lock:
            known = self._instances.get(reference)
        if known is not None:
            return known
        old = self._old.get(reference)
        if old is None:
            urn, _ = split_provider_reference(reference)
            raise ProviderError(f"the provider {urn} is neither registered by the program nor in the stack's state")
        return self.define(reference, old.type, old.inputs)

    def cancel(self) -> None:
        """Ask all running calls to end soon."""
        self.cancelled = True
        self._each(Loaded.cancel)

    def close(self) -> None:
        """Let go of everything."""
        self._each(Loaded.close)

    def _each(self, act: Callable[[Loaded], None]) -> None:
        # All at once: a plugin may take its time, and others should not have to wait for it.
        threads = [threading.Thread(target=act, args=(loaded,), daemon=True) for loaded in tuple(self._all)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _unloaded(self, type: str, inputs: Props) -> Loaded:
        version, url = _source(inputs)
        loaded = Loaded(lambda: self._catalogue.find(package_of(type), version, url)(self._host))
        self._all.append(loaded)
        return loaded


def _key(type: str, urn: str, inputs: Props) -> tuple[str, str, str]:
    version, url = _source(inputs)
    return f"{urn}|{package_of(type)}", version, url


def _source(inputs: Props) -> tuple[str, str]:
    internal = plain(inputs.get(INTERNAL)) or {}
    return str(plain(inputs.get("version")) or ""), str(internal.get("pluginDownloadURL", ""))
