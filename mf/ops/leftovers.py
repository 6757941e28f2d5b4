"""What a bring-up that was killed left on this machine beyond what the stack's state knows of."""

from __future__ import annotations

from baremetal.errors import ScriptFailed
from baremetal.facts import reader
from baremetal.model import ClusterConfig
from baremetal.plan import steps
from baremetal.transport import LocalTransport
from mf.errors import Failed
from mf.ops.progress import Note, Report


def remove(report: Report) -> None:
    """Run every step's removal once more, each of which passes over what is not there."""
    report(Note("removing what an interrupted run left on this machine"))
    transport = LocalTransport()
    try:
        for step in reversed(steps(ClusterConfig(), reader.read(transport))):
            done = transport.run(step.delete, environment=step.environment)
            if done.code:
                raise ScriptFailed(transport.host, f"step {step.name}", done.code, done.output)
    except ScriptFailed as exc:
        raise Failed(str(exc), hint="by hand: python -m baremetal.apply down") from exc
