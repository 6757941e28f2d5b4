"""A policy pack in a process of its own, as Pulumi runs it: its own interpreter, its own modules."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Mapping

from engine.plugins.process import Launch, Process
from engine.plugins.provider import start_seconds
from engine.policy.folder import PackFolder
from engine.policy.model import Analyzer, Surroundings
from engine.provider_api import Host, Severity


def start(pack: PackFolder, around: Surroundings, host: Host) -> Analyzer:
    """Start the pack's process; closing the analyzer ends it."""
    from engine.wire.analyzer import AnalyzerClient, asking
    from engine.wire.plugin.connection import Connection
    from engine.wire.plugin.engine_log import EngineLog

    label = f"policy pack {pack.name} ({pack.path})"
    patience = start_seconds(host.environment)
    with contextlib.ExitStack() as undo:
        log = EngineLog(host)
        undo.callback(log.close)
        process = Process(
            Launch(
                label=label,
                command=[pack.python, "-u", "-m", "pulumi.policy", log.address, str(pack.program)],
                directory=pack.path,
                environment=_environment(around, host.environment),
                patience=patience,
                heard=lambda line, _is_error: host.log(Severity.INFO, line),
            )
        )
        undo.callback(process.stop)
        connection = Connection(
            f"127.0.0.1:{process.port}", label, functools.partial(process.ending, 0.5), patience=patience
        )
        undo.callback(connection.close)
        process.on_end(connection.close)
        client = AnalyzerClient(asking(connection, label), name=pack.name, version=pack.version)
        client.release = undo.pop_all().close
        return client


def _environment(around: Surroundings, inherited: Mapping[str, str]) -> dict[str, str]:
    return {
        **inherited,
        "PULUMI_PROJECT": around.project,
        "PULUMI_STACK": around.stack,
        "PULUMI_ORGANIZATION": around.organization,
        "PULUMI_DRY_RUN": "true" if around.preview else "false",
        "PULUMI_CONFIG": json.dumps(dict(around.config)),
    }
