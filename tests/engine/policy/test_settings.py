"""How policies are set: what the pack says, what its policies say, and what the user's file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.policy.model import Level, PackInfo, Policy, Settings
from engine.policy.settings import read_settings, reconciled

SIZE = {"type": "integer", "default": 3}
PACK = PackInfo(
    name="house",
    version="1",
    policies=(
        Policy(name="short", level=Level.MANDATORY, schema={"size": SIZE}),
        Policy(name="named", level=Level.ADVISORY, schema={"owner": {"type": "string"}}, required=("owner",)),
    ),
    initial={"named": Settings(level=Level.DISABLED)},
)


def _file(tmp_path: Path, tree: object) -> Path:
    path = tmp_path / "config.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return path


def test_policies_keep_their_own_level_and_defaults_where_nobody_says_otherwise() -> None:
    settings = reconciled(PACK, {})
    assert settings["short"] == Settings(level=Level.MANDATORY, properties={"size": 3})
    assert settings["named"].level is Level.DISABLED


def test_users_file_goes_over_the_packs_own_settings(tmp_path: Path) -> None:
    tree = {"all": "advisory", "short": {"size": 9}, "named": {"enforcementLevel": "mandatory", "owner": "me"}}
    settings = reconciled(PACK, read_settings(_file(tmp_path, tree)))
    assert settings["short"] == Settings(level=Level.ADVISORY, properties={"size": 9})
    assert settings["named"] == Settings(level=Level.MANDATORY, properties={"owner": "me"})


@pytest.mark.parametrize(
    ("tree", "complaint"),
    [
        ({"short": "loud"}, "'short' has the level 'loud'; choose one of: advisory, mandatory, disabled, remediate"),
        ({"shrt": "advisory"}, "policy pack 'house' has no policy 'shrt'"),
        ({"short": {"size": "big"}}, "policy 'short' of pack 'house' is set wrongly at 'size': 'big' is not of type"),
        ({"named": "advisory"}, "policy 'named' of pack 'house' is set wrongly: 'owner' is a required property"),
        ({"short": 7}, "'short' is neither a level nor an object"),
        ([], "holds no object"),
        ("{", "is no valid JSON"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, tree: object, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint.replace("(", r"\(")):
        reconciled(PACK, read_settings(_file(tmp_path, tree)))


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json cannot be read"):
        read_settings(tmp_path / "nowhere.json")
