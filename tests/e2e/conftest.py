"""Fixtures of the tests on a real platform (support file): `mf` as a person runs it, in a space of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
_MF = (sys.executable, "-m", "mf")
_INTERRUPTIBLE = ("env", "--default-signal=INT")
"""Ctrl-C counts also when the tests run in the background of a shell, which makes its jobs deaf to it."""
_ENOUGH = 600


@dataclass(frozen=True)
class Run:
    """A finished command."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        """All that was printed, for messages of failed tests."""
        return f"exit code {self.code}\n{self.out}\n{self.err}"


@dataclass(frozen=True)
class Platform:
    """A running platform; `mf` runs in the space that is this test module's own, or in the targeted one if it is empty.

    `home` is the home folder of the person who runs it, if it is another one than ours.
    """

    space: str
    kubeconfig: str
    port: int
    namespace: str = field(default="")
    home: str = ""

    def mf(self, *args: str, cwd: Path = ROOT, ok: bool = True, stdin: str = "") -> Run:
        """Run `mf`; unless told otherwise it has to succeed."""
        begun = time.monotonic()
        done = subprocess.run(
            (*_MF, *self._in_space(args)),
            cwd=cwd,
            env=self.env(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_ENOUGH,
        )
        run = Run(done.returncode, done.stdout, done.stderr, time.monotonic() - begun)
        if ok:
            assert run.code == 0, f"mf {' '.join(args)}: {run.said}"
        return run

    def refused(self, *args: str) -> str:
        """Run `mf`, which has to say no in one clear line; the line."""
        run = self.mf(*args, ok=False)
        assert run.code != 0, run.said
        lines = run.err.splitlines()
        (line,) = [line for line in lines if line.startswith("mf: ")]
        hints = [line for line in lines if line.startswith("    → ")]
        assert len(lines) == 1 + len(hints), run.said
        assert run.out == ""
        return line.removeprefix("mf: ")

    def start(self, *args: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
        """Start `mf` as a process group of its own, to be interrupted or killed."""
        return subprocess.Popen(
            (*_INTERRUPTIBLE, *_MF, *self._in_space(args)),
            cwd=cwd,
            env=self.env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def env(self) -> dict[str, str]:
        """The environment of a person who has this cluster."""
        other = {"HOME": self.home} if self.home else {}
        return {**os.environ, "KUBECONFIG": self.kubeconfig, "PYTHONPATH": str(ROOT), **other}

    def get(self, app: str, path: str = "/", *, data: bytes | None = None) -> tuple[int, str]:
        """Status and body of the app through the gateway; 0 when nothing answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        request.add_header("Host", f"{app}.{self.space}.apps.localhost")
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, reply.read().decode()
        except HTTPError as exc:
            with exc:
                return exc.code, exc.read().decode()
        except (URLError, TimeoutError, ConnectionError):
            return 0, ""

    def objects(self, api: str, kind: str, labels: str) -> list[dict[str, Any]]:
        """Objects of the space."""
        from engine.kube.client import Kube

        kube = Kube.load(self.kubeconfig)
        try:
            return kube.list(api, kind, namespace=self.namespace, labels=labels)
        finally:
            kube.close()

    def _in_space(self, args: tuple[str, ...]) -> tuple[str, ...]:
        command, *rest = args
        if not self.space or command in ("create-space", "marketplace", "doctor"):
            return args
        return command, "-s", self.space, *rest


@pytest.fixture(scope="session")
def kubeconfig() -> str:
    """Where the platform's cluster is; a missing one fails, it does not skip."""
    named = os.environ.get("KUBECONFIG") or str(Path.home() / ".config/microfoundry/kubeconfig")
    assert Path(named).is_file(), f"no kubeconfig at {named}: make a platform with `mf up` first"
    return named


@pytest.fixture(scope="module")
def platform(kubeconfig: str, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """The running platform and a fresh space on it; all that is in it goes with its namespace, state included."""
    from engine.kube.client import Kube

    kube = Kube.load(kubeconfig)
    settings = kube.get("v1", "ConfigMap", "platform", namespace="microfoundry-system")["data"]
    space = f"t{secrets.token_hex(3)}"
    namespace = f"mf-default-{space}"
    made = Platform(space=space, kubeconfig=kubeconfig, port=int(settings["port"]), namespace=namespace)
    made.mf("create-space", space)
    yield made
    kube.delete("v1", "Namespace", namespace)
    kube.close()


@pytest.fixture(scope="session")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an app that tells what it is and does what it is told."""
    folder = tmp_path_factory.mktemp("teller")
    shutil.copy(Path(__file__).with_name("teller.py"), folder / "app.py")
    return folder


@pytest.fixture
def app_folder(tmp_path: Path) -> Callable[[str], Path]:
    """Make, or change, a one-file Python app that runs the given lines."""

    def write(code: str) -> Path:
        folder = tmp_path / "app"
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_text(code)
        return folder

    return write


def stop(process: subprocess.Popen[str], sign: signal.Signals) -> None:
    """Send a signal to the whole group, and wait for its end."""
    os.killpg(process.pid, sign)
    process.communicate(timeout=60)


def until(check: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait for what has to come about."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"it did not come about in {seconds:.0f}s"
        time.sleep(0.2)
