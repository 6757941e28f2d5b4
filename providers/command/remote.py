"""command:remote:Command: a command on a host over SSH."""

from __future__ import annotations

from typing import ClassVar

from engine.provider_api import CheckFailure, CheckReply, CheckRequest
from providers.command.connection import Endpoint
from providers.command.lifecycle import CommandType, Run
from providers.command.process import Result
from providers.command.remote_process import RemoteJob, run
from providers.plain import reveal


class RemoteCommand(CommandType):
    """Runs in the user's shell on the host."""

    required: ClassVar[tuple[str, ...]] = ("connection",)

    def check(self, request: CheckRequest) -> CheckReply:
        """A connection needs a host."""
        reply = super().check(request)
        return CheckReply(inputs=reply.inputs, failures=[*reply.failures, *host_failures(request)])

    def execute(self, run_: Run) -> Result:
        """Run it there, with its environment and standard input."""
        job = RemoteJob(
            endpoint=Endpoint.of(run_.props["connection"]),
            command=run_.command,
            environment={**run_.previous, **(run_.props.get("environment") or {})},
            stdin=run_.props.get("stdin") or "",
            timeout=run_.timeout,
        )
        return run(job, on_line=run_.on_line, stopped=run_.stopped)


def host_failures(request: CheckRequest) -> list[CheckFailure]:
    """What is wrong with a connection before anybody tries it."""
    connection = reveal(request.news.get("connection"))
    if isinstance(connection, dict) and not connection.get("host"):
        return [CheckFailure("connection.host", "connection.host is required")]
    return []
