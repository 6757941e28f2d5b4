"""The spec of the next revision: what is new, and all that stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.app_spec import HealthCheck, Route
from mf.ops.manifest import AppManifest
from mf.ops.push.plan import Artifact, Place, next_spec
from mf.ops.settings import Settings
from tests.mf import samples

PLACE = Place(org="default", space="dev", namespace="mf-default-dev", settings=Settings())
BUILT = Artifact(image="127.0.0.1:30500/apps/web@sha256:2", source="s2", language="python")
OLD = samples.spec(memory="1Gi", instances=3, bindings=("db",), env_revision="7", source="s1", language="python")


def test_a_new_app_gets_the_default_route_and_one_instance() -> None:
    spec = next_spec("web", AppManifest(), BUILT, place=PLACE, old=None)
    assert (spec.instances, spec.image, spec.gateway) == (1, BUILT.image, "microfoundry-system/gateway")
    assert spec.routes == (Route(host="web.dev.apps.localhost"),)


def test_what_nobody_mentions_stays() -> None:
    spec = next_spec("web", AppManifest(memory="2Gi"), BUILT, place=PLACE, old=OLD)
    assert spec == replace(OLD, memory="2Gi", image=BUILT.image, source="s2")


def test_the_same_again_is_the_same_spec() -> None:
    same = Artifact(image=OLD.image, source="s1", language="python")
    assert next_spec("web", AppManifest(), same, place=PLACE, old=OLD) == OLD


def test_a_stopped_app_is_started() -> None:
    assert next_spec("web", AppManifest(), BUILT, place=PLACE, old=replace(OLD, instances=0)).instances == 1
    assert next_spec("web", AppManifest(instances=0), BUILT, place=PLACE, old=OLD).instances == 0


@pytest.mark.parametrize(
    ("line", "argv"), [("./run x", ("/bin/sh", "-c", "exec ./run x")), ("default", ()), ("null", ())]
)
def test_a_start_command_is_a_shell_line_or_the_image_s_own(line: str, argv: tuple[str, ...]) -> None:
    old = replace(OLD, command=("old",))
    assert next_spec("web", AppManifest(command=line), BUILT, place=PLACE, old=old).command == argv


@pytest.mark.parametrize(
    ("app", "health"),
    [
        (AppManifest(health_check_type="http"), HealthCheck(kind="http", path="/")),
        (AppManifest(health_check_endpoint="/up"), HealthCheck(kind="http", path="/up")),
        (AppManifest(health_check_type="port"), HealthCheck(kind="port", path="/")),
        (AppManifest(), HealthCheck()),
    ],
)
def test_health_checks_are_taken_over(app: AppManifest, health: HealthCheck) -> None:
    assert next_spec("web", app, BUILT, place=PLACE, old=None).health == health


def test_routes_may_be_labels_hosts_or_none() -> None:
    named = next_spec("web", AppManifest(routes=("blue", "a.example.com/x")), BUILT, place=PLACE, old=None)
    assert [route.text for route in named.routes] == ["blue.dev.apps.localhost/", "a.example.com/x"]
    assert next_spec("web", AppManifest(no_route=True), BUILT, place=PLACE, old=OLD).routes == ()


def test_a_worker_has_no_route_unless_it_asks_for_one() -> None:
    app = AppManifest(health_check_type="process")
    assert next_spec("web", app, BUILT, place=PLACE, old=None).routes == ()


def test_routes_alone_leave_running_instances_as_they_are() -> None:
    same = Artifact(image=OLD.image, source="s1", language="python")
    moved = next_spec("web", AppManifest(routes=("blue",)), same, place=PLACE, old=OLD)
    assert moved.uris == OLD.uris
    rolled = next_spec("web", AppManifest(routes=("blue",), memory="3Gi"), same, place=PLACE, old=OLD)
    assert rolled.uris == ("blue.dev.apps.localhost",)
