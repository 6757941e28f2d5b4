"""Whether an app answers where people reach it: through the gateway."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from components.app_spec import Route
from mf.ops.settings import Settings

_LOCAL = "localhost"
_GATEWAYS_OWN = (404, 502, 503, 504)
_UPSTREAM = "x-envoy-upstream-service-time"
_POLL = 0.1
_TRY = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The app's word through the gateway, or why there is none yet; `status` 0 means nothing came back."""

    good: bool
    status: int
    text: str


def ask(settings: Settings, route: Route) -> Answer:
    """One request to the route; names below `localhost` are reached on loopback, without asking DNS."""
    local = route.host.split(".")[-1] == _LOCAL
    address = "127.0.0.1" if local else route.host
    url = f"{settings.scheme}://{address}:{settings.port}{route.path}"
    host = route.host if settings.port in (80, 443) else f"{route.host}:{settings.port}"
    connect = HTTPSConnection if settings.scheme == "https" else HTTPConnection
    connection = connect(address, settings.port, timeout=_TRY)
    try:
        connection.request("GET", route.path, headers={"Host": host, "User-Agent": "mf"})
        reply = connection.getresponse()
        return judge(reply.status, {key.lower() for key in reply.headers})
    except (OSError, HTTPException) as exc:
        return Answer(False, 0, f"{type(exc).__name__} at {url}")
    finally:
        connection.close()


def judge(status: int, headers: set[str]) -> Answer:
    """Any answer of the app is good, also its own 404; the gateway's own refusals are not."""
    from_app = _UPSTREAM in headers or status not in _GATEWAYS_OWN
    return Answer(from_app, status, f"HTTP {status}" + ("" if from_app else " from the gateway"))


def wait(settings: Settings, route: Route, *, seconds: float) -> Answer:
    """Ask until there is a good answer or the time is over; the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask(settings, route)
        if answer.good or time.monotonic() >= deadline:
            return answer
        time.sleep(_POLL)
