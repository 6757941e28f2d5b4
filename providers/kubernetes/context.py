"""What every operation of the provider needs: settings, the host to talk to, and whether to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.kube.client import Kube
from engine.provider_api import Host, Severity
from providers.kubernetes.errors import KubernetesProviderError
from providers.kubernetes.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """One configured provider at work."""

    settings: Settings
    host: Host
    stop: threading.Event

    @property
    def kube(self) -> Kube:
        """The cluster's client."""
        return self.settings.kube

    def cancelled(self) -> bool:
        """Whether waits should end."""
        return self.stop.is_set() or self.host.cancelled()

    def pause(self, seconds: float) -> None:
        """Wait a moment; raises when the user stops meanwhile."""
        if self.stop.wait(seconds) or self.host.cancelled():
            raise KubernetesProviderError("stopped on request")

    def progress(self, urn: str) -> Callable[[str], None]:
        """Shows what a resource is waiting for, each new state once."""
        last = ""

        def show(message: str) -> None:
            nonlocal last
            if message and message != last:
                last = message
                self.host.log(Severity.INFO, message, urn=urn, ephemeral=True)

        return show
