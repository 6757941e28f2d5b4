"""`import` takes resources that exist over into a stack, and shows the code that a program needs for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import engine.providers
from tests.engine.command.conftest import CommandLine
from tests.engine.deploy.cloud import Cloud, CloudProvider

THING = "cloud:index:Thing"


@pytest.fixture
def cloud() -> Cloud:
    made = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(made, host))
    made.things["x-1"] = {"value": "there", "otherValue": 3.0}
    made.things["x-2"] = {"value": "too"}
    return made


def resources(dev: CommandLine) -> dict[str, Any]:
    assert dev("stack", "export") == 0
    held = json.loads(dev.text)["deployment"].get("resources") or ()
    return {one["urn"].rpartition("::")[2]: one for one in held}


def test_resource_is_imported_protected_and_its_code_is_shown(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "my-thing", "x-1", "--yes") == 0, dev.text + dev.complaint
    assert "Please copy the following code into your Pulumi application." in dev.text
    assert "marked as protected" in dev.text
    code = dev.text[dev.text.index("import pulumi\n") :]
    assert code.startswith("import pulumi\nimport pulumi_cloud as cloud\n")
    assert 'my_thing = cloud.Thing("my-thing"' in code.replace("'", '"')
    assert "other_value=3" in code
    kept = resources(dev)
    assert list(kept) == ["shop-dev", "default", "my-thing"]
    assert kept["my-thing"]["protect"] is True
    assert kept["my-thing"]["id"] == "x-1"
    assert "importID" not in kept["my-thing"]
    assert kept["my-thing"]["inputs"] == {"value": "there", "otherValue": 3}
    assert cloud.changes() == []
    assert dev("stack", "history", "--json") == 0
    assert json.loads(dev.text)[0]["kind"] == "resource-import"


def test_program_that_has_the_code_finds_nothing_to_change(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "a", "x-2", "--yes", "--protect=false", "--skip-preview") == 0, dev.complaint
    assert "protect" not in dev.text
    (dev.directory / "__main__.py").write_text(
        "import pulumi\n"
        f"class Thing(pulumi.CustomResource):\n"
        f"    def __init__(self, name, **inputs):\n"
        f"        super().__init__('{THING}', name, inputs)\n"
        "Thing('a', value='too')\n"
    )
    assert dev("up", "--yes", "--skip-preview", "--expect-no-changes") == 0, dev.text + dev.complaint


def test_preview_changes_nothing(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "a", "x-1", "--preview-only") == 0, dev.complaint
    assert resources(dev) == {}
    assert cloud.names("read") == ["a"]


def test_what_is_there_already_is_not_imported_again(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "a", "x-1", "--yes") == 0
    before = resources(dev)
    assert dev("import", THING, "a", "x-1", "--yes") == 0, dev.text + dev.complaint
    assert resources(dev) == before
    assert dev("import", THING, "a", "x-2", "--yes") != 0
    assert "already exists" in dev.text + dev.complaint


def test_what_does_not_exist_is_an_error(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "a", "nobody", "--yes") != 0
    assert "resource 'nobody' does not exist" in dev.text + dev.complaint
    assert "a" not in resources(dev)


def test_file_names_many_resources_and_their_parents(dev: CommandLine, cloud: Cloud) -> None:
    listed = [
        {"type": THING, "name": "child", "id": "x-1", "parent": "group"},
        {"type": "cloud:index:Group", "name": "group", "component": True},
        {"type": THING, "name": "other", "id": "x-2", "logicalName": "another"},
    ]
    group = "urn:pulumi:dev::shop::cloud:index:Group::group"
    content = {"nameTable": {"group": group}, "resources": listed}
    (dev.directory / "list.json").write_text(json.dumps(content))
    assert dev("import", "--file", "list.json", "--yes", "--generate-code=false") == 0, dev.text + dev.complaint
    kept = resources(dev)
    assert kept["child"]["parent"] == group
    assert kept["group"]["custom"] is False
    assert kept["another"]["id"] == "x-2"
    assert "Please copy" not in dev.text


def test_code_can_go_to_a_file(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", THING, "a", "x-1", "--yes", "--out", "found.py") == 0, dev.complaint
    compile((dev.directory / "found.py").read_text(), "found.py", "exec")


def test_missing_words_and_bad_specs_are_told(dev: CommandLine, cloud: Cloud) -> None:
    assert dev("import", "--yes") != 0
    assert "missing type, name, and id" in dev.complaint
    assert dev("import", THING, "a", "--yes") != 0
    assert "missing id" in dev.complaint
    assert dev("import", THING, "a", "x-1", "--yes", "--parent", "nonsense") != 0
    assert "name=urn" in dev.complaint
    assert dev("import", THING, "a", "x-1", "--yes", "--parent", "p=urn:pulumi:dev::shop::a:b:C::p") != 0
    assert "unknown parent" in dev.text + dev.complaint
