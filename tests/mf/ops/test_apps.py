"""Apps are read from Deployments alone, in few requests."""

from __future__ import annotations

from typing import Any

import pytest

from mf.errors import Failed, Missing
from mf.ops import apps
from tests.mf import samples

ROLLING = {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"}
STUCK = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}


@pytest.mark.parametrize(
    ("instances", "status", "state"),
    [
        (2, {"readyReplicas": 2}, "running"),
        (0, {"readyReplicas": 0}, "stopped"),
        (2, {"readyReplicas": 1}, "degraded"),
        (2, {"readyReplicas": 0}, "down"),
        (2, {"readyReplicas": 0, "conditions": [ROLLING]}, "starting"),
        (2, {"readyReplicas": 2, "replicas": 3, "conditions": [ROLLING]}, "starting"),
        (2, {"readyReplicas": 2, "updatedReplicas": 1}, "starting"),
        (2, {"readyReplicas": 2, "observedGeneration": 0}, "starting"),
        (2, {"readyReplicas": 0, "conditions": [STUCK]}, "failed"),
        (2, {"readyReplicas": 1, "updatedReplicas": 1, "conditions": [STUCK]}, "degraded"),
    ],
)
def test_state_is_one_word_for_what_kubernetes_says(instances: int, status: dict[str, Any], state: str) -> None:
    assert apps.state_of(samples.app(instances=instances, status=status)) == state


def test_a_listing_takes_two_requests_however_many_apps_there_are() -> None:
    session = samples.session_with(*(samples.app(f"app-{n}") for n in range(20)))
    assert len(apps.list_apps(session)) == 20
    assert len(samples.kube_of(session).calls) == 2


def test_apps_are_listed_by_name_with_url_and_counts() -> None:
    session = samples.session_with(samples.app("web", instances=2, ready=1), samples.app("api"))
    api, web = apps.list_apps(session)
    assert (api.name, web.name) == ("api", "web")
    assert web.urls == ("http://web.dev.apps.localhost",)
    assert (web.ready, web.wanted) == (1, 2)


def test_another_port_than_the_usual_one_is_part_of_the_url() -> None:
    session = samples.session_with(samples.app("web"))
    samples.kube_of(session)._keep(samples.settings(port="8080"))
    assert apps.get(session, "web").urls == ("http://web.dev.apps.localhost:8080",)


def test_deployments_that_are_no_apps_are_left_out() -> None:
    foreign = samples.app("foreign")
    foreign["metadata"]["annotations"] = {}
    assert apps.list_apps(samples.session_with(foreign)) == []


def test_an_unknown_app_is_answered_with_the_apps_there_are() -> None:
    session = samples.session_with(samples.app("web"), samples.app("api"))
    with pytest.raises(Missing, match="no app named 'wep' in space default/dev; there are: api, web"):
        apps.get(session, "wep")


def test_in_an_empty_space_the_hint_is_to_push() -> None:
    with pytest.raises(Missing) as caught:
        apps.get(samples.session_with(), "web")
    assert caught.value.hint == "push one: mf push NAME"


def test_a_spoilt_annotation_is_an_error_that_names_app_and_remedy() -> None:
    spoilt = samples.app("web")
    spoilt["metadata"]["annotations"]["microfoundry.dev/spec"] = "{"
    with pytest.raises(Failed, match="app web") as caught:
        apps.list_apps(samples.session_with(spoilt))
    assert caught.value.hint == "mf push web"
