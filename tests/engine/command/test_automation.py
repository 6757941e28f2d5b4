"""Every method of the Automation API's Stack and LocalWorkspace works on the embedded engine, or is refused by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import automation as auto

import engine.providers
from engine.command import EmbeddedPulumi
from tests.engine.command.conftest import PASSPHRASE
from tests.engine.deploy.cloud import Cloud, CloudProvider


class Thing(pulumi.ComponentResource):
    """A component without anything in it."""

    def __init__(self, name: str) -> None:
        super().__init__("demo:index:Thing", name)
        self.register_outputs({})


def program() -> None:
    """Two components and an output."""
    Thing("one")
    Thing("two")
    pulumi.export("plain", 1)


@pytest.fixture
def settings(tmp_path, salt):
    (tmp_path / "state").mkdir()
    environment = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(tmp_path / "home"),
        "MF_ENCRYPTION_SALT": salt,
    }
    return lambda: auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment)


@pytest.fixture
def stack(settings) -> auto.Stack:
    made = auto.create_stack("dev", project_name="shop", program=program, opts=settings())
    made.set_config("size", auto.ConfigValue("small"))
    made.up()
    return made


Call = Callable[[Any], Any]
REFUSED = "is not supported by the embedded engine"


def _imported(stack: auto.Stack) -> list[str]:
    cloud = Cloud(things={"thing-7": {"value": "there"}})
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    taken: Any = {"type": "cloud:index:Thing", "name": "taken", "id": "thing-7"}
    assert stack.import_resources(resources=[]).generated_code == ""
    assert "cloud.Thing('taken'" in stack.import_resources(resources=[taken], protect=False).generated_code
    resources = dict(stack.export_stack().deployment or {})["resources"]
    return [one["urn"].rpartition("::")[2] for one in resources if one.get("id") == "thing-7"]


def _tagged(stack: auto.Stack) -> str:
    stack.set_tag("team", "red")
    return stack.get_tag("team")


def _round_trip(stack: auto.Stack) -> Any:
    stack.import_stack(stack.export_stack())
    return stack.up().summary.resource_changes


def _drop_config(stack: auto.Stack) -> list[str]:
    stack.set_all_config({"a": auto.ConfigValue("1"), "b": auto.ConfigValue("2", secret=True)})
    stack.remove_all_config(["a", "size"])
    stack.remove_config("b")
    return list(stack.get_all_config())


def _json_config(stack: auto.Stack) -> tuple[str, bool]:
    stack.set_all_config_json('{"shop:a": {"value": "x", "secret": true}}')
    return stack.get_config("a").value, stack.get_config("a").secret


def _refresh_config(stack: auto.Stack) -> str:
    stack.set_config("size", auto.ConfigValue("huge"))
    stack.refresh_config()
    return stack.get_config("size").value


def _renamed(stack: auto.Stack) -> list[str]:
    stack.rename("prod")
    return [one.name for one in stack.workspace.list_stacks()]


def _removed(stack: auto.Stack) -> list[str]:
    stack.destroy()
    stack.workspace.remove_stack("dev")
    return [one.name for one in stack.workspace.list_stacks()]


def _raises(call: Call, words: str) -> Call:
    def check(stack: auto.Stack) -> bool:
        with pytest.raises(auto.CommandError, match=words):
            call(stack)
        return True

    return check


STACK: dict[str, tuple[Call, Any]] = {
    "up": (lambda s: s.up(diff=True, color="never", parallel=2, message="m").summary.resource_changes, {"same": 3}),
    "preview": (lambda s: s.preview(diff=True).change_summary, {auto.OpType.SAME: 3}),
    "refresh": (lambda s: s.refresh(expect_no_changes=True).summary.result, "succeeded"),
    "preview_refresh": (lambda s: isinstance(s.preview_refresh().change_summary, dict), True),
    "destroy": (lambda s: s.destroy().summary.resource_changes, {"delete": 3}),
    "preview_destroy": (lambda s: s.preview_destroy().change_summary, {auto.OpType.DELETE: 3}),
    "rename": (_renamed, ["prod"]),
    "outputs": (lambda s: s.outputs()["plain"].value, 1),
    "history": (lambda s: [one.kind for one in s.history(page_size=1, page=1)], ["update"]),
    "info": (lambda s: s.info().result, "succeeded"),
    "cancel": (lambda s: s.cancel(), None),
    "export_stack": (lambda s: s.export_stack().version, 3),
    "import_stack": (_round_trip, {"same": 3}),
    "get_config": (lambda s: s.get_config("size").value, "small"),
    "set_config": (
        lambda s: s.set_config("l[0]", auto.ConfigValue("x"), path=True) or s.get_config("l").value,
        '["x"]',
    ),
    "get_all_config": (lambda s: {key: one.value for key, one in s.get_all_config().items()}, {"shop:size": "small"}),
    "set_all_config": (_drop_config, []),
    "remove_config": (_drop_config, []),
    "remove_all_config": (_drop_config, []),
    "set_all_config_json": (_json_config, ("x", True)),
    "refresh_config": (_refresh_config, "small"),
    "get_tag": (_tagged, "red"),
    "set_tag": (_tagged, "red"),
    "list_tags": (lambda s: _tagged(s) and s.list_tags()["team"], "red"),
    "remove_tag": (lambda s: _tagged(s) and (s.remove_tag("team"), "team" in s.list_tags())[1], False),
    "add_environments": (_raises(lambda s: s.add_environments("e"), REFUSED), True),
    "list_environments": (_raises(lambda s: s.list_environments(), REFUSED), True),
    "remove_environment": (_raises(lambda s: s.remove_environment("e"), REFUSED), True),
    "import_resources": (_imported, ["taken"]),
}

WORKSPACE: dict[str, tuple[Call, Any]] = {
    "pulumi_version": (lambda s: s.workspace.pulumi_version.split(".")[0], "3"),
    "project_settings": (lambda s: s.workspace.project_settings().name, "shop"),
    "save_project_settings": (lambda s: s.workspace.save_project_settings(s.workspace.project_settings()), None),
    "stack_settings": (lambda s: s.workspace.stack_settings("dev").config["shop:size"], "small"),
    "save_stack_settings": (
        lambda s: (
            s.workspace.save_stack_settings("dev", s.workspace.stack_settings("dev")) or s.get_config("size").value
        ),
        "small",
    ),
    "serialize_args_for_op": (lambda s: s.workspace.serialize_args_for_op("dev"), []),
    "post_command_callback": (lambda s: s.workspace.post_command_callback("dev"), None),
    "who_am_i": (lambda s: bool(s.workspace.who_am_i().user and s.workspace.who_am_i().url), True),
    "org_get_default": (_raises(lambda s: s.workspace.org_get_default(), REFUSED), True),
    "org_set_default": (_raises(lambda s: s.workspace.org_set_default("o"), REFUSED), True),
    "stack": (lambda s: s.workspace.stack().name, "dev"),
    "create_stack": (lambda s: s.workspace.create_stack("qa"), None),
    "select_stack": (_raises(lambda s: s.workspace.select_stack("nope"), "no stack named 'nope' found"), True),
    "remove_stack": (_removed, []),
    "list_stacks": (
        lambda s: [one.name for one in s.workspace.list_stacks(include_all=True)],
        ["dev"],
    ),
    "install": (lambda s: s.workspace.install(), None),
    "new": (_raises(lambda s: s.workspace.new("python"), REFUSED), True),
    "list_plugins": (lambda s: isinstance(s.workspace.list_plugins(), list), True),
    "stack_outputs": (lambda s: s.workspace.stack_outputs("dev")["plain"].secret, False),
}

SAME_AS_THE_STACKS = {
    *("add_environments", "list_environments", "remove_environment", "export_stack", "import_stack"),
    *("get_config", "set_config", "get_all_config", "set_all_config", "remove_config", "remove_all_config"),
    *("set_all_config_json", "refresh_config", "get_tag", "set_tag", "list_tags", "remove_tag"),
}
TRIED_WITH_PLUGINS = {"install_plugin", "install_plugin_from_server", "remove_plugin"}


def _methods(kind: type) -> set[str]:
    own = {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}
    attributes = {"env_vars", "program", "pulumi_command", "pulumi_home", "secrets_provider", "work_dir"}
    return own - attributes - {"create", "select", "create_or_select", "name", "workspace"}


def test_the_tables_miss_no_method():
    assert set(STACK) == _methods(auto.Stack)
    assert set(WORKSPACE) | SAME_AS_THE_STACKS | TRIED_WITH_PLUGINS == _methods(auto.LocalWorkspace)


@pytest.mark.parametrize("method", sorted(STACK))
def test_each_method_of_a_stack(stack, method):
    call, expected = STACK[method]
    assert call(stack) == expected


@pytest.mark.parametrize("method", sorted(WORKSPACE))
def test_each_method_of_a_workspace(stack, method):
    call, expected = WORKSPACE[method]
    assert call(stack) == expected


def test_a_remote_workspace_is_refused_by_name(settings):
    with pytest.raises(auto.CommandError, match="flag --remote is not supported"):
        auto.create_stack("dev", project_name="shop", program=program, opts=settings())._run_pulumi_cmd_sync(
            ["preview", "--remote"]
        )
