"""`pulumi up|preview|refresh|destroy`: change what a stack is made of, or show what would change."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.command import display
from engine.command.deployment import Plan, deploy
from engine.command.digest import Digest
from engine.command.display import LineDisplay, Style
from engine.command.event_log import EventHub, Listener, open_log
from engine.command.flags import LIST, REFUSED, SWITCH, TEXT, Kind, Line
from engine.command.session import Session
from engine.command.stack import confirm, drop
from engine.command.stack_state import plain_outputs
from engine.command.table import Command
from engine.deploy.api import Operation, Options, Outcome
from engine.errors import DeploymentFailed, UnsupportedError, UsageError
from engine.urn import STACK_TYPE

_TITLES: Final = {
    Operation.UP: "Updating",
    Operation.PREVIEW: "Previewing update",
    Operation.REFRESH: "Refreshing",
    Operation.DESTROY: "Destroying",
}


def up(session: Session, line: Line) -> int:
    """Bring the stack to what the program says."""
    plan = _plan(session, line, Operation.UP)
    if not line.on("skip-preview"):
        perform(session, line, replace(plan, operation=Operation.PREVIEW))
        confirm(session, line, "Do you want to perform this update?")
    perform(session, line, plan)
    return 0


def preview(session: Session, line: Line) -> int:
    """Show what an update would do; change nothing."""
    perform(session, line, _plan(session, line, Operation.PREVIEW))
    return 0


def refresh(session: Session, line: Line) -> int:
    """Bring the state to what is really there."""
    if line.on("preview-only"):
        raise UnsupportedError("`pulumi refresh --preview-only` is not supported by the embedded engine")
    plan = _plan(session, line, Operation.REFRESH)
    if not line.on("skip-preview"):
        confirm(session, line, "Do you want to perform this refresh?")
    perform(session, line, plan)
    return 0


def destroy(session: Session, line: Line) -> int:
    """Delete all that the stack holds."""
    if line.on("preview-only"):
        raise UnsupportedError("`pulumi destroy --preview-only` is not supported by the embedded engine")
    plan = _plan(session, line, Operation.DESTROY)
    if not line.on("skip-preview"):
        confirm(session, line, f"Do you want to delete all resources of stack '{plan.stack.name}'?")
    outcome = perform(session, line, plan)
    if line.on("remove") and not outcome.deployment.resources:
        drop(session, plan.stack, keep_settings=False, backups=False)
        session.out(f"Stack '{plan.stack.name}' has been removed!")
    return 0


def perform(session: Session, line: Line, plan: Plan) -> Outcome:
    """Run one update with its display and event log; DeploymentFailed where steps failed."""
    digest = Digest() if line.on("json") else None
    style = Style(
        preview=plan.operation is Operation.PREVIEW,
        debug=line.on("debug"),
        progress=not line.on("suppress-progress"),
        sames=line.on("show-sames"),
    )
    shown = LineDisplay(session.out, style)
    listeners: list[Listener] = [digest or shown]
    if line.text("event-log"):
        listeners.append(open_log(line.text("event-log"), session.directory, session.err))
    if digest is None:
        session.out(f"{_TITLES[plan.operation]} ({plan.stack.name}):")
    hub = EventHub(listeners)
    try:
        outcome = deploy(session, plan, hub)
    finally:
        hub.close()
    if digest is not None:
        session.out(digest.text(outcome.changes, outcome.seconds))
    else:
        _conclude(session, line, outcome, (shown, style))
    _judge(line, plan, outcome)
    return outcome


def _conclude(session: Session, line: Line, outcome: Outcome, shown: tuple[LineDisplay, Style]) -> None:
    lines, style = shown
    lines.diagnostics()
    root = next((item for item in outcome.deployment.resources if item.type == STACK_TYPE), None)
    if root is not None and not line.on("suppress-outputs"):
        for text in display.outputs(plain_outputs(root.outputs)):
            session.out(text)
    for text in display.summary(outcome.changes, outcome.seconds, preview=style.preview):
        session.out(text)


def _judge(line: Line, plan: Plan, outcome: Outcome) -> None:
    if not outcome.succeeded:
        raise DeploymentFailed(outcome.error or f"{plan.operation.value} failed")
    changed = sum(count for op, count in outcome.changes.items() if op not in ("same", "read"))
    if line.on("expect-no-changes") and changed:
        what = "proposed" if plan.operation is Operation.PREVIEW else "made"
        raise DeploymentFailed(f"no changes were expected but changes were {what}")


def _plan(session: Session, line: Line, operation: Operation) -> Plan:
    if line.list("target") and line.list("exclude"):
        raise UsageError(
            "if any flags in the group [target exclude] are set none of the others can be; "
            "[exclude target] were all set"
        )
    stack = session.stack_id()
    settings = session.settings(stack, line.text("config-file"))
    wants_program = line.on("run-program") or operation in (Operation.UP, Operation.PREVIEW)
    return Plan(
        operation=operation,
        stack=stack,
        settings=settings,
        options=Options(
            parallel=_parallel(session, line),
            refresh=line.on("refresh"),
            continue_on_error=line.on("continue-on-error"),
            targets=(*line.list("target"), *line.list("target-replace")),
            target_dependents=line.on("target-dependents"),
            excludes=tuple(line.list("exclude")),
            exclude_dependents=line.on("exclude-dependents"),
            replace=(*line.list("replace"), *line.list("target-replace")),
            message=line.text("message"),
        ),
        client=line.text("client"),
        with_program=wants_program,
        check_state=not line.on("disable-integrity-checking"),
        clear_pending_creates=line.on("clear-pending-creates") or (wants_program and _vouched(session)),
        exec_kind=line.text("exec-kind"),
    )


def _vouched(session: Session) -> bool:
    """Whether the caller vouches that making any of its resources again finds what was made before it was cut off."""
    return session.environment.get("MF_REPEATABLE_CREATES") == "1"


def _parallel(session: Session, line: Line) -> int:
    text = line.text("parallel") or session.environment.get("PULUMI_PARALLEL") or ""
    if not text:
        return max(4 * (os.cpu_count() or 1), Options().parallel)
    if not text.removeprefix("-").isdecimal():
        raise UsageError(f"--parallel is '{text}'; give it a number")
    # Pulumi takes 0 and less for "no limit".
    return int(text) if int(text) > 0 else 512


_ALWAYS: Final[Mapping[str, Kind]] = {
    "client": TEXT,
    "config-file": TEXT,
    "continue-on-error": SWITCH,
    "debug": SWITCH,
    "diff": SWITCH,
    "event-log": TEXT,
    "exclude": LIST,
    "exclude-dependents": SWITCH,
    "exec-agent": TEXT,
    "exec-kind": TEXT,
    "expect-no-changes": SWITCH,
    "json": SWITCH,
    "message": TEXT,
    "parallel": TEXT,
    "refresh": SWITCH,
    "run-program": SWITCH,
    "show-sames": SWITCH,
    "suppress-outputs": SWITCH,
    "suppress-progress": SWITCH,
    "target": LIST,
    "target-dependents": SWITCH,
    **dict.fromkeys(
        (
            "attach-debugger",
            "config",
            "config-path",
            "exclude-protected",
            "import-file",
            "import-pending-creates",
            "neo",
            "plan",
            "policy-pack",
            "policy-pack-config",
            "remote",
            "save-plan",
            "secrets-provider",
            "skip-pending-creates",
            "strict",
            "suppress-permalink",
        ),
        REFUSED,
    ),
}
_CHANGING: Final[Mapping[str, Kind]] = {**_ALWAYS, "yes": SWITCH, "skip-preview": SWITCH}

COMMANDS: Final = (
    Command(
        path=("up",),
        summary="Create or update what the program describes",
        run=up,
        flags={**_CHANGING, "replace": LIST, "target-replace": LIST},
    ),
    Command(
        path=("preview",),
        summary="Show what `up` would do",
        run=preview,
        flags={**_ALWAYS, "replace": LIST, "target-replace": LIST},
    ),
    Command(
        path=("refresh",),
        summary="Bring the state to what is really there",
        run=refresh,
        flags={**_CHANGING, "preview-only": SWITCH, "clear-pending-creates": SWITCH},
    ),
    Command(
        path=("destroy",),
        summary="Delete all that a stack holds",
        run=destroy,
        flags={**_CHANGING, "preview-only": SWITCH, "remove": SWITCH},
    ),
)
