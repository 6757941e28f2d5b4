"""Micro-stacks: each app, service instance and binding is a Pulumi stack of its own, with its state in Kubernetes."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.inline import direct
from mf.errors import NoPlatform
from mf.ops import engine_choice, scratch, settings, state_key
from mf.ops.guard import Guard
from mf.ops.session import Session

if TYPE_CHECKING:
    from pulumi.automation import Stack

Program = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroStack:
    """One stack: `project` is `app`, `service` or `binding`; `title` is how a person calls it."""

    session: Session
    project: str
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What an update left: the stack's outputs and how many resources it created, updated, deleted, kept."""

    outputs: Mapping[str, Any]
    changes: Mapping[str, int]
    seconds: float


def up(stack: MicroStack, program: Program) -> Deployed:
    """Make the stack what the program says; DeployFailed carries the causes."""
    from mf.ops.updates import Watcher

    begun = time.monotonic()
    watcher = Watcher(stack.session.report)

    def run() -> Deployed:
        with _workspace(stack, program) as pulumi_stack:
            result = pulumi_stack.up(on_event=watcher, on_error=watcher.hear, suppress_outputs=True)
        outputs = {key: output.value for key, output in result.outputs.items()}
        return Deployed(outputs=outputs, changes=watcher.changes, seconds=time.monotonic() - begun)

    return _guard(stack).run(run, watcher)


def destroy(stack: MicroStack) -> bool:
    """Remove everything the stack made and the stack itself; False when there was none."""
    from pulumi.automation import StackNotFoundError

    from mf.ops.updates import Watcher

    watcher = Watcher(stack.session.report)

    def run() -> bool:
        try:
            with _workspace(stack, None) as pulumi_stack:
                pulumi_stack.destroy(on_event=watcher, on_error=watcher.hear, suppress_outputs=True)
                pulumi_stack.workspace.remove_stack(stack.name)
        except StackNotFoundError:
            return False
        return True

    return _guard(stack).run(run, watcher)


def names(session: Session, project: str) -> list[str]:
    """The space's micro-stacks of a project, also those of things that are half made or half removed."""
    from engine.backend import secret_state

    heads = session.kube.list(
        "v1", "Secret", namespace=session.namespace, labels=secret_state.selector(project=project)
    )
    return sorted(secret_state.identify(head).name for head in heads)


def _guard(stack: MicroStack) -> Guard:
    return Guard(title=stack.title, report=stack.session.report, wait=stack.session.wait)


@contextmanager
def _workspace(stack: MicroStack, program: Program | None) -> Iterator[Stack]:
    """The Automation stack in a throw-away folder; without a program it must exist already."""
    from pulumi.automation import LocalWorkspace, ProjectBackend, ProjectSettings, StackSettings
    from pulumi.automation import Stack as AutomationStack

    engine = engine_choice.for_workloads()
    session = stack.session
    environment = {**session.environment(), **state_key.environment(session, passphrase(session))}
    os.environ.update(session.environment())  # provider programs that run as child processes look there
    with scratch.folder("stack") as folder:
        workspace = LocalWorkspace(
            work_dir=folder,
            pulumi_home=engine_choice.home(engine),
            program=direct(program) if program else None,
            env_vars={**environment, "PULUMI_BACKEND_URL": backend_url(session)},
            secrets_provider="passphrase",
            project_settings=ProjectSettings(
                name=stack.project, runtime="python", main=folder, backend=ProjectBackend(backend_url(session))
            ),
            stack_settings={stack.name: StackSettings(config=_config())},
            pulumi_command=engine_choice.command(engine),
        )
        make = AutomationStack.create_or_select if program else AutomationStack.select
        yield make(stack.name, workspace)


def _config() -> dict[str, Any]:
    from components.programs import CONFIG

    return dict(CONFIG)


def backend_url(session: Session) -> str:
    """Where the state of a space's micro-stacks lives."""
    return f"kubernetes://{session.namespace}"


def passphrase(session: Session) -> str:
    """What encrypts the secrets in the micro-stacks' state."""
    found = session.kube.find("v1", "Secret", "engine", namespace=settings.SYSTEM_NAMESPACE)
    encoded = ((found or {}).get("data") or {}).get("passphrase", "")
    if not encoded:
        raise NoPlatform(
            f"the Secret {settings.SYSTEM_NAMESPACE}/engine with the passphrase of apps' state is missing",
            hint="run `mf up` again: it makes what is missing",
        )
    return base64.b64decode(encoded).decode()
