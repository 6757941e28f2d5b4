"""Run a command inside an instance of an app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from mf.errors import Missing, Refused
from mf.ops import apps, instances
from mf.ops.session import Session


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
    return session.kube.exec_stream(
        session.namespace, pod, list(command), tty=tty, stdin=stdin, stdout=stdout, stderr=stderr
    )
