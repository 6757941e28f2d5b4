"""A support file: play a behaviour on an engine, and tell as plain JSON what came of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pulumi.automation import CommandError, PulumiCommand

from tests.engine.deploy.stage import hosted
from tests.engine.golden.behaviour import Behaviour, Move
from tests.engine.golden.normal import normal_plan, normal_state, normal_text
from tests.engine.golden.recorder import Recording

Tree = dict[str, Any]

PASSPHRASE: Final = "correct horse"
SECRET: Final = "hunter2"
"""What behaviours use as a secret: it must never be found in a file of the backend."""

_VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview", "--json"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


@dataclass
class Player:
    """One stack of one engine over one pretended cloud."""

    command: PulumiCommand
    cloud: Recording
    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def play(self, behaviour: Behaviour) -> list[Tree]:
        """What each move of the behaviour came to."""
        project = self.folder / "project"
        project.mkdir()
        (self.folder / "state").mkdir()
        (project / "Pulumi.yaml").write_text("name: demo\nruntime: python\n", encoding="utf-8")
        self._run("stack", "init", "dev")
        told = [self._move(move) for move in behaviour.moves()]
        return [_sorted(one) for one in told] if behaviour.unordered else told

    def _move(self, move: Move) -> Tree:
        self.cloud.hooks.clear()
        if move.change is not None:
            move.change(self.cloud)
        self.cloud.log.clear()
        log = self.folder / "events.jsonl"
        log.unlink(missing_ok=True)
        flags = ["--parallel", "1", *move.flags, "--event-log", str(log)]
        if move.program is None:
            code, text = self._run(*_VERBS[move.verb], *flags)
        else:
            with hosted(move.program) as address:
                inline = ["--client", address, "--exec-kind", "auto.inline"]
                code, text = self._run(*_VERBS[move.verb], *flags, *inline)
        return self._told(move, code, text, log)

    def _told(self, move: Move, code: int, text: str, log: Path) -> Tree:
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        summaries = [one["summaryEvent"]["resourceChanges"] for one in events if "summaryEvent" in one]
        diagnostics = [one["diagnosticEvent"] for one in events if "diagnosticEvent" in one]
        lines = [
            normal_text(one["message"]).strip()
            for one in diagnostics
            if one["severity"] in ("error", "warning")
            and one["message"].strip() not in ("update failed", "preview failed")
        ]
        tree: Tree = {
            "command": " ".join([move.verb, *move.flags]),
            "exit": code,
            "changes": dict(sorted(summaries[-1].items())) if summaries else {},
            "calls": json.loads(normal_text(json.dumps(self.cloud.log))),
            "steps": _steps(events),
            "told": lines,
        }
        if move.verb == "preview" and text.startswith("{"):
            tree["plan"] = normal_plan(json.loads(text))
        else:
            tree["state"] = self._state()
        return tree

    def _state(self) -> Tree:
        self._refuse_plaintext()
        _, text = self._run("stack", "export", "--show-secrets")
        return normal_state(json.loads(text))

    def _refuse_plaintext(self) -> None:
        for path in (self.folder / "state").rglob("*.json"):
            assert SECRET not in path.read_text(encoding="utf-8"), f"a secret lies open in {path.name}"

    def _run(self, *argv: str) -> tuple[int, str]:
        args = [*argv, "--stack", "dev"] if argv[:2] != ("stack", "init") else [*argv]
        try:
            return 0, self.command.run(args, str(self.folder / "project"), self.environment).stdout
        except CommandError as failure:
            found = re.search(r"code: (-?\d+)", str(failure))
            assert found is not None, failure
            return int(found[1]), ""

    @property
    def environment(self) -> dict[str, str]:
        """What the commands of both engines get."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PATH": os.environ.get("PATH", ""),
            **self.extra,
        }


def _steps(events: list[Tree]) -> list[str]:
    """Operation and name of each step that ended, in order."""
    found = []
    for one in events:
        for kind, mark in (("resOutputsEvent", ""), ("resOpFailedEvent", " failed")):
            if kind in one:
                meta = one[kind]["metadata"]
                found.append(f"{meta['op']} {meta['urn'].rpartition('::')[2]}{mark}")
    return found


def _sorted(tree: Tree) -> Tree:
    """Calls and steps by resource; those of one resource keep their order."""
    calls = sorted(tree["calls"], key=lambda one: str(one.get("of", "")))
    steps = sorted(tree["steps"], key=lambda one: str(one).split()[1])
    resources = sorted(tree["state"]["resources"], key=lambda one: str(one["urn"]))
    return {**tree, "calls": calls, "steps": steps, "state": {**tree["state"], "resources": resources}}
