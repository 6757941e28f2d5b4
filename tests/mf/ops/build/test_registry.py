"""What a registry is asked, against a small real server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mf.ops.build.errors import BuilderMissing
from mf.ops.build.registry import Registry


class _OneImage(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        there = self.path == "/v2/team/web/manifests/1"
        self.send_response(200 if there else 404)
        if there:
            self.send_header("Docker-Content-Digest", "sha256:abc")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _OneImage)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_tag_has_a_digest_and_what_is_not_there_has_none(host: str) -> None:
    assert Registry(host).digest("team/web", "1") == "sha256:abc"
    assert Registry(host).digest("team/web", "2") == ""


def test_a_registry_that_does_not_answer_is_named() -> None:
    with pytest.raises(BuilderMissing, match=r"registry at 127\.0\.0\.1:1 does not answer"):
        Registry("127.0.0.1:1").digest("a", "b")


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("127.0.0.1:30500", True),
        ("registry.system.svc:5000", True),
        ("registry.example.com", False),
        ("10.0.0.1:5000", False),
    ],
)
def test_only_registries_close_by_are_spoken_to_without_tls(host: str, plain: bool) -> None:
    assert Registry(host).plain is plain
