"""What all parts of one running update share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.deploy.api import Operation, Ports, Update
from engine.deploy.builtin.own import own_providers
from engine.deploy.callbacks.hooks import Hooks
from engine.deploy.control import Control
from engine.deploy.decide.old_states import OldStates
from engine.deploy.decide.scope import Scope
from engine.deploy.do.calls import Calls
from engine.deploy.do.workers import Workers
from engine.deploy.host import UpdateHost
from engine.deploy.inspector import Inspector
from engine.deploy.remember.journal import Journal
from engine.deploy.remember.snapshot import Snapshot
from engine.deploy.reporter import Reporter
from engine.deploy.sources import catalogue
from engine.policy.model import Surroundings
from engine.providers.fleet import Fleet
from engine.providers.instance import Instance
from engine.providers.settings_provider import SettingsProvider
from engine.state.model import Deployment
from engine.urn import is_provider_type
from engine.wire.callbacks import Dialer

_MOST_DECIDERS = 16
_SECONDS_TO_CLOSE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One update's machinery; used from the engine's loop."""

    update: Update
    preview: bool
    control: Control
    reporter: Reporter
    snapshot: Snapshot
    journal: Journal
    fleet: Fleet
    settings: Instance
    olds: OldStates
    scope: Scope
    deciders: Workers
    doers: Workers
    interrupter: Workers
    dialer: Dialer
    hooks: Hooks
    inspector: Inspector

    @property
    def only_listens(self) -> bool:
        """Whether a program runs that is to make providers and components, but nothing else."""
        return self.update.operation in (Operation.DESTROY, Operation.REFRESH)

    def calls(self, type: str, reference: str) -> Calls:
        """The calls of the provider that serves a resource."""
        instance = self.settings if is_provider_type(type) else self.fleet.get(reference)
        return Calls(instance=instance, preview=self.preview, directory=self.update.directory)

    async def close(self) -> None:
        """Save for the last time, and let go of threads and providers."""
        try:
            await self.journal.commit()
        finally:
            # In a thread and not for ever: closing is up to the providers.
            closing = {self.interrupter.submit(self.inspector.close), self.interrupter.submit(self.fleet.close)}
            await asyncio.wait(closing, timeout=_SECONDS_TO_CLOSE)
            await self.dialer.close()
            self._end_threads()

    def _end_threads(self) -> None:
        self.journal.close()
        self.deciders.close()
        self.doers.close()
        self.interrupter.close()


def context(update: Update, ports: Ports, base: Deployment) -> Context:
    """The machinery for an update from a given state; call it inside the engine's loop."""
    preview = update.operation is Operation.PREVIEW or update.options.dry_run
    control = Control(continue_on_error=update.options.continue_on_error)
    reporter = Reporter(ports.emit, preview=preview)
    snapshot = Snapshot(base)
    host = UpdateHost(update.directory, reporter, control, update.environment)
    own = own_providers(ports, reporter, snapshot)
    fleet = Fleet(catalogue(update, own), host, base.resources)
    dialer = Dialer()
    parallel = max(1, update.options.parallel)
    return Context(
        update=update,
        preview=preview,
        control=control,
        reporter=reporter,
        snapshot=snapshot,
        journal=Journal(snapshot, None if preview else ports.save),
        fleet=fleet,
        settings=Instance("pulumi", {}, lambda: SettingsProvider(fleet)),
        olds=OldStates(base.resources),
        scope=Scope(update.options),
        deciders=Workers(min(parallel, _MOST_DECIDERS), "engine-decide"),
        doers=Workers(parallel, "engine-step"),
        interrupter=Workers(1, "engine-cancel"),
        dialer=dialer,
        hooks=Hooks(dialer, control, reporter, preview=preview),
        inspector=Inspector(
            requests=update.options.policy_packs,
            around=_surroundings(update, preview=preview),
            host=host,
            control=control,
            reporter=reporter,
            find=snapshot.finished,
        ),
    )


def _surroundings(update: Update, *, preview: bool) -> Surroundings:
    return Surroundings(
        project=update.stack.project,
        stack=update.stack.name,
        organization=update.stack.organization,
        preview=preview,
        config={key: item.value for key, item in update.config.items()},
        secret_keys=[key for key, item in update.config.items() if item.secret],
        tags=update.tags,
    )


def now() -> str:
    """The time as the state holds it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
