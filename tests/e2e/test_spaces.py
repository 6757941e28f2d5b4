"""Spaces: made, chosen, and apart from each other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.kube.client import Kube
from tests.e2e.conftest import EXAMPLES, Platform

pytestmark = pytest.mark.e2e


@pytest.fixture
def newcomer(platform: Platform, tmp_path: Path) -> Platform:
    """Somebody with a home of their own who has chosen nothing yet."""
    return replace(platform, space="", home=str(tmp_path))


@pytest.fixture
def other(platform: Platform) -> Iterator[str]:
    """The name of a space that nobody has made yet."""
    name = f"t{secrets.token_hex(3)}"
    yield name
    kube = Kube.load(platform.kubeconfig)
    kube.delete("v1", "Namespace", f"mf-default-{name}")
    kube.close()


def told(person: Platform, *words: str) -> Any:
    return json.loads(person.mf(*words, "--json").out)


def test_a_space_is_made_once_and_chosen(newcomer: Platform, other: str) -> None:
    assert (told(newcomer, "target")["org"], told(newcomer, "target")["space"]) == ("default", "dev")
    newcomer.mf("create-space", other)
    assert f"space '{other}' exists already in org default" in newcomer.refused("create-space", other)
    newcomer.mf("target", "-s", other)
    assert told(newcomer, "target")["namespace"] == f"mf-default-{other}"
    assert told(newcomer, "apps") == []
    (mine,) = [space for space in told(newcomer, "spaces") if space["targeted"]]
    assert mine["name"] == other


def test_a_space_that_is_not_there_is_not_chosen(newcomer: Platform) -> None:
    assert "no space named 'nowhere' in org default" in newcomer.refused("target", "-s", "nowhere")
    assert "no org named 'nobody'" in newcomer.refused("target", "-o", "nobody")
    assert "Not_A_Label" in newcomer.refused("create-space", "Not_A_Label")
    assert told(newcomer, "target")["space"] == "dev"


def test_one_name_in_two_spaces_is_two_apps(platform: Platform, other: str) -> None:
    platform.mf("create-space", other)
    there = replace(platform, space=other, namespace=f"mf-default-{other}")
    for place in (platform, there):
        place.mf("push", "page", "-p", str(EXAMPLES / "hello-static"))
    there.mf("delete", "page", "-f")
    assert there.get("page")[0] == 404
    assert platform.get("page")[0] == 200
