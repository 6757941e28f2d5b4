"""An app's spec survives its annotation, keeps its promises on routes and refuses nonsense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.app_spec import AppSpec, HealthCheck, Route
from components.errors import BadSpec

SPEC = AppSpec(
    name="web",
    org="default",
    space="dev",
    namespace="mf-default-dev",
    image="registry/web@sha256:1",
    command=("/bin/sh", "-c", "serve"),
    routes=(Route(host="web.dev.apps.localhost"),),
    bindings=("my-db",),
    health=HealthCheck(kind="http", path="/up"),
)


def test_spec_survives_its_annotation() -> None:
    assert AppSpec.from_json(SPEC.to_json()) == SPEC
    routed = SPEC.with_routes([])
    assert AppSpec.from_json(routed.to_json()) == routed


def test_annotation_of_a_newer_version_is_refused_by_name() -> None:
    with pytest.raises(BadSpec, match="does not know sidecars"):
        AppSpec.from_json(SPEC.to_json()[:-1] + ',"sidecars":[]}')


def test_mapping_a_route_leaves_what_the_app_was_told_and_restarting_tells_it() -> None:
    mapped = SPEC.with_routes([*SPEC.routes, Route(host="other.example", path="/x")])
    assert mapped.uris == ("web.dev.apps.localhost",)
    assert mapped.restart("now").uris == ("web.dev.apps.localhost", "other.example/x")


@pytest.mark.parametrize(
    ("text", "host", "path"), [("a.b", "a.b", "/"), ("a.b/", "a.b", "/"), ("a.b/c/d/", "a.b", "/c/d")]
)
def test_route_is_read_from_text(text: str, host: str, path: str) -> None:
    assert Route.parse(text) == Route(host=host, path=path)


def test_route_object_is_named_after_app_and_address() -> None:
    assert Route(host="a.b").object_name("web") != Route(host="a.b", path="/c").object_name("web")
    assert Route(host="a.b").object_name("web").startswith("web-")


def test_the_same_app_keeps_its_id() -> None:
    assert replace(SPEC, image="other", guid="").guid == SPEC.guid != replace(SPEC, name="api", guid="").guid


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "Web_1"}, "'Web_1' is no DNS label"),
        ({"name": "1web"}, "starting with a letter"),
        ({"port": 0}, "port 0 is none"),
        ({"user": 0}, "as root"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], problem: str) -> None:
    with pytest.raises(BadSpec, match=problem):
        replace(SPEC, **change)  # type: ignore[arg-type]  # wrong values are the point


def test_unknown_health_check_names_the_known_ones() -> None:
    with pytest.raises(BadSpec, match="choose one of: http, port, process"):
        HealthCheck(kind="ping")  # type: ignore[arg-type]  # the wrong value is the point
