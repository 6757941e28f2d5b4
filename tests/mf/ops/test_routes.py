"""Routes: hosts below the space's domain, one owner each, instances untouched."""

from __future__ import annotations

import pytest

from components.app_spec import Route
from mf.errors import Missing, Refused, UsageError
from mf.ops import routes
from tests.mf import samples


@pytest.mark.parametrize(
    ("host", "path", "text"),
    [
        ("", "/", "web.dev.apps.localhost/"),
        ("shop", "/", "shop.dev.apps.localhost/"),
        ("www.Example.com", "/v2/", "www.example.com/v2"),
    ],
)
def test_a_bare_name_is_put_below_the_domain_of_the_space(host: str, path: str, text: str) -> None:
    assert routes.route_of(samples.session_with(), "web", host=host, path=path).text == text


@pytest.mark.parametrize(("host", "path"), [("a_b", "/"), ("shop", "v2"), ("shop", "/a b")])
def test_what_can_be_no_route_is_refused(host: str, path: str) -> None:
    with pytest.raises(UsageError):
        routes.route_of(samples.session_with(), "web", host=host, path=path)


def test_mapping_adds_the_route_and_tells_running_instances_nothing(recorder) -> None:
    session = samples.session_with(samples.app("web"))
    url = routes.map_route(session, "web", Route(host="shop.dev.apps.localhost"))
    assert url == "http://shop.dev.apps.localhost"
    changed = recorder.specs[-1]
    assert [route.host for route in changed.routes] == ["web.dev.apps.localhost", "shop.dev.apps.localhost"]
    assert changed.uris == ("web.dev.apps.localhost",)


def test_a_route_of_another_app_is_refused_in_any_space(recorder) -> None:
    taken = samples.route("api", "shop.example.com/", namespace="mf-default-live")
    session = samples.session_with(samples.app("web"), taken)
    with pytest.raises(Refused, match="is used by HTTPRoute api-r of namespace mf-default-live"):
        routes.map_route(session, "web", Route(host="shop.example.com"))
    assert recorder.specs == []


def test_mapping_twice_changes_nothing(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.route("web", "web.dev.apps.localhost/"))
    assert routes.map_route(session, "web", Route(host="web.dev.apps.localhost")) == "http://web.dev.apps.localhost"
    assert recorder.done == []


def test_unmapping_an_unknown_route_says_which_there_are(recorder) -> None:
    with pytest.raises(Missing, match=r"there is: web\.dev\.apps\.localhost/"):
        routes.unmap_route(samples.session_with(samples.app("web")), "web", Route(host="x.example.com"))


def test_routes_are_listed_with_what_the_gateway_says() -> None:
    refused = samples.route("api", "b.example.com/")
    refused["status"] = {"parents": [{"conditions": [{"status": "False", "message": "no such listener"}]}]}
    fine = samples.route("web", "a.example.com/v2")
    fine["status"] = {"parents": [{"conditions": [{"status": "True"}]}]}
    first, second = routes.list_routes(samples.session_with(refused, fine))
    assert (first.url, first.app, first.state) == ("http://a.example.com/v2", "web", "ok")
    assert second.state == "refused: no such listener"
