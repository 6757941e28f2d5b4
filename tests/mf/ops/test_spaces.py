"""Orgs and spaces: namespaces with two labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mf.errors import AlreadyThere, Missing, UsageError
from mf.ops import apps, routes, services, spaces, target
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


def in_space(name: str, *objects: dict[str, Any], org: str = "") -> Session:
    session = Session(space=name, org=org)
    session.__dict__["kube"] = samples.session_with(*objects).kube
    return session


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(apps.list_apps, id="apps"),
        pytest.param(lambda session: apps.get(session, "web"), id="app"),
        pytest.param(routes.list_routes, id="routes"),
        pytest.param(services.list_instances, id="services"),
        pytest.param(lambda session: services.get(session, "my-db"), id="service"),
        pytest.param(spaces.use, id="push"),
    ],
)
def test_looking_into_a_space_that_is_not_there_says_which_are(look: Callable[[Session], object]) -> None:
    session = in_space("typo", samples.space("default", "dev"), samples.space("default", "live"))
    with pytest.raises(Missing, match="no space named 'typo' in org default; there are: dev, live") as caught:
        look(session)
    assert caught.value.hint == "make it: mf create-space typo"
    assert not [call for call in samples.kube_of(session).calls if call[0] == "create"]


def test_only_the_default_space_is_made_on_first_use() -> None:
    session = samples.session_with()
    assert apps.list_apps(session) == []
    spaces.use(session)
    assert ("create", "Namespace", "mf-default-dev") in samples.kube_of(session).calls


def test_a_space_of_an_org_that_is_not_there_names_the_org() -> None:
    with pytest.raises(Missing, match="no org named 'shop'"):
        spaces.use(in_space("dev", samples.space("default", "dev"), org="shop"))


def test_apps_that_are_there_are_listed_without_asking_for_the_space() -> None:
    session = in_space("live", samples.app("web"))
    session.__dict__["target"] = target.Target(space="live")
    kube = samples.kube_of(session)
    made = samples.app("web")
    made["metadata"]["namespace"] = "mf-default-live"
    kube._keep(made)
    assert [app.name for app in apps.list_apps(session)] == ["web"]
    assert not [call for call in kube.calls if call[1] == "Namespace"]
