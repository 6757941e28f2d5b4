"""Every behaviour goes as its committed sequence says; where `pulumi` is installed, both engines are compared."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.golden.regenerate import BEHAVIOURS, EXPECTED, expected, on_embedded, on_pulumi

_OF_THE_PROCESS = ("handshake", "attach", "get_plugin_info", "cancel")


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_behaviour_goes_as_the_committed_sequence_says(name: str, tmp_path: Path, salt: str) -> None:
    found, wanted = on_embedded(BEHAVIOURS[name], tmp_path, salt), expected(name)
    assert len(found["moves"]) == len(wanted["moves"])
    for ours, theirs in zip(found["moves"], wanted["moves"], strict=True):
        if wanted["made_with"]["engine"] == "pulumi":
            ours, theirs = _comparable(ours), _comparable(theirs)
        assert ours == theirs, f"{name}: {theirs['command']}; see python -m tests.engine.golden.regenerate {name}"


def test_every_sequence_belongs_to_a_behaviour_and_says_what_made_it() -> None:
    assert {path.stem for path in EXPECTED.glob("*.json")} == set(BEHAVIOURS)
    assert all({"engine", "version", "sdk"} <= expected(name)["made_with"].keys() for name in BEHAVIOURS)


@pytest.mark.parametrize("name", sorted(BEHAVIOURS) if shutil.which("pulumi") else ["any of them"])
def test_both_engines_do_the_same(name: str, tmp_path: Path, salt: str) -> None:
    if not shutil.which("pulumi"):
        pytest.skip(f"NOT COMPARED: {len(BEHAVIOURS)} behaviours were not run on both engines: no `pulumi` on PATH")
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
    ours = on_embedded(BEHAVIOURS[name], tmp_path / "ours", salt)["moves"]
    theirs = on_pulumi(BEHAVIOURS[name], tmp_path / "theirs")["moves"]
    for our, their in zip(ours, theirs, strict=True):
        assert _comparable(our) == _comparable(their), f"{name}: {our['command']}"


def _comparable(move: dict[str, Any]) -> dict[str, Any]:
    """What two engines must agree on: not their words, nor how they start and stop a provider's process."""
    calls = [one for one in move["calls"] if one["call"] not in _OF_THE_PROCESS]
    kept: dict[str, Any] = {key: move[key] for key in ("command", "changes", "state") if key in move}
    plan = [(one["op"], one["urn"]) for one in move.get("plan", {}).get("steps", [])]
    return {**kept, "failed": move["exit"] != 0, "calls": calls, "plan": sorted(plan)}
