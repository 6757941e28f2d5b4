"""The platform stack on the embedded engine, with a program of its own: plan, make, make again, remove."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.errors import DeployFailed, Missing
from mf.ops import places, platform, project, target

PROGRAM = """
import pulumi
import pulumi_random as random
random.RandomPet("pet")
pulumi.export("answer", pulumi.Config().get("kubeconfig") or "none")
pulumi.export("hidden", pulumi.Output.secret("hunter2"))
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkout"
    (folder / "stacks").mkdir(parents=True)
    settings = "name: microfoundry\nruntime: python\nstackConfigDir: stacks\n"
    (folder / "Pulumi.yaml").write_text(settings, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MF_ENGINE", "embedded")
    return folder


def test_a_life_of_a_platform_leaves_nothing_behind(checkout: Path, own_home: Path) -> None:
    there = platform.locate("local")
    assert platform.preview(there).changes["create"] == 1
    assert list(own_home.iterdir()) == []

    made = platform.up(there)
    assert made.changes["create"] == 1
    assert made.outputs == {"answer": "none"}
    assert not platform.up(there).changes.get("create")

    gone = platform.destroy(there)
    assert gone.changes["delete"] == 1
    assert not platform.exists(there)
    assert list((checkout / "stacks").iterdir()) == []
    assert list(own_home.iterdir()) == []


def test_a_kubeconfig_is_remembered_by_the_stack(checkout: Path) -> None:
    file = checkout / "kubeconfig"
    file.write_text("{}", encoding="utf-8")
    assert platform.up(platform.locate("local", kubeconfig=str(file))).outputs == {"answer": str(file)}
    assert platform.up(platform.locate("local")).outputs == {"answer": str(file)}


def test_a_program_that_fails_is_one_line_with_its_place(checkout: Path) -> None:
    (checkout / "__main__.py").write_text("raise ValueError('no such place')\n", encoding="utf-8")
    with pytest.raises(DeployFailed) as caught:
        platform.up(platform.locate("local"))
    assert caught.value.message == "ValueError: no such place"


def test_removing_what_is_not_there_says_so(checkout: Path) -> None:
    with pytest.raises(Missing, match="no stack named 'staging'"):
        platform.destroy(platform.locate("staging"))


def test_removing_one_of_two_stacks_keeps_what_the_other_needs(checkout: Path) -> None:
    for name in ("local", "staging"):
        platform.up(platform.locate(name))
    target.save(target.Target(org="shop"))
    platform.destroy(platform.locate("local"))
    assert project.passphrase_file().exists()
    assert places.state().is_dir()
    assert platform.exists(platform.locate("staging"))
