"""Programs compiled from Go modules, all pinned by the one go.mod in `toolchain/`.

One module means that what Kubernetes, etcd, CoreDNS, Contour and the registry share (client-go, gRPC, protobuf)
is compiled once; one `go build` over all of them keeps every core busy to the end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle import digest
from baremetal.bundle.go_patch import patched_modules
from baremetal.bundle.go_toolchain import provide_go
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job

TOOLCHAIN = Path(__file__).parent / "toolchain"
KUBERNETES = "1.36.3"
CONTOUR = "1.33.8"
_KUBE_VERSION = "k8s.io/component-base/version"
LINKER_VALUES = {
    f"{_KUBE_VERSION}.gitVersion": f"v{KUBERNETES}",
    f"{_KUBE_VERSION}.gitMajor": KUBERNETES.split(".")[0],
    f"{_KUBE_VERSION}.gitMinor": KUBERNETES.split(".")[1],
    f"{_KUBE_VERSION}.gitTreeState": "clean",
    f"{_KUBE_VERSION}.gitCommit": "unknown",
    "github.com/projectcontour/contour/internal/build.Version": f"v{CONTOUR}",
}
_TELL_EVERY = 5.0
COMPILER_FLAGS = ("-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false")


def linker_flags() -> str:
    """No symbols, no debugging data, and the versions that programs tell about themselves."""
    return " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in LINKER_VALUES.items())])


def build_command(go: Path, module_file: Path, output: Path, packages: Sequence[str]) -> list[str]:
    """The one compile-and-link command."""
    flags = [f"-modfile={module_file}", *COMPILER_FLAGS, "-ldflags", linker_flags()]
    return [str(go), "build", "-v", *flags, "-o", f"{output}/", *packages]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoProgram:
    """One main package: a folder of `toolchain/`, or a package of a module that go.mod names.

    `apart` keeps it out of the joint build, for a program whose imports collide with another's.
    """

    package: str
    output: str
    batch: GoBatch
    apart: bool = False
    space: int = 200 << 20
    how: str = "built from Go modules"
    lane: Lane = Lane.GO
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """The pinned modules, our own main where there is one, and the flags."""
        own = TOOLCHAIN / self.package.removeprefix("./")
        return {
            "kind": "go program",
            "package": self.package,
            "modules": [digest.of_file(TOOLCHAIN / name) for name in ("go.mod", "go.sum")],
            "patches": digest.of_tree(TOOLCHAIN / "patches"),
            "source": digest.of_tree(own) if self.package.startswith("./") else "",
            "flags": [*COMPILER_FLAGS, linker_flags()],
        }

    def make(self, job: Job) -> Output:
        """Take the program out of the joint build, which the first one asked for starts."""
        built = self.batch.build(self, job)
        target = job.folder / self.output
        built.rename(target)
        return Output(files={self.output: self.output})


class GoBatch:
    """The Go programs that one run wants, compiled together."""

    def __init__(self) -> None:
        self._wanted: list[GoProgram] = []
        self._lock = threading.Lock()

    def want(self, programs: Sequence[GoProgram]) -> None:
        """Say beforehand what will be asked for."""
        self._wanted = list(programs)

    def build(self, program: GoProgram, job: Job) -> Path:
        """The compiled program; waits for the joint build, or runs it."""
        folder = job.store.root / "tmp" / "go-programs"
        with self._lock:
            if not (folder / program.output).exists():
                together = [one for one in self._wanted if one.apart == program.apart] or [program]
                _compile(job, folder, together)
        return folder / program.output


def _compile(job: Job, output: Path, programs: Sequence[GoProgram]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    go = provide_go(job)
    packages = sorted(program.package for program in programs)
    module_file = patched_modules(job, go, output, packages)
    job.say("fetching Go modules")
    listing = [str(go.program), "list", f"-modfile={module_file}", "-deps", "-f", "{{.ImportPath}}", *packages]
    total = len(job.run(listing, cwd=TOOLCHAIN, env=go.environment()).splitlines())
    progress = _Progress(job, total)
    command = build_command(go.program, module_file, output, packages)
    job.run(command, cwd=TOOLCHAIN, env=go.environment(), on_line=progress.line)


class _Progress:
    """Turns the compiler's list of finished packages into a line every few seconds."""

    def __init__(self, job: Job, total: int) -> None:
        self._job, self._total, self._done, self._told = job, max(total, 1), 0, 0.0

    def line(self, _text: str) -> None:
        """One more package is compiled."""
        self._done += 1
        if time.monotonic() - self._told >= _TELL_EVERY:
            self._told = time.monotonic()
            percent = min(99, 100 * self._done // self._total)
            self._job.say(f"compiled {self._done} of at most {self._total} packages ({percent} %)")
