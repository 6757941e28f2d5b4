"""A cluster that is there already is taken by its kubeconfig, and a wrong one is explained."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
import yaml

from components.cluster.existing import ExistingCluster, ExistingClusterArgs, kubeconfig_text

CONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "one",
    "contexts": [{"name": "one", "context": {}}, {"name": "two", "context": {}}],
    "users": [{"name": "me", "user": {"token": "hunter2"}}],
}


def write(folder: Path, text: str) -> Path:
    path = folder / "kubeconfig"
    path.write_text(text)
    return path


def test_kubeconfig_is_passed_on_as_it_is(tmp_path: Path) -> None:
    text = "# by hand\n" + yaml.safe_dump(CONFIG)
    assert kubeconfig_text(ExistingClusterArgs(kubeconfig=write(tmp_path, text))) == text


def test_named_context_becomes_the_current_one(tmp_path: Path) -> None:
    args = ExistingClusterArgs(kubeconfig=write(tmp_path, yaml.safe_dump(CONFIG)), context="two")
    assert yaml.safe_load(kubeconfig_text(args)) == {**CONFIG, "current-context": "two"}


@pytest.mark.parametrize(
    ("text", "context", "message"),
    [
        (yaml.safe_dump(CONFIG), "three", "has no context 'three'; it has: one, two"),
        (yaml.safe_dump({**CONFIG, "current-context": ""}), "", "has no context ''; it has: one, two"),
        ("kind: Pod\n", "", "is no kubeconfig"),
        ("users: [{token: hunter2", "", "is not YAML"),
        ("", "", "is no kubeconfig"),
    ],
)
def test_wrong_kubeconfig_is_explained_without_showing_it(
    tmp_path: Path, text: str, context: str, message: str
) -> None:
    with pytest.raises(pulumi.RunError, match=message) as caught:
        kubeconfig_text(ExistingClusterArgs(kubeconfig=write(tmp_path, text), context=context))
    assert "hunter2" not in str(caught.value)


def test_missing_kubeconfig_is_named(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=f"kubeconfig {tmp_path}/nowhere can't be read"):
        kubeconfig_text(ExistingClusterArgs(kubeconfig=tmp_path / "nowhere"))


def test_component_makes_nothing_of_its_own(run, tmp_path: Path) -> None:
    path = write(tmp_path, yaml.safe_dump(CONFIG))
    made = run(lambda: ExistingCluster("cluster", ExistingClusterArgs(kubeconfig=path)))
    assert [item.typ for item in made.resources] == ["microfoundry:cluster:ExistingCluster"]
