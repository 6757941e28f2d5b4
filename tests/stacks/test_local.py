"""The local stack chooses a port that is free, and says when it is not the usual one."""

from __future__ import annotations

import pulumi
import pytest

from stacks import local
from stacks.errors import BadSettings


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    return said


def test_wanted_port_is_taken_when_it_is_free(warnings: list[str]) -> None:
    assert local.free_port(80, {22, 443}) == 80
    assert not warnings


def test_next_free_port_is_taken_and_said_aloud(warnings: list[str]) -> None:
    assert local.free_port(80, {80, 8080}) == 8081
    assert warnings == ["port 80 is taken on this machine; apps are served on port 8081"]


def test_no_free_port_ends_with_the_setting_to_change(warnings: list[str]) -> None:
    with pytest.raises(BadSettings, match="set microfoundry:httpPort to a free one"):
        local.free_port(80, {80, *local.FALLBACK_PORTS})
