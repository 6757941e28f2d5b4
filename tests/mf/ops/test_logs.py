"""Logs of all instances in order of time."""

from __future__ import annotations

import pytest

from mf.errors import Missing
from mf.ops import logs
from tests.mf import samples


def _session(**lines: list[str]):
    pods = [samples.pod(f"web-1-{name}") for name in lines]
    session = samples.session_with(samples.app("web"), *pods)
    samples.kube_of(session).log_lines.update({f"web-1-{name}": text for name, text in lines.items()})
    return session


def _at(second: int, text: str) -> str:
    return f"2026-01-01T00:00:{second:02d}.000000000Z {text}"


def test_lines_of_all_instances_are_merged_by_time_with_their_instance() -> None:
    session = _session(aaaaa=[_at(1, "one"), _at(3, "three")], bbbbb=[_at(2, "two")])
    found = logs.recent(session, "web")
    assert [(line.instance, line.text) for line in found] == [("aaaaa", "one"), ("bbbbb", "two"), ("aaaaa", "three")]


def test_only_the_last_lines_of_all_together_are_kept() -> None:
    session = _session(aaaaa=[_at(n, str(n)) for n in range(9)], bbbbb=[_at(9, "last")])
    assert [line.text for line in logs.recent(session, "web", lines=2)] == ["8", "last"]


def test_blanks_in_lines_stay() -> None:
    assert logs.recent(_session(aaaaa=[_at(1, "  indented  text")]), "web")[0].text == "  indented  text"


def test_an_instance_that_has_not_started_has_no_log_to_ask_for() -> None:
    session = samples.session_with(samples.app("web"), samples.pod("web-1-aaaaa", status={"phase": "Pending"}))
    assert logs.recent(session, "web") == []
    assert not [call for call in samples.kube_of(session).calls if call[0] == "logs"]


def test_following_hears_all_instances() -> None:
    session = _session(aaaaa=[_at(1, "one")], bbbbb=[_at(2, "two")])
    stream = logs.follow(session, "web")
    assert {next(stream).text, next(stream).text} == {"one", "two"}
    stream.close()


def test_an_unknown_app_is_said_before_following_starts() -> None:
    with pytest.raises(Missing):
        next(logs.follow(samples.session_with(), "nope"))
