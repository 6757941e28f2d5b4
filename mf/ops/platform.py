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
from mf.ops import engine_choice, leftovers, permission, places, project
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
    _check_permission(platform)
    workspace = _workspace(platform)
    known = _names(workspace)
    try:
        return _preview(platform, workspace)
    finally:
        if platform.stack not in known:
            with contextlib.suppress(_command_error()):
                workspace.remove_stack(platform.stack, preserve_config=True)
            project.forget_salt(platform.stack)
        if not known:
            _forget_state(platform)


def _preview(platform: Platform, workspace: LocalWorkspace) -> Outcome:
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        _stack(platform, workspace).preview(on_event=watcher, on_error=watcher.hear)
        return Outcome(changes=watcher.counts(), outputs={}, seconds=time.monotonic() - begun)

    return _guard(platform).run(run, watcher)


def up(platform: Platform) -> Outcome:
    """Make the platform what its program says; the next run goes on where this one was stopped."""
    _check_permission(platform)
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        result = _stack(platform, _workspace(platform)).up(
            on_event=watcher, on_error=watcher.hear, suppress_outputs=True
        )
        shown = {key: output.value for key, output in result.outputs.items() if not output.secret}
        return Outcome(changes=watcher.counts(), outputs=shown, seconds=time.monotonic() - begun)

    return _guard(platform).run(run, watcher)


def destroy(platform: Platform) -> Outcome:
    """Remove everything the stack made, then the stack, then what only it needed on this machine."""
    if not exists(platform):
        raise Missing("stack", platform.stack, where=platform.backend, hint="there is nothing to remove")
    _check_permission(platform)
    workspace = _workspace(platform)
    known = _names(workspace)
    watcher = _watcher(platform)
    begun = time.monotonic()

    def run() -> Outcome:
        stack = _stack(platform, workspace)
        cut_off = _was_cut_off(stack)
        stack.destroy(on_event=watcher, on_error=watcher.hear, suppress_outputs=True)
        if cut_off:
            leftovers.remove(platform.report)
        return Outcome(changes=watcher.counts(), outputs={}, seconds=time.monotonic() - begun)

    outcome = _guard(platform).run(run, watcher)
    workspace.remove_stack(platform.stack, preserve_config=platform.stack != "local")
    project.forget_salt(platform.stack)
    if known == [platform.stack]:
        places.target_file().unlink(missing_ok=True)
        _forget_state(platform)
    return outcome


def _check_permission(platform: Platform) -> None:
    permission.check(platform.root, platform.stack, kubeconfig=platform.kubeconfig)


def _was_cut_off(stack: Stack) -> bool:
    """Whether a step of a cluster was killed while it ran: it may have made something that the state does not know."""
    pending = (stack.export_stack().deployment or {}).get("pending_operations") or []
    return any("microfoundry:cluster:KubeadmCluster$" in operation["resource"]["urn"] for operation in pending)


def exists(platform: Platform) -> bool:
    """Whether there is such a stack; looking makes no folder for its state."""
    folder = platform.backend.removeprefix("file://")
    if folder != platform.backend and not Path(folder).expanduser().is_dir():
        return False
    return platform.stack in _names(_workspace(platform))


def _forget_state(platform: Platform) -> None:
    """No stack is left: remove what only its state needed; a backend or passphrase of one's own stays."""
    project.passphrase_file().unlink(missing_ok=True)
    if platform.backend == f"file://{places.state()}":
        shutil.rmtree(places.state(), ignore_errors=True)
    for folder in (places.state().parent, places.config()):
        _remove_empty(folder)


def _remove_empty(folder: Path) -> None:
    """This folder and those above it up to the person's home, as far as nobody else has put anything in."""
    while folder != places.home() and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _workspace(platform: Platform) -> LocalWorkspace:
    from pulumi.automation import LocalWorkspace

    return LocalWorkspace(
        work_dir=str(platform.root),
        pulumi_home=engine_choice.home(platform.engine),
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


def _names(workspace: LocalWorkspace) -> list[str]:
    return [summary.name for summary in workspace.list_stacks()]


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
