"""When an app counts as answering."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from components.app_spec import Route
from mf.ops.push import answer
from mf.ops.settings import Settings

UPSTREAM = {"x-envoy-upstream-service-time"}


@pytest.mark.parametrize(
    ("status", "headers", "good"),
    [
        (200, set(), True),
        (302, set(), True),
        (500, set(), True),
        (404, UPSTREAM, True),
        (503, UPSTREAM, True),
        (404, set(), False),
        (503, set(), False),
    ],
)
def test_the_app_s_own_answers_are_good_and_the_gateway_s_refusals_are_not(
    status: int, headers: set[str], good: bool
) -> None:
    assert answer.judge(status, headers).good is good


class _Gateway(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 shared with the test on purpose

    def do_GET(self) -> None:
        self.asked.append(self.headers["Host"])
        self.send_response(200 if len(self.asked) > 2 else 503)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def gateway() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_names_below_localhost_are_asked_on_loopback_until_they_answer(gateway: int) -> None:
    settings = Settings(port=gateway)
    found = answer.wait(settings, Route(host="web.dev.apps.localhost"), seconds=5)
    assert found.good
    assert set(_Gateway.asked) == {f"web.dev.apps.localhost:{gateway}"}
    assert len(_Gateway.asked) == 3


def test_silence_is_told_as_such() -> None:
    found = answer.wait(Settings(port=1), Route(host="web.apps.localhost"), seconds=0.2)
    assert (found.good, found.status) == (False, 0)
    assert "127.0.0.1:1" in found.text
