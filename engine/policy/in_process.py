"""A policy pack in this very process: no interpreter to start, for packs that are trusted not to disturb it.

`pulumi_policy` has no public way to this: its PolicyPack starts a server and never returns. What it would serve is
therefore caught on its way to that server, and asked directly.
"""

from __future__ import annotations

import contextvars
import os
import runpy
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from engine.errors import EngineError
from engine.policy.folder import PackFolder
from engine.policy.model import Analyzer, Surroundings

_loading: Final = threading.Lock()
_READ_BY_THE_SDK: Final = ("PULUMI_PROJECT", "PULUMI_STACK", "PULUMI_DRY_RUN")


def load(pack: PackFolder, around: Surroundings) -> Analyzer:
    """Run the pack's program and take its policies."""
    from engine.wire.analyzer import AnalyzerClient

    label = f"policy pack {pack.name} ({pack.path})"
    # One thread and one context: the SDK's settings, which every analysis writes, stay in there.
    thread = ThreadPoolExecutor(1, thread_name_prefix="policy")
    context = contextvars.copy_context()
    try:
        servicer = thread.submit(context.run, _servicer, pack, around, label).result()
    except BaseException:
        thread.shutdown()
        raise

    def call(method: str, request: Any) -> Any:
        return thread.submit(context.run, _asked, servicer, (method, request, label)).result()

    client = AnalyzerClient(call, name=pack.name, version=pack.version)
    client.release = thread.shutdown
    return client


def _asked(servicer: Any, what: tuple[str, Any, str]) -> Any:
    from engine.wire.plugin.faults import NotDone

    method, request, label = what
    if method in ("Cancel", "Handshake"):
        raise NotDone(f"{label} does not do {method}")
    try:
        return getattr(servicer, method)(request, None)
    except Exception as exc:
        raise EngineError(f"{label} failed during {method}: {type(exc).__name__}: {exc}") from exc


def _servicer(pack: PackFolder, around: Surroundings, label: str) -> Any:
    from pulumi.runtime import set_all_config

    from engine.wire.analyzer import intercepted

    set_all_config(dict(around.config), list(around.secret_keys))
    with _loading:
        servicer = intercepted(lambda: _run(pack, label))
    if servicer is None:
        raise EngineError(f"{label} makes no PolicyPack")
    return servicer


def _run(pack: PackFolder, label: str) -> None:
    before, path = set(sys.modules), list(sys.path)
    with _without(os.environ):
        try:
            runpy.run_path(str(pack.program), run_name="__main__")
        except SystemExit as exc:
            raise EngineError(f"{label} ended the program by itself (exit {exc.code})") from exc
        except Exception as exc:
            raise EngineError(f"{label} cannot be loaded: {type(exc).__name__}: {exc}") from exc
        finally:
            sys.path[:] = path
            # Another pack may have modules of the same names.
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", "") or "").startswith(str(pack.path)):
                    del sys.modules[name]


@contextmanager
def _without(environment: Any) -> Iterator[None]:
    """No project and stack in the environment, where the SDK would make settings without a monitor of them."""
    held: Mapping[str, str] = {name: environment.pop(name) for name in _READ_BY_THE_SDK if name in environment}
    try:
        yield
    finally:
        environment.update(held)
