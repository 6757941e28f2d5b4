"""A plugin's life: what it is asked, in which order, by which process, and that nothing of it is left."""

from __future__ import annotations

import pulumi

from engine.deploy.api import ConfigValue
from tests.engine.deploy.stage import Stage
from tests.engine.plugins.conftest import Workshop
from tests.engine.plugins.programs import one


def test_calls_come_in_pulumis_order(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    assert stage.up(one()).succeeded, stage.errors()
    assert workshop.calls() == [
        "Handshake",
        "GetPluginInfo",
        "CheckConfig",
        "Configure",
        "Check",
        "Create",
        "Cancel",
    ]
    assert stage.resource("thing").outputs == {"value": "x", "made": "yes"}
    assert stage.resource("demo-dev").outputs == {"made": "yes"}
    assert not workshop.alive()


def test_each_update_and_preview_has_a_process_of_its_own(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    stage.preview(one())
    stage.up(one())
    stage.up(one("y"))
    stage.refresh()
    stage.destroy()
    assert not stage.names()
    assert len({note["pid"] for note in workshop.notes()}) == 5
    assert not workshop.alive()


def test_settings_come_as_texts_and_as_values(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    stage.config["cloudy:region"] = ConfigValue("north")
    stage.config["cloudy:token"] = ConfigValue("hush", secret=True)
    stage.config["other:key"] = ConfigValue("no business of the plugin's")
    assert stage.up(one()).succeeded, stage.errors()
    (request,) = [note["request"] for note in workshop.notes() if note["call"] == "Configure"]
    assert request["variables"] == {"cloudy:config:region": "north", "cloudy:config:token": "hush"}
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}
    assert request["args"] == {"region": "north", "token": secret}
    (checked,) = [note["request"] for note in workshop.notes() if note["call"] == "CheckConfig"]
    assert checked["news"] == {"region": "north", "token": "hush"}


def test_a_plugin_from_before_handshakes_gets_no_secrets_and_no_previews(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    stage.environment["CLOUDY_OLD"] = "1"
    assert stage.preview(one(lambda: pulumi.Output.secret("hush"))).succeeded, stage.errors()
    assert stage.up(one(lambda: pulumi.Output.secret("hush"))).succeeded, stage.errors()
    assert workshop.calls().count("Create") == 1
    (request,) = [note["request"] for note in workshop.notes() if note["call"] == "Create"]
    assert request["properties"] == {"value": "hush"}
    assert repr(stage.resource("thing").outputs["value"]) == "Secret(…)"


def test_what_a_plugin_says_reaches_the_user(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloudy", "1.2.3")
    assert stage.up(one("talk")).succeeded, stage.errors()
    lines = [event["diagnosticEvent"] for event in stage.events if "diagnosticEvent" in event]
    said = {(line["severity"], line["message"].strip()) for line in lines}
    assert {("info", "a line on stdout"), ("info", "a line on stderr"), ("warning", "a warning")} <= said
