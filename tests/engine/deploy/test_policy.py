"""Policy packs: real ones, in a process of their own and in this one, judge resources and the stack."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from engine.policy.packs import PackRequest
from tests.engine.deploy.stage import Group, Stage, Thing, void

PACK = """
from pulumi_policy import *
import pulumi
from names import forbidden

def no_bad_values(args, report):
    limit = args.get_config().get("limit", 100)
    if args.props.get("value") == forbidden or args.props.get("size", 0) > limit:
        report(f"{args.name} is {args.props.get('value')}")

def lower(args):
    if isinstance(args.props.get("key"), str) and args.props["key"] != args.props["key"].lower():
        return {**args.props, "key": args.props["key"].lower()}

def all_named(args, report):
    seen = sorted(f"{one.name}/{one.resource_type}" for one in args.resources)
    report(f"{pulumi.Config('demo').get('who')} sees {seen}")
    if any(one.name == "worst" for one in args.resources):
        report("worst is there", next(one.urn for one in args.resources if one.name == "worst"))

def crash(args, report):
    if args.name == "crash":
        raise ValueError("this policy is broken")

PolicyPack("house", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("no-bad-values", "Values are good", no_bad_values,
        config_schema=PolicyConfigSchema(properties={"limit": {"type": "integer"}})),
    ResourceValidationPolicy("lower", "Keys are lower case", remediate=lower,
        enforcement_level=EnforcementLevel.REMEDIATE),
    ResourceValidationPolicy("crash", "Crashes", crash),
    StackValidationPolicy("all-named", "Says what it sees", all_named, enforcement_level=EnforcementLevel.ADVISORY),
])
"""


@pytest.fixture(params=["process", "in process"])
def pack(request: Any, tmp_path: Path, stage: Stage) -> PackRequest:
    """The same pack, run either way."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("name: house\nversion: 2.1.0\nruntime: python\n", encoding="utf-8")
    (folder / "__main__.py").write_text(textwrap.dedent(PACK), encoding="utf-8")
    (folder / "names.py").write_text("forbidden = 'bad'\n", encoding="utf-8")
    stage.environment["MF_POLICY_IN_PROCESS"] = "1" if request.param == "in process" else "0"
    return PackRequest(path=folder)


def _found(stage: Stage, kind: str = "policyEvent") -> list[Mapping[str, Any]]:
    return [event[kind] for event in stage.events if kind in event]


def test_mandatory_violation_refuses_the_resource_and_fails_the_update(stage: Stage, pack: PackRequest) -> None:
    def program() -> None:
        first = Thing("fine", value="good")
        Thing("wrong", value="bad", opts=pulumi.ResourceOptions(depends_on=[first]))

    outcome = stage.up(program, policy_packs=(pack,))
    assert not outcome.succeeded
    assert stage.cloud.names("create") == ["fine"]
    assert "'wrong' violates mandatory policies: no-bad-values" in stage.errors()[0]
    (event,) = _found(stage)
    assert event["resourceUrn"].endswith("::wrong")
    assert (event["policyName"], event["enforcementLevel"]) == ("no-bad-values", "mandatory")
    assert (event["policyPackName"], event["policyPackVersion"]) == ("house", "2.1.0")
    assert event["message"] == "Values are good\nwrong is bad"


def test_preview_tells_every_violation_and_fails_at_the_end(stage: Stage, pack: PackRequest) -> None:
    def program() -> None:
        Thing("one", value="bad")
        Thing("two", value="bad")

    assert not stage.preview(program, policy_packs=(pack,)).succeeded
    told = sorted(event["resourceUrn"].rpartition("::")[2] for event in _found(stage))
    assert told == ["one", "two"]
    assert stage.cloud.names("create") == []


def test_remediation_changes_what_the_provider_gets_and_what_is_kept(stage: Stage, pack: PackRequest) -> None:
    def program() -> None:
        Thing("shout", key="LOUD", value=pulumi.Output.secret("hidden"))

    assert stage.up(program, policy_packs=(pack,)).succeeded
    assert stage.resource("shout").inputs["key"] == "loud"
    (event,) = _found(stage, "policyRemediationEvent")
    assert (event["before"]["key"], event["after"]["key"]) == ("LOUD", "loud")
    assert "hidden" not in json.dumps(stage.events)
    assert "Secret" in repr(stage.resource("shout").inputs["value"])
    stage.up(program, policy_packs=(pack,))
    assert stage.cloud.names("update") == []


