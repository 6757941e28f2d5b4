"""Hosts are shared by all spaces: what another has, or could have, is refused with its owner."""

from __future__ import annotations

import pytest

from components.app_spec import Route
from mf.errors import Refused, UsageError
from mf.ops import names, route_owner
from tests.mf import samples

LIVE = samples.space("default", "live")
API = samples.route("api", "shop.example.com/v1", namespace="mf-default-live")
FOREIGN = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {"name": "console", "namespace": "monitoring"},
    "spec": {"hostnames": ["grafana.example.com"]},
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x.live.apps.localhost", "host x.live.apps.localhost is below the domain of space default/live"),
        ("live.apps.localhost", "below the domain of space default/live"),
        ("a.x.live.apps.localhost", "below the domain of space default/live"),
        ("shop.example.com/v1", "host shop.example.com is used by app api of space default/live"),
        ("shop.example.com/v2", "host shop.example.com is used by app api of space default/live"),
        ("grafana.example.com", "host grafana.example.com is used by HTTPRoute console of namespace monitoring"),
        ("mine.example.com", "mine.example.com/ goes to app blue already"),
    ],
)
def test_what_others_have_is_refused_with_its_owner(text: str, said: str) -> None:
    session = samples.session_with(LIVE, API, FOREIGN, samples.route("blue", "mine.example.com/"))
    with pytest.raises(Refused) as caught:
        route_owner.check(session, "web", Route.parse(text))
    assert said in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x.dev.apps.localhost", id="below the space's own domain"),
        pytest.param("x.nobody.apps.localhost", id="below a domain that no space has"),
        pytest.param("live.example.com", id="another domain"),
        pytest.param("mine.example.com/other", id="another path of a host of this space"),
    ],
)
def test_what_nobody_else_has_may_be_taken(text: str) -> None:
    session = samples.session_with(LIVE, API, FOREIGN, samples.route("blue", "mine.example.com/"))
    route_owner.check(session, "web", Route.parse(text))


@pytest.mark.parametrize("host", ["*.example.com", "*", "a.*.com"])
def test_a_wildcard_is_no_host(host: str) -> None:
    with pytest.raises(UsageError, match="is a wildcard; a route is one whole host name"):
        names.check_host(host)
