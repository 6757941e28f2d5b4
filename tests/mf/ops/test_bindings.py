"""Bindings: credentials first, then the app; and the other way round to take them back."""

from __future__ import annotations

import pytest

from mf.errors import Failed, Missing, Refused
from mf.ops import bindings
from tests.mf import samples


def test_binding_makes_credentials_before_it_rolls_the_app(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.instance("my-db"))
    bindings.bind(session, "web", "my-db")
    assert recorder.done == [("up", "binding", "web.my-db"), ("up", "app", "web")]
    assert recorder.specs[-1].bindings == ("my-db",)


def test_a_second_binding_is_added_to_the_first(recorder) -> None:
    session = samples.session_with(samples.app("web", bindings=("cache",)), samples.instance("my-db"))
    bindings.bind(session, "web", "my-db")
    assert recorder.specs[-1].bindings == ("cache", "my-db")


def test_binding_twice_changes_nothing(recorder) -> None:
    session = samples.session_with(samples.app("web", bindings=("my-db",)), samples.instance("my-db"))
    assert not bindings.bind(session, "web", "my-db")
    assert recorder.done == []


@pytest.mark.parametrize(("app", "instance"), [("nope", "my-db"), ("web", "nope")])
def test_unknown_names_change_nothing(app: str, instance: str, recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.instance("my-db"))
    with pytest.raises(Missing):
        bindings.bind(session, app, instance)
    assert recorder.done == []


def test_unbinding_rolls_the_app_before_it_revokes(recorder) -> None:
    session = samples.session_with(samples.app("web", bindings=("my-db", "cache")), samples.instance("my-db"))
    bindings.unbind(session, "web", "my-db")
    assert recorder.done == [("up", "app", "web"), ("destroy", "binding", "web.my-db")]
    assert recorder.specs[-1].bindings == ("cache",)


def test_a_binding_that_was_interrupted_half_way_is_taken_back_without_rolling_the_app(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.instance("my-db"), samples.binding("web"))
    bindings.check_bound(session, "web", "my-db")
    bindings.unbind(session, "web", "my-db")
    assert recorder.done == [("destroy", "binding", "web.my-db")]


def test_a_binding_of_an_app_that_is_gone_is_taken_back(recorder) -> None:
    session = samples.session_with(samples.instance("my-db"), samples.binding("web"))
    bindings.check_bound(session, "web", "my-db")
    bindings.unbind(session, "web", "my-db")
    assert recorder.done == [("destroy", "binding", "web.my-db")]


def test_a_missing_binding_stack_is_not_passed_over_in_silence(recorder) -> None:
    recorder.absent.add("web.my-db")
    session = samples.session_with(samples.app("web", bindings=("my-db",)), samples.instance("my-db"))
    with pytest.raises(Failed, match="no stack of the binding"):
        bindings.unbind(session, "web", "my-db")


def test_unbinding_what_is_not_bound_says_what_is() -> None:
    session = samples.session_with(samples.app("web", bindings=("cache",)), samples.instance("my-db"))
    with pytest.raises(Refused, match="app web is not bound to my-db; it is bound to: cache"):
        bindings.check_bound(session, "web", "my-db")
