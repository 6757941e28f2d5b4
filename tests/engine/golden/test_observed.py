"""What the real Pulumi was seen to do, stated by hand: an oracle that no golden file can drift away from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import automation as auto

import engine.providers
from engine.command import EmbeddedPulumi
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Group, Thing
from tests.engine.golden.behaviour import Behaviour, Move, destroy, up
from tests.engine.golden.play import PASSPHRASE
from tests.engine.golden.regenerate import BEHAVIOURS, on_embedded

Moves = list[dict[str, Any]]
Play = Callable[[str], Moves]


@pytest.fixture
def play(tmp_path: Path, salt: str) -> Play:
    """Plays a behaviour by name."""
    return lambda name: list(on_embedded(BEHAVIOURS[name], tmp_path, salt)["moves"])


def _calls(move: dict[str, Any], *kinds: str) -> list[tuple[str, str]]:
    named = [(one["call"], one.get("of", "").rpartition("::")[2]) for one in move["calls"]]
    return [one for one in named if not kinds or one[0] in kinds]


def _state(move: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["urn"].rpartition("::")[2]: one for one in move["state"]["resources"]}


def test_4_11_a_preview_of_a_replaced_resource_answers_unknown_so_dependents_may_show_more(play: Play) -> None:
    _, preview, real = play("replace_deletes_dependents_first")
    (asked,) = [one for one in preview["calls"] if one["call"] == "preview_create" and one["of"].endswith("::b")]
    assert asked["inputs"] == {"key": "<unknown>"}
    assert preview["changes"]["replace"] >= real["changes"]["replace"]


def test_4_12_dependents_of_a_failed_replacement_are_deleted_a_second_time(play: Play) -> None:
    _, failed, _, rerun = play("rerun_after_failed_replacement")
    assert _calls(failed, "delete") == [("delete", "c"), ("delete", "b"), ("delete", "a")]
    assert _calls(rerun, "delete") == [("delete", "c"), ("delete", "b")], "the resource itself is not"


def test_11_4_a_failed_replacement_keeps_the_resource_and_its_dependents_as_pending(play: Play) -> None:
    _, failed, *_ = play("rerun_after_failed_replacement")
    assert failed["exit"] != 0
    assert [name for name, one in _state(failed).items() if one.get("pendingReplacement")] == ["a", "b", "c"]


def test_4_14_a_retained_resource_leaves_the_state_without_a_delete(play: Play) -> None:
    *_, dropped = play("retain_on_delete")
    assert _calls(dropped, "delete") == []
    assert "a" not in _state(dropped)
    assert dropped["exit"] == 0


def test_4_14_a_protected_delete_is_an_error_and_the_others_go(play: Play) -> None:
    _, _, dropped, destroyed = play("protected_delete")
    assert dropped["exit"] != 0 and destroyed["exit"] != 0
    assert _calls(dropped, "delete") == [("delete", "b")]
    assert set(_state(dropped)) == {"demo-dev", "default", "a"}
    assert any("protect" in line for line in dropped["told"])


def test_4_15_read_gets_the_programs_properties_twice(play: Play) -> None:
    preview, *_ = play("read")
    (asked,) = [one for one in preview["calls"] if one["call"] == "read"]
    assert asked["inputs"] == asked["outputs"] == {"hint": "h"}
    assert asked["id"] == "thing-7"


def test_4_19_a_provider_is_checked_then_configured_before_resources(play: Play) -> None:
    first, *_ = play("same")
    assert _calls(first)[:3] == [("check_config", "default"), ("configure", ""), ("check", "a")]


def test_4_28_a_failed_create_leaves_no_entry(play: Play) -> None:
    _, failed, _ = play("failed_create")
    assert set(_state(failed)) == {"demo-dev", "default", "old", "a"}
    assert "pending" not in failed["state"]
    assert failed["exit"] != 0


def test_4_27_a_half_made_resource_is_updated_next_time_though_nothing_changed(play: Play) -> None:
    half, _, again = play("half_made_resource")
    assert (_state(half)["a"]["id"], _state(half)["a"]["initErrors"]) == ("a-9", ["not ready yet"])
    assert _calls(again, "create", "update", "delete") == [("update", "a")]
    assert "initErrors" not in _state(again)["a"]


def test_4_35_a_stack_a_component_and_two_customs_are_four_creates(tmp_path: Path, salt: str) -> None:
    def program() -> None:
        group = Group("g")
        Thing("a", pulumi.ResourceOptions(parent=group))
        Thing("b", pulumi.ResourceOptions(parent=group))

    def moves() -> list[Move]:
        """Not one of the goldens."""
        return [up(program), destroy()]

    counted = on_embedded(Behaviour(name="counts", facts="4.35", moves=moves, unordered=True), tmp_path, salt)
    assert counted["moves"][0]["changes"] == {"create": 4}


def test_3_3_a_versioned_default_provider_holds_an_internal_object(play: Play) -> None:
    first, *_ = play("default_provider_of_another_version")
    provider = _state(first)["default_1_2_3"]
    assert provider["inputs"] == {"__internal": {}, "version": "1.2.3"}
    assert provider["outputs"] == {"version": "1.2.3"}


def test_11_1_the_state_of_a_small_program(tmp_path: Path, salt: str) -> None:
    """Order, keys and secrets as the real command wrote them."""

    class Demo(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("demo:index:C", "hi", {"a": "x"})
            child = pulumi.ResourceOptions(parent=self, additional_secret_outputs=["tok"])
            self.child = Thing("hi-r", child, b=pulumi.Output.secret("hunter2"), tok="t")
            self.register_outputs({"done": True})

    def program() -> None:
        timeouts = pulumi.CustomTimeouts(create="5m")
        demo = Demo()
        Thing("prot", pulumi.ResourceOptions(protect=True, depends_on=[demo], custom_timeouts=timeouts), value=1)
        pulumi.export("text", pulumi.StringAsset("hello"))
        pulumi.export("hidden", pulumi.Output.secret("hunter2"))
        pulumi.export("whole", demo.child)

    cloud = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    environment = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "MF_ENCRYPTION_SALT": salt,
    }
    options = auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment)
    done = auto.create_stack("dev", project_name="demo", program=program, opts=options).up()
    assert done.summary.resource_changes == {"create": 4}
    tree = json.loads((tmp_path / ".pulumi/stacks/demo/dev.json").read_text(encoding="utf-8"))
    assert tree["version"] == 3
    assert tree["checkpoint"]["stack"] == "organization/demo/dev"
    _judge_deployment(tree["checkpoint"]["latest"])


def _judge_deployment(latest: dict[str, Any]) -> None:
    assert latest["metadata"] == {}
    assert "pending_operations" not in latest
    stack, component, provider, child, protected = latest["resources"]
    assert stack["type"] == "pulumi:pulumi:Stack"
    assert {"text", "hash"} <= stack["outputs"]["text"].keys()
    assert "ciphertext" in stack["outputs"]["hidden"] and "hunter2" not in json.dumps(latest)
    assert (component["custom"], component["inputs"], component["outputs"]) == (False, {"a": "x"}, {"done": True})
    assert component["parent"] == stack["urn"] and not {"id", "provider"} & component.keys()
    assert provider["urn"].endswith("::pulumi:providers:cloud::default") and len(provider["id"]) == 36
    assert not {"inputs", "outputs", "parent"} & provider.keys()
    assert child["urn"].endswith("::demo:index:C$cloud:index:Thing::hi-r")
    assert child["additionalSecretOutputs"] == ["tok"] and "ciphertext" in child["outputs"]["tok"]
    assert child["propertyDependencies"] == {"b": [], "tok": []}
    assert child["provider"] == f"{provider['urn']}::{provider['id']}"
    assert child["created"] == child["modified"]
    assert (protected["protect"], protected["dependencies"]) == (True, [child["urn"]]), "components are expanded"
    assert protected["customTimeouts"] == {"create": 300}
