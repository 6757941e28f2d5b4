"""What the engine takes from inside the SDK is still there, and every feature of its monitor is accounted for."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import tomllib
from pathlib import Path

import pytest
from pulumi.runtime.proto import resource_pb2

from engine.wire.monitor import FEATURES

LEFT_OUT = {
    "BYTE_STRING": "neither the SDK nor a provider of ours ever sends one",
    "PARAMETERIZATION": "the SDK refuses packages with parameters, and so does the monitor",
    "STATE_MIGRATIONS": "the SDK refuses the option, and so does the monitor",
    "INVOKE_DEPENDS_ON": "the SDK itself does not call while a resource is unknown",
    "INVOKE_PARENT": "what a parent hands down is found without it",
    "INVOKE_OUTPUT_VALUES": "the SDK sends plain values instead",
    "CALL_OUTPUT_VALUES": "the SDK sends plain values instead",
}
"""Features that the monitor may leave out, and why no program comes to harm."""


def test_every_feature_of_the_monitor_is_offered_or_left_out_knowingly():
    prefix = "RESOURCE_MONITOR_FEATURE_"
    known = {name.removeprefix(prefix): number for name, number in resource_pb2.ResourceMonitorFeature.items()}
    missing = {name for name, number in known.items() if number not in FEATURES.values()}
    assert missing <= LEFT_OUT.keys()
    assert LEFT_OUT.keys() <= known.keys()


@pytest.mark.parametrize(
    ("module", "name", "parameters"),
    [
        (
            "pulumi.runtime",
            "Settings",
            ("monitor", "engine", "project", "stack", "organization", "root_directory", "parallel", "dry_run"),
        ),
        ("pulumi.runtime", "configure", ("settings",)),
        ("pulumi.runtime", "set_all_config", ("config", "secret_keys")),
        ("pulumi.runtime", "run_in_stack", ("func",)),
        ("pulumi.runtime.settings", "get_monitor", ()),
        ("pulumi.runtime.settings", "get_engine", ()),
        (
            "pulumi.runtime.settings",
            "reset_options",
            ("project", "stack", "parallel", "engine_address", "monitor_address", "preview", "organization"),
        ),
        ("pulumi.automation._server", "LanguageServer", ("program",)),
        ("pulumi.runtime._callbacks", "_CallbackServicer", ("monitor",)),
    ],
)
def test_what_is_used_of_the_sdk_still_takes_the_same_arguments(module, name, parameters):
    taken = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    assert set(parameters) <= set(taken)


@pytest.mark.parametrize(
    ("module", "name"),
    [("pulumi.runtime.settings", "SETTINGS"), ("pulumi.runtime.settings", "ROOT"), ("pulumi", "RunError")],
)
def test_what_is_used_of_the_sdk_is_still_there(module, name):
    assert hasattr(importlib.import_module(module), name)


def test_sdk_is_the_one_that_all_this_was_written_for():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    (pin,) = [one for one in project["project"]["dependencies"] if one.startswith("pulumi==")]
    assert pin == f"pulumi=={importlib.metadata.version('pulumi')}"
