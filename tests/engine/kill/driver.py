"""A support file and a program: forks one process for each command that it is told, so that none has to start anew.

It reads one JSON object a line: `phase`, `folder`, `environment`, `kill_at`; and answers with how the process ended.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, Final

import pulumi
from pulumi.automation import CommandError

import engine.providers
from engine.command import EmbeddedPulumi
from engine.inline import direct
from engine.secrets import Passphrase
from tests.engine.deploy.stage import Group, Thing, hosted
from tests.engine.kill.disk_cloud import DiskProvider
from tests.engine.kill.points import Points

THINGS: Final = 27
GROUPS: Final = 3
PHASES: Final = ("create", "update", "replace", "destroy")


def program(generation: int, key: int) -> None:
    """30 resources: three components, and in each of them a chain, a fan, and what is deleted before it is replaced."""
    for group in range(GROUPS):
        above = Group(f"g{group}")
        before: list[Thing] = []
        for number in range(THINGS // GROUPS):
            opts = pulumi.ResourceOptions(parent=above, delete_before_replace=True if number % 3 == 2 else None)
            value: Any = [generation, before[-1].made if number % 2 else ""]
            keyed = before[1].made if number > 6 else str(key if number % 3 else 0)
            word = pulumi.Output.secret(f"hunter2-{generation}")
            before.append(Thing(f"t{group}{number}", opts, value=value, key=keyed, word=word))


_OTHERS: Final = {"destroy": ("destroy",), "clear": ("refresh", "--clear-pending-creates")}
_PROGRAMS: Final = {
    "create": lambda: program(1, 1),
    "update": lambda: program(2, 1),
    "replace": lambda: program(2, 2),
}


def run(job: dict[str, Any]) -> int:
    """Run one command in this process; its exit code."""
    folder = Path(job["folder"])
    points = Points(job.get("kill_at"))
    engine.providers.register("cloud", lambda host: DiskProvider(folder / "cloud", points, host))
    if job["environment"]["PULUMI_BACKEND_URL"].startswith("kubernetes"):
        points.watch_cluster()
    else:
        points.watch_folder(str(folder / "state"))
    lines: list[str] = []
    try:
        _command(job, folder, lines)
        code = 0
    except CommandError as failure:
        lines.append(str(failure))
        code = 1
    (folder / "told.json").write_text(json.dumps({"kinds": points.kinds, "lines": lines}), encoding="utf-8")
    return code


def _command(job: dict[str, Any], folder: Path, lines: list[str]) -> None:
    command, project = EmbeddedPulumi(), str(folder / "project")
    words = _OTHERS.get(job["phase"], ("up",))
    argv = [*words, "--yes", "--skip-preview", "--stack", "dev", "--parallel", "4"]
    if job["phase"] in _OTHERS:
        command.run(argv, project, job["environment"], lines.append, lines.append)
        return
    with hosted(direct(_PROGRAMS[job["phase"]])) as address:
        inline = ["--client", address, "--exec-kind", "auto.inline"]
        command.run([*argv, *inline], project, job["environment"], lines.append, lines.append)


def _fork(job: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 70
    try:
        code = run(job)
    except BaseException:  # noqa: BLE001 - the child must never come back into the parent's loop
        traceback.print_exc()
    finally:
        os._exit(code)


def main(passphrase: str, salt: str) -> None:
    """Serve until the input ends."""
    # Every child inherits the key, whose derivation takes longer than all else.
    Passphrase(lambda: passphrase, salt).key()
    for line in sys.stdin:
        print(json.dumps({"code": _fork(json.loads(line))}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
