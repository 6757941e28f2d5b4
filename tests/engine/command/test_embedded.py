"""The official Automation API over the embedded engine, with inline programs made of components."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pulumi
import pytest
from pulumi import automation as auto
from pulumi.automation.errors import ConcurrentUpdateError, StackAlreadyExistsError, StackNotFoundError

from engine.backend.api import LockWish
from engine.backend.file import FileBackend
from engine.command import EmbeddedPulumi
from engine.deploy.api import StackId
from engine.secrets import Passphrase
from tests.engine.command.conftest import PASSPHRASE


class Thing(pulumi.ComponentResource):
    """A component without anything in it."""

    def __init__(self, name: str) -> None:
        super().__init__("demo:index:Thing", name)
        self.register_outputs({"name": name})


def program() -> None:
    """Two components, a plain and a secret output."""
    pulumi.info("the program runs")
    Thing("one")
    Thing("two")
    pulumi.export("plain", {"a": [1, 2.5]})
    pulumi.export("hidden", pulumi.Output.secret("hunter2"))


@pytest.fixture
def options(tmp_path, salt):
    def make(**extra) -> auto.LocalWorkspaceOptions:
        (tmp_path / "state").mkdir(exist_ok=True)
        environment = {
            "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(tmp_path / "home"),
            "MF_ENCRYPTION_SALT": salt,
        }
        return auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment, **extra)

    return make


@pytest.fixture
def stack(options) -> auto.Stack:
    return auto.create_stack("dev", project_name="shop", program=program, opts=options())


def test_a_stack_goes_through_its_life(stack, tmp_path):
    assert stack.preview().change_summary == {auto.OpType.CREATE: 3}
    result = stack.up(message="first")
    assert result.summary.resource_changes == {"create": 3}
    assert (result.summary.kind, result.summary.message, result.summary.result) == ("update", "first", "succeeded")
    assert result.outputs["plain"].value == {"a": [1, 2.5]}
    assert (result.outputs["hidden"].value, result.outputs["hidden"].secret) == ("hunter2", True)
    assert stack.up().summary.resource_changes == {"same": 3}
    assert stack.refresh().summary.result == "succeeded"
    assert "hunter2" not in "".join(path.read_text() for path in (tmp_path / "state").rglob("*.json"))
    assert stack.destroy().summary.resource_changes == {"delete": 3}
    stack.workspace.remove_stack("dev")
    assert stack.workspace.list_stacks() == []


def test_lines_stream_and_events_arrive_while_it_runs(stack):
    lines: list[str] = []
    events: list[auto.EngineEvent] = []
    result = stack.up(on_output=lines.append, on_event=events.append)
    assert "\n".join(lines) == result.stdout
    assert lines[0] == "Updating (dev):"
    assert "    the program runs" in lines
    assert "    hidden: [secret]" in lines
    assert "    + 3 created" in lines
    assert [event.sequence for event in events] == list(range(len(events)))
    assert events[-1].cancel_event is not None
    assert sum(event.summary_event is not None for event in events) == 1


def test_config_reaches_the_program_and_secrets_stay_secret(options):
    seen: list[str] = []

    def reads() -> None:
        config = pulumi.Config()
        seen.append(config.require("size"))
        pulumi.export("pw", config.require_secret("pw"))

    stack = auto.create_stack("dev", project_name="shop", program=reads, opts=options())
    stack.set_all_config({"size": auto.ConfigValue("small"), "pw": auto.ConfigValue("hunter2", secret=True)})
    result = stack.up()
    assert seen == ["small"]
    assert result.outputs["pw"].secret
    assert stack.get_all_config()["shop:pw"].secret
    assert stack.history()[0].config["shop:pw"].secret


def test_state_can_be_exported_and_imported(stack):
    stack.up()
    exported = stack.export_stack()
    stack.import_stack(exported)
    assert stack.up().summary.resource_changes == {"same": 3}


def test_a_renamed_stack_goes_on_where_it_was(stack, tmp_path):
    stack.up()
    stack.rename("prod")
    assert stack.up().summary.resource_changes == {"same": 3}
    assert [item.name for item in stack.workspace.list_stacks()] == ["prod"]
    assert "::shop-prod" in (tmp_path / "state/.pulumi/stacks/shop/prod.json").read_text()


def test_expecting_no_changes_fails_where_there_are_some(stack):
    with pytest.raises(auto.CommandError, match="no changes were expected for update but changes were proposed"):
        stack.up(expect_no_changes=True)
    stack.up(expect_no_changes=True)


def test_a_program_that_fails_is_told_and_recorded(options):
    def fails() -> None:
        Thing("one")
        raise ValueError("the cat sat on it")

    stack = auto.create_stack("dev", project_name="shop", program=fails, opts=options())
    with pytest.raises(auto.CommandError, match="the cat sat on it"):
        stack.up()
    assert stack.history()[0].result == "failed"


def test_errors_have_the_classes_that_automation_promises(stack, options, tmp_path):
    with pytest.raises(StackAlreadyExistsError):
        auto.create_stack("dev", project_name="shop", program=program, opts=options())
    with pytest.raises(StackNotFoundError):
        auto.select_stack("qa", project_name="shop", program=program, opts=options())
    held = FileBackend(f"file://{tmp_path / 'state'}").lock(StackId(project="shop", name="dev"), LockWish())
    with held, pytest.raises(ConcurrentUpdateError):
        stack.up()


def test_the_state_in_a_fresh_folder_is_found_by_its_own_salt(stack, options):
    stack.up()
    other = auto.select_stack("dev", project_name="shop", program=program, opts=options())
    other.workspace.env_vars = {**other.workspace.env_vars, "MF_ENCRYPTION_SALT": _foreign_salt()}
    assert other.outputs()["hidden"].value == "hunter2"


def _foreign_salt() -> str:
    return Passphrase.create(lambda: PASSPHRASE).salt


def test_several_stacks_deploy_at_once_in_one_process(options):
    shared = EmbeddedPulumi()
    failures: list[BaseException] = []

    def deploy(number: int) -> None:
        def own() -> None:
            Thing(f"thing-{number}")
            pulumi.export("number", number)

        settings = options()
        settings.pulumi_command = shared
        try:
            stack = auto.create_stack(f"s{number}", project_name="shop", program=own, opts=settings)
            assert stack.up().outputs["number"].value == number
        except BaseException as exc:
            failures.append(exc)
            raise

    threads = [threading.Thread(target=deploy, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_commands_load_without_the_sdk():
    check = "import sys, engine.command, engine.command.main; engine.command.main.find(['up']); print(*sys.modules)"
    root = Path(__file__).resolve().parents[3]
    loaded = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=root).stdout
    assert not [name for name in loaded.split() if name.split(".")[0] in ("pulumi", "grpc", "cryptography", "ruamel")]
