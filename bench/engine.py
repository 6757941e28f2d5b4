"""How long an update takes that changes nothing: the embedded engine beside the real CLI, in one run.

    python -m bench.engine [--sizes 2,50,1000] [--repeat 3]

Each size is a program of components; the embedded engine is measured with the real SDK around it, from the request
to the saved state. Where `pulumi` is on PATH the same program runs there, and the ratio is printed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

import engine.deploy
from engine.deploy.api import InlineProgram, Operation, Outcome, Ports, StackId, Update
from engine.inline import direct
from engine.state.model import Deployment

_PROGRAM = """\
import pulumi

class Part(pulumi.ComponentResource):
    def __init__(self, name, size):
        super().__init__("bench:index:Part", name, {{"size": size}})
        self.register_outputs({{"size": size}})

for index in range({count}):
    Part(f"part{{index}}", index)
"""


class Part(pulumi.ComponentResource):
    """The resource of the benchmark."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__("bench:index:Part", name, {"size": size})
        self.register_outputs({"size": size})


def main() -> None:
    """Print one line a size."""
    options = _options()
    print(f"{'resources':>9}  {'create s':>8}  {'no-op s':>8}  {'µs each':>8}  {'pulumi s':>8}  {'ratio':>6}")
    for count in options.sizes:
        created, unchanged = _embedded(count, options.repeat)
        theirs = _real(count, options.repeat)
        real = f"{theirs:8.2f}  {unchanged / theirs:6.3f}" if theirs else f"{'absent':>8}  {'-':>6}"
        print(f"{count:>9}  {created:8.3f}  {unchanged:8.3f}  {unchanged / count * 1e6:8.0f}  {real}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[2, 50, 1000])
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args()


def _embedded(count: int, repeat: int) -> tuple[float, float]:
    def program() -> None:
        for index in range(count):
            Part(f"part{index}", index)

    state = Deployment()
    times = []
    for _ in range(repeat + 1):
        began = time.perf_counter()
        outcome = _up(program, state)
        times.append(time.perf_counter() - began)
        if not outcome.succeeded:
            raise SystemExit(f"the update of {count} resources failed: {outcome.error}")
        state = outcome.deployment
    return times[0], statistics.median(times[1:])


def _up(program: Callable[[], None], state: Deployment) -> Outcome:
    with _hosted(direct(program)) as address:
        update = Update(
            operation=Operation.UP,
            stack=StackId(project="bench", name="dev"),
            base=state,
            program=InlineProgram(address=address),
            directory=Path.cwd(),
        )
        ports = Ports(save=lambda _: None, emit=lambda _: None, cancel=threading.Event())
        return engine.deploy.run(update, ports)


@contextmanager
def _hosted(program: Callable[[], None]) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


def _real(count: int, repeat: int) -> float:
    """The median seconds of a no-op `pulumi up` of the same program; 0 where there is no pulumi."""
    cli = shutil.which("pulumi")
    if cli is None:
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (folder / "__main__.py").write_text(_PROGRAM.format(count=count))
        environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

        def run(*arguments: str) -> float:
            began = time.perf_counter()
            subprocess.run([cli, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
            return time.perf_counter() - began

        run("stack", "init", "dev")
        run("up", "--yes", "--skip-preview")
        return statistics.median(run("up", "--yes", "--skip-preview") for _ in range(repeat))


if __name__ == "__main__":
    main()
