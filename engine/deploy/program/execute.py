"""The process in which a program on disk runs; needs nothing but the Pulumi SDK of the program's own interpreter."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_TOLD_ALREADY = 32


def main() -> int:
    """Run the program that the arguments name; the result is the exit code."""
    options = _options()
    program = Path(options.program).absolute()
    # What Python put first is the folder of this script, whose modules the program must not see.
    sys.path[0] = str(program if program.is_dir() else program.parent)
    if importlib.util.find_spec("pulumi") is None:
        print("It looks like the Pulumi SDK has not been installed. Have you run pip install?", flush=True)
        return 1
    _configure(options)
    sys.argv = [options.program]
    return _run(str(program), options.parallel)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "project", "stack", "organization", "root", "dry-run"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("program")
    return parser.parse_args()


class _Engine:
    """The engine's log without debug lines: the SDK writes several for each resource, and waits for each of them."""

    def __init__(self, address: str) -> None:
        import grpc
        from pulumi.runtime.proto import engine_pb2_grpc

        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def Log(self, request: Any) -> Any:
        from google.protobuf.empty_pb2 import Empty

        return self._stub.Log(request) if request.severity > 0 else Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:
        return self._stub.RequirePulumiVersion(request)


def _configure(options: argparse.Namespace) -> None:
    from pulumi import runtime

    keys = json.loads(os.environ.pop("PULUMI_CONFIG_SECRET_KEYS", "[]"))
    runtime.set_all_config(json.loads(os.environ.pop("PULUMI_CONFIG", "{}")), keys)
    runtime.configure(
        runtime.Settings(
            monitor=options.monitor,
            engine=_Engine(options.monitor),
            project=options.project,
            stack=options.stack,
            organization=options.organization,
            root_directory=options.root,
            parallel=options.parallel,
            dry_run=options.dry_run == "true",
        )
    )


def _run(program: str, parallel: int) -> int:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(parallel, 1) * 4)
    loop.set_default_executor(executor)
    # Tasks that fail as well once the first failure was told would only repeat it.
    loop.set_exception_handler(lambda *_: None)
    try:
        return _outcome(loop, program)
    finally:
        executor.shutdown()
        # Tasks that the program has left behind are dropped: nothing promises that they end when they are cancelled.
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()


def _outcome(loop: asyncio.AbstractEventLoop, program: str) -> int:
    import pulumi
    from pulumi import log
    from pulumi.runtime import run_in_stack

    def start() -> None:
        runpy.run_path(program, run_name="__main__")

    if Path(program).is_dir() and not Path(program, "__main__.py").is_file():
        log.error(f"unable to find main python program `__main__.py` in `{program}`")
        return _TOLD_ALREADY
    try:
        loop.run_until_complete(run_in_stack(start))
    except pulumi.RunError as error:
        log.error(str(error))
        return 1
    except SystemExit as leaving:
        return _exit_code(leaving)
    except Exception:  # noqa: BLE001 - the outermost layer of the program's process
        log.error("Program failed with an unhandled exception:\n" + _own_part(traceback.format_exc(), program))
        return _TOLD_ALREADY
    return 0


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    print(leaving.code, file=sys.stderr)
    return 1


def _own_part(trace: str, program: str) -> str:
    """The trace without what lies before the program's first line."""
    lines = trace.splitlines()
    starts = [index for index, line in enumerate(lines) if line.startswith("  File ") and program in line]
    return "\n".join([lines[0], *lines[starts[0] :]] if starts else lines)


if __name__ == "__main__":
    sys.exit(main())
