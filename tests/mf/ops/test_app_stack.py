"""Changing an app as it is, also while others change it, and only when there is something to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.app_spec import AppSpec
from mf.errors import DeployFailed
from mf.ops import app_stack
from tests.mf import samples


def more(spec: AppSpec) -> AppSpec:
    return replace(spec, instances=3)


def test_a_change_of_nothing_runs_nothing(recorder: Any) -> None:
    session = samples.session_with(samples.app("web", instances=3, ready=3))
    assert app_stack.change(session, "web", more).instances == 3
    assert recorder.specs == []


def test_a_change_that_was_cut_short_is_run_again(recorder: Any) -> None:
    session = samples.session_with(samples.app("web", instances=3, ready=1))
    app_stack.change(session, "web", more)
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
    changed = app_stack.change(session, "web", more)
    assert (changed.instances, changed.memory) == (3, "1Gi")
    assert recorder.specs == [changed]


def test_a_change_that_fails_says_what_serves_on(monkeypatch: Any) -> None:
    def deploy(*_: Any, **__: Any) -> None:
        raise DeployFailed("pod web-1: crashed")

    monkeypatch.setattr(app_stack, "deploy", deploy)
    with pytest.raises(DeployFailed) as caught:
        app_stack.change(samples.session_with(samples.app("web")), "web", more)
    assert "keep serving" in caught.value.hint
