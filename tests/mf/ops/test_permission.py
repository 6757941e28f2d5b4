"""What a user may not do is said in one line before anything is planned."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mf.errors import Unavailable
from mf.ops import permission

HERE = "config:\n  microfoundry:kubeconfig: /k\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "stacks").mkdir(parents=True)
    return folder


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_without_root_a_cluster_on_this_machine_is_refused_with_what_works(root: Path, nobody: None) -> None:
    with pytest.raises(Unavailable, match="a cluster on this machine needs root") as caught:
        permission.check(root, "local", kubeconfig="")
    for way in ("sudo mf up", "mf up --kubeconfig FILE", "mf push --image", "mf doctor"):
        assert way in caught.value.hint


@pytest.mark.parametrize(
    ("kubeconfig", "settings"),
    [
        pytest.param("/k", "", id="a kubeconfig is given"),
        pytest.param("", HERE, id="the stack remembers a kubeconfig"),
        pytest.param("", "config:\n  microfoundry:kind: aws\n", id="the stack is made elsewhere"),
    ],
)
def test_without_root_another_cluster_can_be_used(root: Path, nobody: None, kubeconfig: str, settings: str) -> None:
    (root / "stacks" / "Pulumi.local.yaml").write_text(settings)
    permission.check(root, "local", kubeconfig=kubeconfig)


@pytest.mark.parametrize("place", ["stacks", "home"])
def test_a_folder_that_cannot_be_written_is_named(
    root: Path, own_home: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = {"stacks": root / "stacks", "home": own_home}[place]
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed)
    with pytest.raises(Unavailable, match=f"the folder {closed} can't be written by this user"):
        permission.check(root, "local", kubeconfig="/k")
    assert list(closed.iterdir()) == []