def test_remediation_also_holds_for_a_replacement(stage: Stage, pack: PackRequest) -> None:
    stage.up(lambda: void(Thing("shout", key="FIRST")), policy_packs=(pack,))
    options = pulumi.ResourceOptions(replace_on_changes=["key"])
    assert stage.up(lambda: void(Thing("shout", key="SECOND", opts=options)), policy_packs=(pack,)).succeeded
    assert stage.resource("shout").inputs["key"] == "second"
    assert len(stage.cloud.names("create")) == 2


def test_stack_policy_sees_all_resources_and_the_config(stage: Stage, pack: PackRequest) -> None:
    from engine.deploy.api import ConfigValue

    stage.config["demo:who"] = ConfigValue("somebody")

    def program() -> None:
        group = Group("group")
        Thing("inside", opts=pulumi.ResourceOptions(parent=group))

    assert stage.up(program, policy_packs=(pack,)).succeeded
    (event,) = _found(stage)
    for seen in ("somebody", "group/cloud:index:Group", "inside/cloud:index:Thing", "demo-dev/pulumi:pulumi:Stack"):
        assert seen in event["message"]
    assert event["enforcementLevel"] == "advisory"


def test_stack_policy_that_is_mandatory_fails_the_update_after_everything_is_made(
    stage: Stage, pack: PackRequest, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"all-named": "mandatory"}), encoding="utf-8")
    request = PackRequest(path=pack.path, config=config)
    assert not stage.up(lambda: void(Thing("worst")), policy_packs=(request,)).succeeded
    assert stage.cloud.names("create") == ["worst"]
    assert [event["resourceUrn"].rpartition("::")[2] for event in _found(stage)] == ["", "worst"]


def test_settings_reach_the_policy(stage: Stage, pack: PackRequest, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"no-bad-values": {"limit": 5, "enforcementLevel": "advisory"}}), encoding="utf-8")
    request = PackRequest(path=pack.path, config=config)
    assert stage.up(lambda: void(Thing("large", size=6)), policy_packs=(request,)).succeeded
    assert [event["enforcementLevel"] for event in _found(stage) if event["policyName"] == "no-bad-values"] == [
        "advisory"
    ]


def test_summary_names_the_packs(stage: Stage, pack: PackRequest) -> None:
    stage.up(lambda: None, policy_packs=(pack,))
    assert stage.events[-1]["summaryEvent"]["PolicyPacks"] == {"house": "2.1.0"}


def test_policy_that_crashes_fails_its_resource_and_names_the_pack(stage: Stage, pack: PackRequest) -> None:
    assert not stage.up(lambda: void(Thing("crash")), policy_packs=(pack,)).succeeded
    assert "house" in stage.errors()[0]
    assert "this policy is broken" in stage.errors()[0]
    assert stage.cloud.names("create") == []


def test_pack_that_cannot_be_loaded_stops_the_update_before_the_program_runs(stage: Stage, pack: PackRequest) -> None:
    (pack.path / "__main__.py").write_text("raise RuntimeError('half written')\n", encoding="utf-8")
    assert not stage.up(lambda: void(Thing("a")), policy_packs=(pack,)).succeeded
    assert stage.cloud.calls == []
    assert "house" in stage.errors()[0]


def test_folder_without_a_pack_is_named(stage: Stage, tmp_path: Path) -> None:
    assert not stage.up(lambda: None, policy_packs=(PackRequest(path=tmp_path),)).succeeded
    assert "is no policy pack: it has no PulumiPolicy.yaml" in stage.errors()[0]


def test_pack_for_another_runtime_is_refused_by_name(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: nodejs\n", encoding="utf-8")
    assert not stage.up(lambda: None, policy_packs=(PackRequest(path=tmp_path),)).succeeded
    assert "needs the runtime 'nodejs'" in stage.errors()[0]
