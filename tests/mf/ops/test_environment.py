"""An app's environment: one Secret, written only when it changes, and rolled only when asked."""

from __future__ import annotations

from typing import Any

import pytest

from mf.errors import Missing, UsageError
from mf.ops import environment
from tests.mf import samples


def test_set_writes_the_secret_and_rolls_the_app_with_its_revision(recorder) -> None:
    session = samples.session_with(samples.app("web"))
    assert environment.set_variables(session, "web", {"A": "1"})
    assert environment.get(session, "web").user == {"A": "1"}
    assert recorder.specs[-1].env_revision == environment.revision(session, "web") != ""


def test_set_keeps_what_was_there(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.secret("web-env", A="1"))
    environment.set_variables(session, "web", {"B": "2"})
    assert environment.get(session, "web").user == {"A": "1", "B": "2"}


def test_the_same_values_again_change_nothing(recorder) -> None:
    session = samples.session_with(samples.app("web"))
    environment.set_variables(session, "web", {"A": "1"})
    samples.kube_of(session)._keep(samples.app("web", env_revision=environment.revision(session, "web")))
    assert not environment.set_variables(session, "web", {"A": "1"})
    assert len(recorder.specs) == 1


def test_without_restart_only_the_secret_is_written(recorder) -> None:
    session = samples.session_with(samples.app("web"))
    environment.set_variables(session, "web", {"A": "1"}, restart=False)
    assert environment.get(session, "web").user == {"A": "1"}
    assert recorder.specs == []


def test_unset_removes_and_rolls(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.secret("web-env", A="1", B="2"))
    environment.unset_variables(session, "web", ("A",))
    assert environment.get(session, "web").user == {"B": "2"}
    assert len(recorder.specs) == 1


def test_unset_of_what_is_not_set_says_what_is(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.secret("web-env", A="1"))
    with pytest.raises(Missing, match=r"no variable named 'C'.*there is: A"):
        environment.unset_variables(session, "web", ("C",))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "x"), ("VCAP_SERVICES", "x"), ("1A", "x"), ("A-B", "x"), ("A", "x\0")]
)
def test_reserved_and_impossible_variables_are_refused_before_anything_is_written(
    name: str, value: str, recorder
) -> None:
    session = samples.session_with(samples.app("web"))
    with pytest.raises(UsageError):
        environment.set_variables(session, "web", {name: value})
    assert not [call for call in samples.kube_of(session).calls if call[0] in ("create", "replace")]


def test_what_others_write_meanwhile_is_kept(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.secret("web-env", A="1"))
    kube = samples.kube_of(session)
    real = kube.replace
    raced: list[bool] = []

    def replace(obj: dict[str, Any]) -> dict[str, Any]:
        if not raced:
            raced.append(True)
            kube._keep(samples.secret("web-env", A="1", THEIRS="2"))
        return real(obj)

    kube.replace = replace  # type: ignore[method-assign] # one write of somebody else in between
    environment.set_variables(session, "web", {"MINE": "3"})
    assert environment.get(session, "web").user == {"A": "1", "MINE": "3", "THEIRS": "2"}


def test_two_first_variables_at_once_are_both_kept(recorder) -> None:
    session = samples.session_with(samples.app("web"))
    kube = samples.kube_of(session)
    real = kube.create

    def create(obj: dict[str, Any]) -> dict[str, Any]:
        kube.create = real  # type: ignore[method-assign] # once
        kube._keep(samples.secret("web-env", THEIRS="2"))
        return real(obj)

    kube.create = create  # type: ignore[method-assign,assignment] # one write of somebody else in between
    environment.set_variables(session, "web", {"MINE": "3"})
    assert environment.get(session, "web").user == {"MINE": "3", "THEIRS": "2"}
