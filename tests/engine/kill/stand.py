"""A support file: a stack that is brought to the start of a phase, killed in it, and looked at afterwards."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.command import EmbeddedPulumi
from tests.engine.kill.driver import PHASES

PASSPHRASE: Final = "correct horse"
_ROOT: Final = Path(__file__).resolve().parents[3]


class Driver:
    """The process that forks all others."""

    def __init__(self, salt: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.kill.driver", PASSPHRASE, salt],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )

    def run(self, **job: Any) -> int:
        """How the process of a command ended: its exit code, or the signal that killed it below zero."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(json.loads(self._process.stdout.readline())["code"])

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@dataclass
class Stand:
    """One stack with its cloud."""

    driver: Driver
    folder: Path
    environment: dict[str, str]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("killed", "over", "pending", "orphans"), 0))

    def prepare(self) -> None:
        """An empty stack, and what each phase starts from."""
        for name in ("project", "state", "cloud"):
            (self.folder / name).mkdir()
        (self.folder / "project/Pulumi.yaml").write_text("name: demo\nruntime: python\n", encoding="utf-8")
        self.command("stack", "init", "dev")
        for phase in PHASES:
            self._keep(phase)
            assert self.run(phase) == 0, self.told()["lines"]
            self._kinds(phase).write_text(json.dumps(self.told()["kinds"]), encoding="utf-8")

    def points(self, phase: str) -> list[str]:
        """The kinds of all moments of a phase that nobody interrupts."""
        kinds: list[str] = json.loads(self._kinds(phase).read_text(encoding="utf-8"))
        return kinds

    def kill(self, phase: str, point: int) -> None:
        """Kill the phase at a moment; then it has to come to its end in a second attempt."""
        self._return_to(phase)
        code = self.run(phase, kill_at=point)
        if code == 0:
            self.counts["over"] += 1
            return
        assert code == -9, (code, self.told()["lines"])
        self.counts["killed"] += 1
        creating = self._creating()
        assert self.run(phase) == 0, (phase, point, self.told()["lines"])
        lost = self._things() - self._known()
        self.counts["pending"] += len(creating)
        self.counts["orphans"] += len(lost)
        assert self._known() <= self._things(), f"{phase} {point}: the state knows what is not there"
        assert {one.partition("-")[0] for one in lost} <= creating, f"{phase} {point}: {lost} is nowhere named"
        self._judge_way_out(creating, lost)

    def _judge_way_out(self, creating: set[str], lost: set[str]) -> None:
        if not creating:
            return
        text = "\n".join(self.told()["lines"])
        assert all(name in text for name in creating), f"{creating} is not told: {text}"
        for id in lost:
            (self.folder / "cloud" / id).unlink()
        assert self.run("clear") == 0, self.told()["lines"]
        assert self._creating() == set()

    def run(self, phase: str, kill_at: int | None = None) -> int:
        """One command in a process of its own."""
        return self.driver.run(phase=phase, folder=str(self.folder), environment=self.environment, kill_at=kill_at)

    def told(self) -> dict[str, Any]:
        """What the last process that lived to its end said."""
        told: dict[str, Any] = json.loads((self.folder / "told.json").read_text(encoding="utf-8"))
        return told

    def command(self, *argv: str) -> str:
        """Run a command in this process."""
        words = [*argv] if argv[:2] == ("stack", "init") else [*argv, "--stack", "dev"]
        return EmbeddedPulumi().run(words, str(self.folder / "project"), self.environment).stdout

    def _deployment(self) -> dict[str, Any]:
        deployment: dict[str, Any] = json.loads(self.command("stack", "export"))["deployment"]
        return deployment

    def _known(self) -> set[str]:
        live = [one for one in self._deployment().get("resources", []) if not one.get("pendingReplacement")]
        return {one["id"] for one in live if re.fullmatch(r"cloud:index:Thing", one["type"])}

    def _things(self) -> set[str]:
        return {path.name for path in (self.folder / "cloud").iterdir()}

    def _creating(self) -> set[str]:
        pending = self._deployment().get("pending_operations") or []
        return {one["resource"]["urn"].rpartition("::")[2] for one in pending if one["type"] == "creating"}

    def _kinds(self, phase: str) -> Path:
        return self.folder / f"{phase}.kinds.json"

    def _keep(self, phase: str) -> None:
        (self.folder / f"{phase}.export.json").write_text(self.command("stack", "export"), encoding="utf-8")
        shutil.copytree(self.folder / "cloud", self.folder / f"{phase}.cloud")

    def _return_to(self, phase: str) -> None:
        self.command("stack", "import", "--file", str(self.folder / f"{phase}.export.json"))
        shutil.rmtree(self.folder / "cloud")
        shutil.copytree(self.folder / f"{phase}.cloud", self.folder / "cloud")


@contextmanager
def driving(salt: str) -> Iterator[Driver]:
    """A driver for as long as the context is open."""
    driver = Driver(salt)
    try:
        yield driver
    finally:
        driver.close()
