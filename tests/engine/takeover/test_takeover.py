"""A stack of the real command goes on here, and one of ours there: no changes, and nothing of the state is lost."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError, PulumiCommand

import engine.providers
from engine.command import EmbeddedPulumi
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Thing, hosted
from tests.engine.golden.recorder import Recording
from tests.engine.golden.wire_server import serving
from tests.engine.takeover.written import PASSPHRASE, SECRET, Sealer, Written, latest, resources, thing


def program() -> None:
    """What the written state came of."""
    plain = Thing("plain", value=1)
    Thing("secret", value=pulumi.Output.secret(SECRET))
    Thing("user", value=plain.made)
    pulumi.export("made", plain.made)
    pulumi.export("word", pulumi.Output.secret(SECRET))


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    """One key for all tests."""
    return Sealer()


@pytest.fixture
def written(sealer: Sealer) -> Written:
    """An ordinary stack."""
    return Written(sealer=sealer, resources=resources(sealer))


class Hands:
    """Runs commands of either engine on the folder."""

    def __init__(self, folder: Path, cloud: Cloud, **extra: str) -> None:
        self.folder = folder
        self.cloud = cloud
        self.extra = extra

    def run(self, command: PulumiCommand, *argv: str, with_program: bool = True) -> str:
        """Run a command; what it printed."""
        words = [*argv, "--stack", "dev"]
        if not with_program:
            return self._do(command, words)
        with hosted(program) as address:
            return self._do(command, [*words, "--client", address, "--exec-kind", "auto.inline"])

    def _do(self, command: PulumiCommand, words: list[str]) -> str:
        environment = {
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PATH": os.environ["PATH"],
            **self.extra,
        }
        return command.run(words, str(self.folder / "project"), environment).stdout


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    """The things of the written state are there."""
    cloud = Cloud()
    cloud.things = {"plain-1": {"value": 1}, "secret-1": {"value": SECRET}, "user-1": {"value": "plain-1"}}
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    return Hands(tmp_path, cloud)


def test_a_written_stack_is_taken_over_without_changes_and_keeps_all_it_held(written: Written, hands: Hands) -> None:
    written.resources[2]["somethingNew"] = {"kept": [1, 2]}
    written.deployment["somethingElse"] = {"kept": True}
    before = copy.deepcopy(written.resources)
    written.put(hands.folder)
    ours = EmbeddedPulumi()
    hands.run(ours, "preview", "--expect-no-changes")
    hands.run(ours, "up", "--yes", "--skip-preview", "--expect-no-changes")
    assert hands.cloud.changes() == []
    after = latest(hands.folder)
    assert after["somethingElse"] == {"kept": True}
    held = {one["urn"]: one for one in after["resources"]}
    for one in before:
        assert held[one["urn"]] == one, "cipher texts, times and unknown keys included"
    assert SECRET not in (hands.folder / "state/.pulumi/stacks/demo/dev.json").read_text(encoding="utf-8")


def test_outputs_and_list_of_a_written_stack_are_readable(written: Written, hands: Hands) -> None:
    written.put(hands.folder)
    assert '"word": "hunter2"' in hands.run(
        EmbeddedPulumi(), "stack", "output", "--json", "--show-secrets", with_program=False
    )


def _no_times(written: Written) -> None:
    for one in written.resources:
        one.pop("created", None)
        one.pop("modified", None)


def _no_metadata(written: Written) -> None:
    written.deployment.clear()


def _no_property_dependencies(written: Written) -> None:
    for one in written.resources:
        one.pop("propertyDependencies", None)


def _nulls(written: Written) -> None:
    written.resources[2] |= {"initErrors": None, "aliases": None, "dependencies": None, "customTimeouts": None}
    written.deployment["pending_operations"] = None


def _empty_version(written: Written) -> None:
    written.version = ""
    written.manifest = {"magic": ""}


def _plugins(written: Written) -> None:
    written.manifest = {"plugins": [{"name": "cloud", "path": "/x", "type": "resource", "version": "1.0.0"}]}


def _deleted_twin(written: Written) -> None:
    twin = thing("plain", inputs={"value": 0}, outputs={"value": 0, "made": "plain-0"}, delete=True)
    written.resources.append({**twin, "id": "plain-0"})


@pytest.mark.parametrize(
    "change",
    [_no_times, _no_metadata, _no_property_dependencies, _nulls, _empty_version, _plugins],
    ids=lambda change: change.__name__.strip("_"),
)
def test_older_and_sparser_states_are_taken_over_without_changes(
    change: Callable[[Written], None], written: Written, hands: Hands
) -> None:
    change(written)
    written.put(hands.folder)
    hands.run(EmbeddedPulumi(), "up", "--yes", "--skip-preview", "--expect-no-changes")
    assert hands.cloud.changes() == []


def test_what_the_command_left_to_be_deleted_is_deleted_once(written: Written, hands: Hands) -> None:
    _deleted_twin(written)
    written.put(hands.folder)
    hands.run(EmbeddedPulumi(), "up", "--yes", "--skip-preview")
    assert hands.cloud.changes() == [("delete", "plain")]
    deleted = [one for one in hands.cloud.requests if type(one).__name__ == "DeleteRequest"]
    assert [one.id for one in deleted] == ["plain-0"]
    assert not any(one.get("delete") for one in latest(hands.folder)["resources"])


def test_operations_that_were_cut_off_are_told_and_only_creations_stay(written: Written, hands: Hands) -> None:
    lost = thing("lost", inputs={"value": 1}, outputs={})
    pending = [{"resource": {**lost, "id": ""}, "type": "creating"}]
    pending.append({"resource": written.resources[2], "type": "updating"})
    written.deployment["pending_operations"] = pending
    written.put(hands.folder)
    shown = hands.run(EmbeddedPulumi(), "up", "--yes", "--skip-preview", "--expect-no-changes")
    assert "lost" in shown
    left = latest(hands.folder)["pending_operations"]
    assert [(one["type"], one["resource"]["urn"]) for one in left] == [("creating", lost["urn"])]
    assert left[0]["resource"]["stackTrace"] == lost["stackTrace"]


def test_a_damaged_state_is_refused_and_left_as_it_is(written: Written, hands: Hands) -> None:
    written.manifest = {"magic": "0" * 64}
    written.put(hands.folder)
    path = hands.folder / "state/.pulumi/stacks/demo/dev.json"
    before = path.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match="magic"):
        hands.run(EmbeddedPulumi(), "up", "--yes", "--skip-preview")
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("order", ["theirs, ours, theirs", "ours, theirs, ours"])
def test_a_stack_changes_hands_with_the_real_command(order: str, tmp_path: Path) -> None:
    if not shutil.which("pulumi"):
        pytest.skip(f"NOT RUN: takeover in the order {order} needs the real command, and no `pulumi` is on PATH")
    cloud = Recording()
    (tmp_path / "state").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/Pulumi.yaml").write_text("name: demo\nruntime: python\n", encoding="utf-8")
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    commands: dict[str, Any] = {"ours": EmbeddedPulumi(), "theirs": PulumiCommand()}
    with serving(cloud) as port:
        hands = Hands(tmp_path, cloud, PULUMI_DEBUG_PROVIDERS=f"cloud:{port}")
        first, *others = (commands[name] for name in order.split(", "))
        hands.run(first, "stack", "init", with_program=False)
        hands.cloud.fail("create", "user")
        with pytest.raises(CommandError):
            hands.run(first, "up", "--yes", "--skip-preview")
        hands.cloud.hooks.clear()
        hands.run(others[0], "up", "--yes", "--skip-preview")
        for command in (*others, first):
            hands.run(command, "preview", "--expect-no-changes")
            hands.run(command, "up", "--yes", "--skip-preview", "--expect-no-changes")
