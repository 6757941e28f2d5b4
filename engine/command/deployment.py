"""Runs one update of a stack: lock, load, deploy, store, remember."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.backend import packing
from engine.backend.recorder import Recorder
from engine.backend.sink import StateSink
from engine.command.event_log import EventHub
from engine.command.interrupt import interruptible
from engine.command.mask import masked
from engine.command.other_stacks import OtherStackReader
from engine.command.session import Session
from engine.command.stored import load
from engine.deploy.api import (
    FileProgram,
    ImportSpec,
    InlineProgram,
    Operation,
    Options,
    Outcome,
    Ports,
    StackId,
    Update,
)
from engine.errors import EngineError, UnsupportedError, UsageError
from engine.plugins.find import ProjectPlugins
from engine.project import Project
from engine.stack_settings import StackSettings
from engine.state import integrity
from engine.state.model import Deployment
from engine.state.pending import with_created, without_creations
from engine.state.serialise import ENGINE_VERSION
from engine.version_range import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the command line asked for."""

    operation: Operation
    stack: StackId
    settings: StackSettings
    options: Options
    client: str = ""
    """Address of the inline program's server; empty for the project's own program."""

    with_program: bool = True
    check_state: bool = True
    check_config: bool = True
    clear_pending_creates: bool = False
    imports: tuple[ImportSpec, ...] = ()
    imported_creates: Mapping[str, str] = field(default_factory=dict)
    """Ids of what creations that were cut off have made, by URN."""

    exec_kind: str = ""

    @property
    def is_preview(self) -> bool:
        """Whether nothing is to be changed."""
        return self.operation is Operation.PREVIEW or self.options.dry_run


def deploy(session: Session, plan: Plan, hub: EventHub) -> Outcome:
    """Run the update; its outcome tells failed steps, an EngineError what kept it from running."""
    is_preview = plan.is_preview
    lock: AbstractContextManager[None] = nullcontext()
    if not is_preview:
        lock = session.backend.lock(plan.stack, session.lock_wish())
    with lock:
        text = session.backend.read(plan.stack)
        codec, stored = load(session, plan.stack, plan.settings, text)
        update = _update(session, plan, _base(plan, stored))
        if is_preview:
            return _run(session, plan, update, (lambda _: None, hub))
        recorder = Recorder(session.backend, plan.stack, codec, stored=stored, size=len(text), checked=plan.check_state)
        return _run_and_store(session, plan, update, (recorder, hub))


def _run_and_store(session: Session, plan: Plan, update: Update, tools: tuple[Recorder, EventHub]) -> Outcome:
    recorder, hub = tools
    started = int(time.time())
    sink = StateSink(recorder.record)
    try:
        outcome = _run(session, plan, update, ((lambda _: None) if _only_at_the_end(session) else sink.save, hub))
    except BaseException:
        sink.close()
        entry = _entry(plan, started, {})
        session.backend.conclude(plan.stack, None, {**entry, "result": "failed"})
        raise
    # What the writer still holds is older than the outcome, which is stored together with the history entry.
    sink.close(drop=True)
    entry = _entry(plan, started, outcome.changes)
    entry["result"] = "succeeded" if outcome.succeeded else "failed"
    session.backend.conclude(plan.stack, recorder.text(outcome.deployment), entry)
    for fault in integrity.faults(outcome.deployment):
        session.err(f"warning: the state that was stored is not sound: {fault}")
    return outcome


def _only_at_the_end(session: Session) -> bool:
    """Whether nothing is to be stored before an update is over, at the user's own risk."""
    return packing.on(session.environment, "SKIP_CHECKPOINTS")


def _run(session: Session, plan: Plan, update: Update, tools: tuple[Callable[[Deployment], None], EventHub]) -> Outcome:
    save, hub = tools
    # Late: a command that deploys nothing should not load the deployment engine.
    from engine import deploy as engine

    cancel, terminate = threading.Event(), threading.Event()
    others = OtherStackReader(session)
    emit = masked(hub.emit, session.config(plan.stack, plan.settings).secrets())
    ports = Ports(save=save, emit=emit, cancel=cancel, terminate=terminate, others=others)
    with interruptible(cancel, terminate, session.err):
        return engine.run(update, ports)


def _base(plan: Plan, deployment: Deployment) -> Deployment:
    if plan.check_state:
        integrity.check(deployment)
    if plan.imported_creates:
        deployment = with_created(deployment, plan.imported_creates)
    return without_creations(deployment) if plan.clear_pending_creates else deployment


def _update(session: Session, plan: Plan, base: Deployment) -> Update:
    project = session.project
    require(project.required_version, ENGINE_VERSION)
    main = project.root / project.main if project.main else project.root
    return Update(
        operation=plan.operation,
        stack=plan.stack,
        base=base,
        program=_program(plan, project),
        imports=plan.imports,
        directory=main if main.is_dir() else main.parent,
        config=session.config(plan.stack, plan.settings).effective(plan.stack.name, check=plan.check_config),
        options=plan.options,
        tags=session.backend.tags(plan.stack) if plan.options.policy_packs else {},
        environment=session.environment,
        home=None if plan.client else FileProgram(root=project.root, python=_interpreter(project)),
        plugins=ProjectPlugins(named=project.plugins, runtime_options=project.runtime_options),
    )


def _program(plan: Plan, project: Project) -> InlineProgram | FileProgram | None:
    if not plan.with_program:
        return None
    if plan.client:
        return InlineProgram(address=plan.client)
    if project.runtime != "python":
        raise UnsupportedError(
            f"runtime '{project.runtime}' of {project.file} is not supported by the embedded engine; it runs python"
        )
    return FileProgram(root=project.root, main=_main(project), python=_python(project))


def _main(project: Project) -> str:
    """Where the program is, from the project's folder; UsageError in Pulumi's words."""
    if not project.main:
        return "."
    if Path(project.main).is_absolute():
        raise UsageError("project 'main' must be a relative path")
    place = Path(os.path.normpath(project.root / project.main))
    if not place.is_relative_to(project.root):
        raise UsageError("project 'main' must be a subfolder")
    if not place.exists():
        raise UsageError(f"project 'main' could not be read: there is no {place}")
    return project.main


def _python(project: Project) -> str:
    python = _interpreter(project)
    if python and not Path(python).exists():
        raise EngineError(
            f"the virtualenv of {project.file} has no {python}", hint=f"python3 -m venv {Path(python).parents[1]}"
        )
    return python


def _interpreter(project: Project) -> str:
    folder = project.runtime_options.get("virtualenv")
    return str(project.root / Path(str(folder)).expanduser() / "bin" / "python") if folder else ""


def _entry(plan: Plan, started: int, changes: Mapping[str, int]) -> dict[str, Any]:
    return {
        "kind": plan.operation.value,
        "startTime": started,
        "endTime": int(time.time()),
        "message": plan.options.message,
        "environment": {"exec.kind": plan.exec_kind} if plan.exec_kind else {},
        "config": dict(plan.settings.config),
        "version": 0,
        "resourceChanges": dict(changes),
    }
