"""Changing an app as it is, also while others change it, and only when there is something to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.app_spec import AppSpec, Route
from mf.errors import DeployFailed
from mf.ops import app_change, app_stack, bindings, environment, routes
from mf.ops import app_lifecycle as lifecycle
from mf.ops.push.errors import PushFailed
from mf.ops.session import Session
from tests.mf import samples


def more(spec: AppSpec) -> AppSpec:
    return replace(spec, instances=3)


def test_a_change_of_nothing_runs_nothing(recorder: Any) -> None:
    session = samples.session_with(samples.app("web", instances=3, ready=3))
    assert app_change.change(session, "web", more).instances == 3
    assert recorder.specs == []


def test_a_change_that_was_cut_short_is_run_again(recorder: Any) -> None:
    session = samples.session_with(samples.app("web", instances=3, ready=1))
    app_change.change(session, "web", more)
    assert [spec.instances for spec in recorder.specs] == [3]


def test_what_others_changed_while_the_lock_was_waited_for_is_kept(recorder: Any, monkeypatch: Any) -> None:
    session = samples.session_with(samples.app("web"))
    deploy = recorder.deploy

    def after_a_wait(*args: Any, **given: Any) -> Any:
        now = session.kube.get("apps/v1", "Deployment", "web", namespace=samples.NAMESPACE)["metadata"]
        other = samples.app("web", memory="1Gi")
        other["metadata"]["resourceVersion"] = now["resourceVersion"]
        session.kube.replace(other)
        return deploy(*args, **given)

    monkeypatch.setattr(app_stack, "deploy", after_a_wait)
    changed = app_change.change(session, "web", more)
    assert (changed.instances, changed.memory) == (3, "1Gi")
    assert recorder.specs == [changed]


class Failing:
    """Rolls out what `works` says, and fails with anything else; `tried` is what was asked for."""

    def __init__(self, session: Session, works: Callable[[AppSpec], bool]) -> None:
        self.session, self.works = session, works
        self.tried: list[AppSpec] = []

    def deploy(self, session: Session, spec: AppSpec, *, anew: Callable[[], AppSpec]) -> None:
        wanted = anew()
        self.tried.append(wanted)
        made = samples.app(wanted.name)
        made["metadata"]["annotations"]["microfoundry.dev/spec"] = wanted.to_json()
        samples.kube_of(self.session)._keep(made)
        if not self.works(wanted):
            raise DeployFailed("Deployment web: not ready")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Failing]:
    def make(session: Session, works: Callable[[AppSpec], bool] = lambda spec: spec == samples.spec("web")) -> Failing:
        made = Failing(session, works)
        monkeypatch.setattr(app_stack, "deploy", made.deploy)
        return made

    return make


CHANGES: dict[str, Callable[[Any], object]] = {
    "scale": lambda session: lifecycle.scale(session, "web", lifecycle.Size(memory="8M")),
    "restart": lambda session: lifecycle.restart(session, "web"),
    "set-env": lambda session: environment.set_variables(session, "web", {"A": "2", "NEW": "1"}),
    "unset-env": lambda session: environment.unset_variables(session, "web", ("A",)),
    "bind-service": lambda session: bindings.bind(session, "web", "my-db"),
    "map-route": lambda session: routes.map_route(session, "web", Route(host="shop.dev.apps.localhost")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_fails_is_taken_back_and_says_what_serves_on(name: str, recorder: Any, failing: Any) -> None:
    session = samples.session_with(samples.app("web"), samples.instance("my-db"), samples.secret("web-env", A="1"))
    made = failing(session)
    with pytest.raises(PushFailed, match="Deployment web: not ready") as caught:
        CHANGES[name](session)
    assert [spec == samples.spec("web") for spec in made.tried] == [False, True]
    assert "the version before keeps serving web" in caught.value.hint
    assert environment.get(session, "web").user == {"A": "1"}


def test_credentials_that_an_app_fails_with_are_revoked(recorder: Any, failing: Any) -> None:
    session = samples.session_with(samples.app("web"), samples.instance("my-db"))
    failing(session)
    with pytest.raises(PushFailed):
        bindings.bind(session, "web", "my-db")
    assert recorder.done == [("up", "binding", "web.my-db"), ("destroy", "binding", "web.my-db")]


def test_a_stopped_app_that_does_not_start_is_stopped_again(recorder: Any, failing: Any) -> None:
    session = samples.session_with(samples.app("web", instances=0, ready=0))
    made = failing(session, lambda spec: spec.instances == 0)
    with pytest.raises(PushFailed) as caught:
        app_change.change(session, "web", more)
    assert [spec.instances for spec in made.tried] == [3, 0]
    assert "web is stopped, as it was before" in caught.value.hint


def test_an_app_of_which_nothing_serves_keeps_the_change(recorder: Any, failing: Any) -> None:
    session = samples.session_with(samples.app("web", ready=0), samples.secret("web-env", A="1"))
    made = failing(session)
    with pytest.raises(PushFailed) as caught:
        environment.set_variables(session, "web", {"B": "2"})
    assert len(made.tried) == 1
    assert environment.get(session, "web").user == {"A": "1", "B": "2"}
    assert "the change is kept" in caught.value.hint


def test_what_another_process_did_since_the_failure_is_not_taken_back(
    recorder: Any, failing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = samples.session_with(samples.app("web"))
    made = failing(session, lambda spec: spec.instances == 1)

    def another(*args: Any, **given: Any) -> None:
        if made.tried:
            samples.kube_of(session)._keep(samples.app("web", memory="1Gi"))
        made.deploy(*args, **given)

    monkeypatch.setattr(app_stack, "deploy", another)
    with pytest.raises(PushFailed):
        app_change.change(session, "web", more)
    assert [(spec.instances, spec.memory) for spec in made.tried] == [(3, "512Mi"), (1, "1Gi")]
