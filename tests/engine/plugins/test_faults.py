"""A plugin that misbehaves is an error that names it, on its resource; nothing hangs, and nothing of it is left."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pulumi
import pytest

from tests.engine.deploy.stage import Stage
from tests.engine.plugins.conftest import Workshop
from tests.engine.plugins.programs import Cloudy, one

BAD_ANSWERS = {
    "hang up": "broke off during Create: ",
    "refuse": "the cloud is full",
    "garbled": "malformed details: garbled",
    "nameless": "gave a malformed reply to Create (ValueError: it has no id)",
    "nonsense": "gave a malformed reply to Create",
    "unknown": "unknown values outside a preview",
    "wrong kind": "Failed to serialize response",
}


@pytest.mark.parametrize("wish", BAD_ANSWERS)
def test_bad_answer_is_an_error_of_its_resource(stage: Stage, workshop: Workshop, wish: str) -> None:
    workshop.install("cloudy", "1.2.3")
    assert not stage.up(one(wish)).succeeded
    assert BAD_ANSWERS[wish] in stage.errors()[0]
    urns = [event["diagnosticEvent"].get("urn") for event in stage.events if "diagnosticEvent" in event]
    assert "urn:pulumi:dev::demo::cloudy:index:Thing::thing" in urns
    assert not stage.names() and not stage.state.pending
    assert not workshop.alive()


def test_nonsense_is_blamed_on_plugin_version_and_path(stage: Stage, workshop: Workshop) -> None:
    path = workshop.install("cloudy", "1.2.3")
    stage.up(one("nonsense"))
    assert f"plugin cloudy 1.2.3 ({path.parent}) gave a malformed reply to Create" in stage.errors()[0]


def test_wrong_inputs_are_refused_by_the_check(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    assert not stage.up(one("wrong")).succeeded
    assert "it is wrong" in stage.errors()[0]
    assert "Create" not in workshop.calls()


def test_plugin_that_dies_in_a_call_is_named_with_its_last_words(stage: Stage, workshop: Workshop) -> None:
    path = workshop.install("cloudy", "1.2.3")
    began = time.monotonic()
    assert not stage.up(one("die")).succeeded
    assert time.monotonic() - began < 60
    assert f"plugin cloudy 1.2.3 ({path.parent}) broke off during Create" in stage.errors()[0]
    assert "was ended by signal 9: I am done for" in stage.errors()[0]
    assert not workshop.alive()


def test_calls_after_its_death_say_how_it_died(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")

    def program() -> None:
        first = Cloudy("first", value="die")
        Cloudy("second", pulumi.ResourceOptions(depends_on=[first]), value="x")
        Cloudy("third", value="heed")

    assert not stage.up(program, continue_on_error=True).succeeded
    assert all("was ended by signal 9" in error for error in stage.errors()), stage.errors()
    assert len(stage.errors()) == 2


def test_half_made_resource_is_kept_with_the_reasons(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    assert not stage.up(one("half")).succeeded
    kept = stage.resource("thing")
    assert (kept.id, kept.init_errors, kept.outputs) == ("half", ("not ready", "still not"), {"value": "half"})
    assert stage.up(one("half")).succeeded
    assert "Update" in workshop.calls()
    assert stage.resource("thing").init_errors == ()


STARTS = {
    'echo "welcome to the cloud!"; exec sleep 600': "wrote a non-numeric port to stdout ('welcome to the cloud!')",
    'echo "no licence" >&2; exit 3': "exited with code 3: no licence",
    "exec sleep 600": "did not print its port within 5 s",
    "echo 1; exec sleep 600": "cannot be reached: nothing answers at 127.0.0.1:1",
}


@pytest.mark.parametrize("script", STARTS)
def test_plugin_that_does_not_start_is_named(stage: Stage, workshop: Workshop, script: str) -> None:
    path = workshop.install("cloudy", "1.2.3", "/bin/sh", "-c", script)
    stage.environment["MF_PLUGIN_START_SECONDS"] = "5"
    assert not stage.up(one()).succeeded
    assert f"plugin cloudy 1.2.3 ({path.parent})" in stage.errors()[0]
    assert STARTS[script] in stage.errors()[0]
    assert not stage.names()


def test_a_file_that_is_no_program_is_named(stage: Stage, workshop: Workshop) -> None:
    path = workshop.install("cloudy", "1.2.3")
    path.chmod(0o644)
    assert not stage.up(one()).succeeded
    assert f"{path} is no program" in stage.errors()[0]
    path.chmod(0o755)
    path.write_bytes(b"\x7fELF and nothing after it")
    assert not stage.up(one()).succeeded
    assert "did not start: its process exited with code" in stage.errors()[0]


def test_an_empty_folder_is_named(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3").unlink()
    assert not stage.up(one()).succeeded
    assert "neither pulumi-resource-cloudy nor PulumiPlugin.yaml" in stage.errors()[0]


def test_cancelled_call_ends_as_the_plugin_was_told(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    _when(workshop, "Create", stage.cancel.set)
    assert not stage.up(one("heed")).succeeded
    assert "stopped as I was told to" in stage.errors()[0]
    assert not workshop.alive()


@pytest.mark.parametrize("wish", ["hang", "freeze"])
def test_hung_call_ends_with_the_second_cancellation_and_is_noted(stage: Stage, workshop: Workshop, wish: str) -> None:
    workshop.install("cloudy", "1.2.3")
    stage.environment["CLOUDY_DEAF"] = "1"

    def insist() -> None:
        stage.cancel.set()
        time.sleep(0.5)
        stage.terminate.set()

    _when(workshop, "Create", insist)
    began = time.monotonic()
    assert not stage.up(one(wish)).succeeded
    assert time.monotonic() - began < 60
    assert [item.type for item in stage.state.pending] == ["creating"], stage.errors()
    assert not workshop.alive()


def _when(workshop: Workshop, call: str, act: object) -> None:
    """Act as soon as the call has come."""

    def watch() -> None:
        while call not in workshop.calls():
            time.sleep(0.05)
        act()  # type: ignore[operator]  # a callable without arguments

    threading.Thread(target=watch, daemon=True).start()


def test_the_error_of_a_plugin_that_is_nowhere_says_how_to_get_it(stage: Stage, tmp_path: Path) -> None:
    def program() -> None:
        Cloudy("thing", pulumi.ResourceOptions(version="1.2.3", plugin_download_url="https://example.org"))

    assert not stage.up(program).succeeded
    (error,) = stage.errors()
    assert (
        "no resource plugin 'pulumi-resource-cloudy' found in the workspace at version v1.2.3 or on your $PATH" in error
    )
    assert "`pulumi plugin install resource cloudy v1.2.3 --server https://example.org`" in error
    assert str(tmp_path / "home" / "plugins" / "resource-cloudy-v1.2.3") in error
