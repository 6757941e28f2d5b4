"""The providers that only one update can make, as they look into it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.deploy.api import Ports
from engine.deploy.builtin.functions import Functions
from engine.deploy.builtin.provider import BUILTIN, BuiltinProvider
from engine.deploy.remember.snapshot import Snapshot
from engine.deploy.reporter import Reporter
from engine.provider_api import Host, ProviderFactory, Severity


def own_providers(ports: Ports, reporter: Reporter, snapshot: Snapshot) -> Mapping[str, ProviderFactory]:
    """What makes each of them, by package."""

    def builtin(_host: Host) -> BuiltinProvider:
        functions = Functions(
            others=ports.others,
            finished=snapshot.finished,
            say=lambda line: reporter.log(Severity.INFO, line),
        )
        return BuiltinProvider(
            functions=functions, warn=lambda line, urn: reporter.log(Severity.WARNING, line, urn=urn)
        )

    return {BUILTIN: builtin}
