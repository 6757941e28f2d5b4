"""Attach mode: a plugin that runs already is greeted and used, and goes on running."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

import engine.providers
from tests.engine.deploy.stage import Stage
from tests.engine.plugins.conftest import CLOUDY, Workshop
from tests.engine.plugins.programs import one


@pytest.fixture
def port(workshop: Workshop) -> Iterator[int]:
    """The port of a cloudy plugin that somebody else started."""
    environment = {**os.environ, "CLOUDY_LOG": str(workshop.log)}
    with subprocess.Popen([sys.executable, CLOUDY], stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        yield int(running.stdout.readline())
        assert running.poll() is None
        running.kill()


def test_an_attached_plugin_is_used_before_all_others(stage: Stage, workshop: Workshop, port: int) -> None:
    engine.providers.register("cloudy", "nowhere:Nobody")
    stage.environment["PULUMI_DEBUG_PROVIDERS"] = f"other:1,cloudy:{port}"
    assert stage.preview(one("talk")).succeeded, stage.errors()
    assert stage.up(one("talk")).succeeded, stage.errors()
    assert workshop.calls()[:4] == ["Handshake", "Attach", "GetPluginInfo", "CheckConfig"]
    greeting, attached = (note["request"] for note in workshop.notes()[:2])
    assert set(greeting) == {"engineAddress", "invokeWithPreview"}
    assert attached["address"] == greeting["engineAddress"]
    assert "Cancel" not in workshop.calls()
    lines = [one["diagnosticEvent"]["message"].strip() for one in stage.events if "diagnosticEvent" in one]
    assert "a warning" in lines


def test_a_port_where_nobody_answers_is_named(stage: Stage) -> None:
    stage.environment |= {"PULUMI_DEBUG_PROVIDERS": "cloudy:1", "MF_PLUGIN_START_SECONDS": "1"}
    assert not stage.up(one()).succeeded
    assert "plugin cloudy (127.0.0.1:1) cannot be reached" in stage.errors()[0]


@pytest.mark.parametrize("text", ["cloudy", "cloudy:", "cloudy:x", "cloudy:99999"])
def test_what_is_no_port_is_refused(stage: Stage, text: str) -> None:
    stage.environment["PULUMI_DEBUG_PROVIDERS"] = text
    assert not stage.up(one()).succeeded
    assert f"PULUMI_DEBUG_PROVIDERS is '{text}'" in stage.errors()[0]
