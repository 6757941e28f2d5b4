"""The platform as a Pulumi stack: plan it, make it, remove it."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mf.errors import Missing
from mf.ops import engine_choice, places, project
from mf.ops.guard import Guard
from mf.ops.progress import Report, silent

if TYPE_CHECKING:
    from pulumi.automation import LocalWorkspace, Stack

    from mf.ops.updates import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform stack, the engine that runs it and where its state is."""

    stack: str
    root: Path
    engine: engine_choice.Engine
    backend: str
    kubeconfig: str = ""
    report: Report = silent
    wait: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an update did or, for a plan, would do: counts by verb, and the stack's outputs that are no secrets."""

    changes: Mapping[str, int]
    outputs: Mapping[str, Any]
    seconds: float

    @property
    def is_destructive(self) -> bool:
        """Whether something that exists is removed or replaced."""
        return any(self.changes.get(verb) for verb in ("delete", "replace", "delete-replaced", "create-replacement"))


def locate(stack: str, *, kubeconfig: str = "", report: Report = silent, wait: float = 60.0) -> Platform:
    """The platform stack of that name, not touched yet."""
    return Platform(
        stack=stack,
        root=project.root(),
        engine=engine_choice.for_platform(),
        backend=project.backend_url(),
        kubeconfig=str(Path(kubeconfig).expanduser().resolve()) if kubeconfig else "",
        report=report,
        wait=wait,
    )


def preview(platform: Platform) -> Outcome:
    """What `up` would do; a stack that was only made to look is taken away again."""
    workspace = _workspace(platform)
    known = platform.stack in [summary.name for summary in workspace.list_stacks()]
    try:
        return _preview(platform, workspace)
    finally:
        if not known:
            with contextlib.suppress(_command_error()):
                workspace.remove_stack(platform.stack, preserve_config=True)
            project.forget_salt(platform.stack)


def _preview(platform: Platform, workspace: LocalWorkspace) -> Outcome:
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        result = _stack(platform, workspace).preview(on_event=watcher, on_error=watcher.hear)
        changes = {str(getattr(op, "value", op)): count for op, count in result.change_summary.items()}
        return Outcome(changes=changes, outputs={}, seconds=time.monotonic() - begun)

    return _guard(platform).run(run, watcher)


def up(platform: Platform) -> Outcome:
    """Make the platform what its program says; the next run goes on where this one was stopped."""
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        result = _stack(platform, _workspace(platform)).up(
            on_event=watcher, on_error=watcher.hear, suppress_outputs=True
        )
        shown = {key: output.value for key, output in result.outputs.items() if not output.secret}
        return Outcome(changes=watcher.changes, outputs=shown, seconds=time.monotonic() - begun)

    return _guard(platform).run(run, watcher)


def destroy(platform: Platform) -> Outcome:
    """Remove everything the stack made, then the stack, then what only it needed on this machine."""
    workspace = _workspace(platform)
    known = [summary.name for summary in workspace.list_stacks()]
    if platform.stack not in known:
        raise Missing("stack", platform.stack, known=known, where=platform.backend, hint="there is nothing to remove")
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        _stack(platform, workspace).destroy(on_event=watcher, on_error=watcher.hear, suppress_outputs=True)
        return Outcome(changes=watcher.changes, outputs={}, seconds=time.monotonic() - begun)

    outcome = _guard(platform).run(run, watcher)
    workspace.remove_stack(platform.stack, preserve_config=platform.stack != "local")
    project.forget_salt(platform.stack)
    if known == [platform.stack]:
        _forget_state(platform)
    return outcome


def exists(platform: Platform) -> bool:
    """Whether there is such a stack."""
    return platform.stack in [summary.name for summary in _workspace(platform).list_stacks()]


def _forget_state(platform: Platform) -> None:
    """The last stack is gone: remove the folders that `up` made; a backend or passphrase of one's own stays."""
    for file in (places.target_file(), project.passphrase_file()):
        file.unlink(missing_ok=True)
    if platform.backend == f"file://{places.state()}":
        shutil.rmtree(places.state(), ignore_errors=True)
    for folder in (places.state().parent, places.config()):
        with contextlib.suppress(OSError):  # somebody else's files are in it
            folder.rmdir()


def _workspace(platform: Platform) -> LocalWorkspace:
    from pulumi.automation import LocalWorkspace

    return LocalWorkspace(
        work_dir=str(platform.root),
        env_vars=project.environment(),
        secrets_provider="passphrase",
        pulumi_command=engine_choice.command(platform.engine),
    )


def _stack(platform: Platform, workspace: LocalWorkspace) -> Stack:
    from pulumi.automation import ConfigValue, Stack

    stack = Stack.create_or_select(platform.stack, workspace)
    if platform.kubeconfig:
        stack.set_config("microfoundry:kubeconfig", ConfigValue(value=platform.kubeconfig))
    return stack


def _watcher(platform: Platform) -> Watcher:
    from mf.ops.updates import Watcher

    return Watcher(platform.report)


def _guard(platform: Platform) -> Guard:
    return Guard(
        title=f"stack {platform.stack}",
        report=platform.report,
        wait=platform.wait,
        hint=f"wait for it; if no such process runs any more: mf pulumi cancel --yes --stack {platform.stack}",
    )


def _command_error() -> type[Exception]:
    from pulumi.automation import CommandError

    return CommandError
