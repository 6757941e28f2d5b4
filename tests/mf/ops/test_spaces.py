"""Orgs and spaces: namespaces with two labels."""

from __future__ import annotations

import pytest

from mf.errors import AlreadyThere, Missing, UsageError
from mf.ops import spaces, target
from mf.ops.session import Session
from tests.mf import samples


def test_spaces_of_the_targeted_org_with_the_targeted_one_marked() -> None:
    session = samples.session_with(
        samples.space("default", "live"), samples.space("default", "dev"), samples.space("shop", "x")
    )
    assert [(space.name, space.targeted) for space in spaces.list_spaces(session)] == [("dev", True), ("live", False)]


def test_orgs_are_what_their_spaces_say() -> None:
    session = samples.session_with(
        samples.space("shop", "b"), samples.space("shop", "a"), samples.space("default", "dev")
    )
    assert [(org.name, org.spaces) for org in spaces.list_orgs(session)] == [
        ("default", ("dev",)),
        ("shop", ("a", "b")),
    ]


def test_making_the_first_space_twice_is_no_error() -> None:
    session = samples.session_with()
    assert spaces.ensure(session)
    assert not spaces.ensure(session)
    assert [space.namespace for space in spaces.list_spaces(session)] == ["mf-default-dev"]


def test_a_space_that_exists_is_said() -> None:
    with pytest.raises(AlreadyThere, match="space 'dev' exists already in org default"):
        spaces.create(samples.session_with(samples.space("default", "dev")), "dev")


@pytest.mark.parametrize("name", ["No_Good", ""])
def test_a_bad_name_makes_nothing(name: str) -> None:
    session = samples.session_with()
    with pytest.raises(UsageError):
        spaces.create(session, name)
    assert samples.kube_of(session).calls == []


def test_choosing_keeps_the_target_for_later_commands() -> None:
    session = Session(org="shop", space="live")
    session.__dict__["kube"] = samples.session_with(samples.space("shop", "live")).kube
    spaces.choose(session)
    assert (target.load().org, target.load().space) == ("shop", "live")


def test_choosing_what_does_not_exist_keeps_nothing() -> None:
    session = Session(space="nope")
    session.__dict__["kube"] = samples.session_with(samples.space("default", "dev")).kube
    with pytest.raises(Missing, match="no space named 'nope' in org default; there is: dev"):
        spaces.choose(session)
    assert target.load() == target.Target()
