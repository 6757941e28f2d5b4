"""`python -m baremetal.apply up|down|steps`: a cluster without Pulumi, to repair or remove one by hand.

It runs the same steps as the component does, so either can finish what the other began.
"""

from __future__ import annotations

import argparse
import sys
import time

from baremetal.errors import BareMetalError, ScriptFailed
from baremetal.facts import reader
from baremetal.model import ClusterConfig, Step
from baremetal.plan import plan, steps
from baremetal.transport import LocalTransport, Transport

SECRET = ("kubeconfig",)
"""Steps whose output is not shown."""


def up(config: ClusterConfig, transport: Transport) -> None:
    """Run every step's `create`, in order. Raises MachineUnfit or ScriptFailed."""
    for step in plan(config, reader.read(transport)):
        _run(transport, step, step.create)


def down(config: ClusterConfig, transport: Transport) -> None:
    """Run every step's `delete`, last one first. Raises ScriptFailed."""
    for step in reversed(steps(config, reader.read(transport))):
        _run(transport, step, step.delete)


def _run(transport: Transport, step: Step, script: str) -> None:
    began = time.monotonic()
    print(f"{step.name}: {step.summary}", flush=True)
    shown = None if step.name in SECRET else (lambda line: print(f"    {line}", flush=True))
    completed = transport.run(script, environment=step.environment, on_line=shown)
    if completed.code:
        output = "" if step.name in SECRET else completed.output
        raise ScriptFailed(transport.host, f"step {step.name}", completed.code, output)
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def main(arguments: list[str]) -> int:
    """Run the command line: 0 done, 1 failed, 130 interrupted (run it again to go on)."""
    parser = argparse.ArgumentParser(prog="python -m baremetal.apply", description=__doc__)
    parser.add_argument("command", choices=("up", "down", "steps"))
    parser.add_argument("--part", action="append", default=[], help="a part whose images the platform needs")
    options = parser.parse_args(arguments)
    config, transport = ClusterConfig(platform_parts=tuple(options.part)), LocalTransport()
    began = time.monotonic()
    try:
        if options.command == "steps":
            for step in steps(config, reader.read(transport)):
                print(f"{step.name:16} after {', '.join(step.needs) or '-':28} {step.summary}")
            return 0
        {"up": up, "down": down}[options.command](config, transport)
    except BareMetalError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    print(f"{options.command} in {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
