"""Run a command inside an instance of an app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from engine.kube.errors import KubeError
from mf.errors import Failed, Missing, Refused
from mf.ops import apps, instances
from mf.ops.session import Session

NOT_EXECUTABLE, MISSING = 126, 127
"""Exit codes of shells for a command that could not be started."""
_NOT_FOUND = ("executable file not found", "no such file or directory")


class NotStarted(Failed):
    """The command never ran; `code` is the exit code that a shell would give."""

    def __init__(self, message: str, *, code: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


def choose_instance(session: Session, app: str, instance: str = "") -> str:
    """The pod to go to: the named instance, or the oldest one that runs."""
    apps.deployment(session, app)
    found = instances.list_instances(session, app)
    if instance:
        match = next((item for item in found if instance in (item.id, item.pod)), None)
        if match is None:
            raise Missing("instance", instance, known=[item.id for item in found], where=f"app {app}")
        return match.pod
    running = [item for item in found if item.state == "running"] or [
        item for item in found if item.state == "starting"
    ]
    if not running:
        raise Refused(f"app {app} has no running instance", hint=f"why: mf app {app}; start one: mf scale {app} -i 1")
    return running[0].pod


def run(  # noqa: PLR0913 three streams are what a process has
    session: Session,
    pod: str,
    command: Sequence[str],
    *,
    tty: bool,
    stdin: BinaryIO | None,
    stdout: BinaryIO,
    stderr: BinaryIO,
) -> int:
    """Run it with the given streams; its exit code."""
    try:
        return session.kube.exec_stream(
            session.namespace, pod, list(command), tty=tty, stdin=stdin, stdout=stdout, stderr=stderr
        )
    except KubeError as exc:
        if exc.reason != "NotStarted":
            raise
        code = MISSING if any(sign in exc.message for sign in _NOT_FOUND) else NOT_EXECUTABLE
        raise NotStarted(exc.message, code=code, hint="what is in the image: mf exec APP -- ls /bin") from exc
