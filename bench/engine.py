"""What an update costs: the embedded engine, and beside it the real CLI where `pulumi` is on PATH, in one run.

    python -m bench.engine [--sizes 2,50,200,1000,10000] [--repeat 3]

`no-op` is the wall time of an update that changes nothing, from the request to the saved state, secrets and history
included: `inline` through Automation API in a warm process, `mf` and `pulumi` as commands with a program on disk.
`create` makes that many resources with a provider that takes no time; `written` is all that went to the disk meanwhile.
Each size runs in a process of its own, so that `memory` (the highest of the run) is its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pulumi
from pulumi.automation import LocalWorkspaceOptions, Stack, create_or_select_stack

from engine.command import EmbeddedPulumi
from engine.inline import direct
from engine.provider_api import CreateReply, CreateRequest, Host, Info, Provider
from engine.providers import register
from providers.base import PlainProvider, ResourceType

_COLUMNS = ("resources", "create s", "written MB", "inline s", "µs each", "memory MB", "mf s", "pulumi s", "ratio")
_MOST_BY_COMMAND = 1000
_PROGRAM = """\
import pulumi

class Part(pulumi.ComponentResource):
    def __init__(self, name, size):
        super().__init__("bench:index:Part", name, {{"size": size}})
        self.register_outputs({{"size": size}})

for index in range({count}):
    Part(f"part{{index}}", index)
"""


class Thing(pulumi.CustomResource):
    """The resource of the benchmark: some hundred bytes of inputs."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__("bench:index:Thing", name, {"size": size, "text": "x" * 100, "list": [1, 2, 3]})


class _Instant(ResourceType):
    """Takes no time: what is left is the engine's."""

    def create(self, request: CreateRequest) -> CreateReply:
        return CreateReply(id=request.name, outputs=request.inputs)


def _provider(_host: Host) -> Provider:
    return PlainProvider(Info(name="bench", version="1.0.0"), {"bench:index:Thing": _Instant()})


def main() -> None:
    """Print one line a size."""
    options = _options()
    if options.one:
        print(json.dumps(_inline(options.one, options.repeat)))
        return
    print("  ".join(f"{name:>10}" for name in _COLUMNS))
    for count in options.sizes:
        command = [sys.executable, "-m", "bench.engine", "--one", str(count), "--repeat", str(options.repeat)]
        inline = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        _show(count, inline, _by_command(["mf", "pulumi"], count, options.repeat), _real(count, options.repeat))


def _show(count: int, inline: dict[str, float], ours: float, theirs: float) -> None:
    unchanged = inline["unchanged"]
    cells = [f"{inline['create']:.2f}", f"{inline['written'] / 1e6:.1f}", f"{unchanged:.3f}"]
    cells += [f"{unchanged / count * 1e6:.0f}", f"{inline['memory']:.0f}", f"{ours:.2f}" if ours else "-"]
    cells += [f"{theirs:.2f}", f"{ours / theirs:.3f}"] if theirs else ["absent", "-"]
    print("  ".join(f"{cell:>10}" for cell in (str(count), *cells)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    sizes = [2, 50, 200, 1000, 10_000]
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=sizes)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", type=int, help="one size, inline only, as JSON")
    return parser.parse_args()


def _inline(count: int, repeat: int) -> dict[str, float]:
    def program() -> None:
        for index in range(count):
            Thing(f"thing{index}", index)

    register("bench", _provider)
    gc.set_threshold(100_000, 50, 50)  # as `mf` does
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PULUMI_BACKEND_URL": f"file://{folder}", "PULUMI_CONFIG_PASSPHRASE": "bench"}
        options = LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment)
        # An update of another stack first: what is loaded once in a process is not a resource's cost.
        _timed(create_or_select_stack("warm", "bench", direct(lambda: None), opts=options))
        stack = create_or_select_stack("dev", "bench", direct(program), opts=options)
        before = _written()
        create = _timed(stack)
        written = _written() - before
        unchanged = statistics.median(_timed(stack) for _ in range(repeat))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"create": create, "written": written, "unchanged": unchanged, "memory": memory}


def _timed(stack: Stack) -> float:
    began = time.perf_counter()
    stack.up()
    return time.perf_counter() - began


def _written() -> int:
    """Bytes that this process gave to write calls so far (sockets and pipes are a small part of them)."""
    lines = Path("/proc/self/io").read_text(encoding="utf-8").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def _real(count: int, repeat: int) -> float:
    cli = shutil.which("pulumi")
    return _by_command([cli], count, repeat) if cli else 0


def _by_command(cli: list[str], count: int, repeat: int) -> float:
    """The median seconds of a no-op `up` of a program on disk; 0 where that size would only take long."""
    if count > _MOST_BY_COMMAND:
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(_PROGRAM.format(count=count), encoding="utf-8")
        run = _runner(cli, folder)
        run("stack", "init", "dev")
        run("up", "--yes", "--skip-preview")
        return statistics.median(run("up", "--yes", "--skip-preview") for _ in range(repeat))


def _runner(cli: list[str], folder: Path) -> Callable[..., float]:
    environment = {
        **os.environ,
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }

    def run(*arguments: str) -> float:
        began = time.perf_counter()
        subprocess.run([*cli, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
        return time.perf_counter() - began

    return run


if __name__ == "__main__":
    main()
