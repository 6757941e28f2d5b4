"""The providers at work in one update, by the references that resources use."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import ProviderError
from engine.provider_api import Host, Provider
from engine.providers.catalogue import Catalogue
from engine.providers.instance import INTERNAL, Instance
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
        self._spare: list[Instance] = []
        self.cancelled = False

    def define(self, reference: str, type: str, inputs: Props) -> Instance:
        """Make a provider known under its reference; the same inputs again keep the one at work."""
        with self._lock:
            known = self._instances.get(reference)
            if known is not None and known.inputs == inputs:
                return known
            if known is not None:
                self._spare.append(known)
            self._instances[reference] = made = self.trial(type, inputs)
            return made

    def trial(self, type: str, inputs: Props) -> Instance:
        """A provider that is not known by any reference (yet): to check and compare settings with."""
        package = package_of(type)
        return Instance(package, inputs, self._loader(package, inputs))

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
        for instance in self._all():
            instance.cancel()

    def close(self) -> None:
        """Let go of everything."""
        for instance in self._all():
            instance.close()

    def _all(self) -> list[Instance]:
        with self._lock:
            return [*self._instances.values(), *self._spare]

    def _loader(self, package: str, inputs: Props) -> Callable[[], Provider]:
        version = str(plain(inputs.get("version")) or "")
        url = str((plain(inputs.get(INTERNAL)) or {}).get("pluginDownloadURL", ""))
        return lambda: self._catalogue.find(package, version, url)(self._host)
