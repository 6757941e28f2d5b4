"""`pulumi up|preview|refresh|destroy`: change what a stack is made of, or show what would change."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.command import confirm, policy
from engine.command.deployment import Plan, deploy
from engine.command.event_log import EventHub, Listener, open_log
from engine.command.flags import LIST, REFUSED, SWITCH, TEXT, Kind, Line
from engine.command.protected import nothing_else, protected_urns
from engine.command.session import Session
from engine.command.stack import drop
from engine.command.stage import look, open_display
from engine.command.table import Command
from engine.command.witness import Witness
from engine.config import set_pairs
from engine.deploy.api import ImportSpec, Operation, Options, Outcome
from engine.display.diff_view import in_full
from engine.errors import ChangesMade, DeploymentFailed, UsageError
from engine.state.pending import pairs

_PREVIEWS: Final = {
    Operation.UP: "update",
    Operation.REFRESH: "refresh",
    Operation.DESTROY: "destroy",
    Operation.IMPORT: "import",
}


def up(session: Session, line: Line) -> int:
    """Bring the stack to what the program says."""
    _change(session, line, Operation.UP)
    return 0


def preview(session: Session, line: Line) -> int:
    """Show what an update would do; change nothing."""
    perform(session, line, plan_of(session, line, Operation.PREVIEW))
    return 0


def refresh(session: Session, line: Line) -> int:
    """Bring the state to what is really there."""
    if line.on("skip-pending-creates") and line.on("clear-pending-creates"):
        raise UsageError("cannot set both --skip-pending-creates and --clear-pending-creates")
    _change(session, line, Operation.REFRESH)
    return 0


def destroy(session: Session, line: Line) -> int:
    """Delete all that the stack holds."""
    spared = protected_urns(session, line)
    if spared and nothing_else(session, spared):
        return 0
    outcome = _change(session, line, Operation.DESTROY)
    if outcome is None or line.list("target") or line.on("json"):
        return 0
    stack = session.stack_id()
    if spared:
        session.out(
            f"All unprotected resources were destroyed. There are still {len(spared)} protected resources "
            "associated with this stack."
        )
    elif not line.on("remove"):
        session.out(
            "The resources in the stack have been deleted, but the history and configuration associated with the stack "
            "are still maintained. \nIf you want to remove the stack completely, run "
            f"`pulumi stack rm {stack.name}`."
        )
    elif not outcome.deployment.resources:
        drop(session, stack, keep_settings=False, backups=False)
        session.out("The resources in the stack have been deleted, and the history and configuration removed.")
    return 0


def _change(session: Session, line: Line, operation: Operation) -> Outcome | None:
    confirm.check(session, line)
    return change(session, line, plan_of(session, line, operation))


def change(session: Session, line: Line, plan: Plan) -> Outcome | None:
    """Preview, ask, perform; None where only the preview was wanted."""
    if line.on("skip-preview") and not line.on("preview-only"):
        return perform(session, line, plan)
    witness = Witness()
    perform(session, line, _preview_of(plan), witness)
    if line.on("preview-only"):
        return None
    if not confirm.agreed(session, line):
        _ask(session, line, plan.operation, witness)
    return perform(session, line, plan)


def _preview_of(plan: Plan) -> Plan:
    if plan.operation is Operation.UP:
        return replace(plan, operation=Operation.PREVIEW)
    return replace(plan, options=replace(plan.options, dry_run=True))


def _ask(session: Session, line: Line, operation: Operation, witness: Witness) -> None:
    shape = look(session, line, operation, preview=True)
    note = ""
    if operation is Operation.REFRESH:
        note = "\nNo resources will be modified as part of this refresh; just your stack's state will be.\n"

    def details() -> None:
        for text in in_full(witness.events, shape):
            session.out(text)

    confirm.confirm(session, _PREVIEWS[operation], None if line.on("diff") else details, note=note)


def perform(session: Session, line: Line, plan: Plan, *more: Listener) -> Outcome:
    """Run one update with its display and event log; DeploymentFailed where steps failed."""
    is_preview = plan.is_preview
    listeners: list[Listener] = [*more]
    if line.text("event-log"):
        listeners.append(open_log(line.text("event-log"), session.directory, session.err))
    listeners.append(open_display(session, look(session, line, plan.operation, preview=is_preview), plan.stack))
    hub = EventHub(listeners)
    try:
        outcome = deploy(session, plan, hub)
    finally:
        hub.close()
    _judge(line, plan, outcome)
    return outcome


def _judge(line: Line, plan: Plan, outcome: Outcome) -> None:
    if not outcome.succeeded:
        raise DeploymentFailed(outcome.error or f"{plan.operation.value} failed")
    changed = sum(count for op, count in outcome.changes.items() if op not in ("same", "read"))
    if line.on("expect-no-changes") and changed and not (plan.is_preview and plan.operation is not Operation.PREVIEW):
        raise ChangesMade(f"no changes were expected for {plan.operation.value} but changes were proposed")


def plan_of(session: Session, line: Line, operation: Operation, imports: tuple[ImportSpec, ...] = ()) -> Plan:
    """What the flags ask for."""
    if line.list("target") and line.list("exclude"):
        raise UsageError(
            "if any flags in the group [target exclude] are set none of the others can be; "
            "[exclude target] were all set"
        )
    stack = session.stack_id()
    settings = session.settings(stack, line.text("config-file"))
    if line.list("config"):
        # Only to be told when there is no such stack, before its settings are written.
        session.backend.read(stack)
        set_pairs(session.config(stack, settings), line.list("config"), path=line.on("config-path"))
        settings.save()
    wants_program = line.on("run-program") or operation in (Operation.UP, Operation.PREVIEW)
    return Plan(
        operation=operation,
        stack=stack,
        settings=settings,
        imports=imports,
        options=Options(
            parallel=_parallel(session, line),
            refresh=line.on("refresh"),
            continue_on_error=line.on("continue-on-error"),
            targets=(*line.list("target"), *line.list("target-replace")),
            target_dependents=line.on("target-dependents"),
            excludes=(*line.list("exclude"), *protected_urns(session, line)),
            exclude_dependents=line.on("exclude-dependents"),
            replace=(*line.list("replace"), *line.list("target-replace")),
            message=line.text("message"),
            policy_packs=policy.requests(session, line),
        ),
        client=line.text("client"),
        with_program=wants_program,
        check_state=not line.on("disable-integrity-checking"),
        check_config=not line.on("skip-config-validation") and (wants_program or operation is Operation.REFRESH),
        imported_creates=pairs(line.list("import-pending-creates")),
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
    "config": LIST,
    "config-path": SWITCH,
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
    "show-config": SWITCH,
    "show-full-output": SWITCH,
    "show-policy-remediations": SWITCH,
    "show-reads": SWITCH,
    "show-replacement-steps": SWITCH,
    "show-sames": SWITCH,
    "show-secrets": SWITCH,
    "skip-config-validation": SWITCH,
    "skip-plugin-pre-install": SWITCH,
    "suppress-outputs": SWITCH,
    "suppress-permalink": SWITCH,
    "suppress-progress": SWITCH,
    "target": LIST,
    "target-dependents": SWITCH,
    "urns": SWITCH,
    **dict.fromkeys(
        (
            "attach-debugger",
            "import-file",
            "neo",
            "plan",
            "remote",
            "save-plan",
            "secrets-provider",
            "strict",
        ),
        REFUSED,
    ),
}
_LETTERS: Final = {"c": "config", "x": "exclude"}
CHANGING: Final[Mapping[str, Kind]] = {**_ALWAYS, "yes": SWITCH, "skip-preview": SWITCH}

COMMANDS: Final = (
    Command(
        path=("up",),
        summary="Create or update what the program describes",
        run=up,
        short=_LETTERS,
        flags={**CHANGING, **policy.FLAGS, "replace": LIST, "target-replace": LIST},
    ),
    Command(
        path=("preview",),
        summary="Show what `up` would do",
        run=preview,
        short=_LETTERS,
        flags={**_ALWAYS, **policy.FLAGS, "replace": LIST, "target-replace": LIST},
    ),
    Command(
        path=("refresh",),
        summary="Bring the state to what is really there",
        run=refresh,
        short=_LETTERS,
        flags={
            **CHANGING,
            "preview-only": SWITCH,
            "clear-pending-creates": SWITCH,
            "import-pending-creates": LIST,
            "skip-pending-creates": SWITCH,
        },
    ),
    Command(
        path=("destroy",),
        summary="Delete all that a stack holds",
        run=destroy,
        short=_LETTERS,
        flags={**CHANGING, "preview-only": SWITCH, "remove": SWITCH, "exclude-protected": SWITCH},
    ),
)
