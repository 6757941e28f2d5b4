"""Fixtures of the bundle's tests: an empty store, jobs in it, makers without network, a small web server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from baremetal.bundle.model import Lane, Output
from baremetal.bundle.store import Made, Store
from baremetal.bundle.work import Job


@dataclass(kw_only=True)
class FakeMaker:
    """Writes its text into one file, and counts how often it was asked for anything."""

    text: str = "content"
    how: str = "by hand"
    lane: Lane = Lane.LIGHT
    needs: tuple[str, ...] = ()
    space: int = 1
    answers: bool = True
    error: Exception | None = None
    made: list[str] = field(default_factory=list)
    probes: int = 0

    def recipe(self) -> Mapping[str, object]:
        return {"text": self.text}

    def reachable(self) -> bool:
        self.probes += 1
        return self.answers

    def make(self, job: Job) -> Output:
        self.made.append(job.name)
        if self.error is not None:
            raise self.error
        beneath = "".join(path.read_text() for made in job.ingredients.values() for path in made.files.values())
        (job.folder / "out").write_text(beneath + self.text)
        job.say("writing")
        return Output(files={"out": "out"})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture
def new_job(store: Store, tmp_path: Path) -> Callable[..., Job]:
    def make(name: str = "thing", ingredients: Mapping[str, Made] | None = None) -> Job:
        folder = tmp_path / f"job-{name}"
        folder.mkdir()
        return Job(name=name, folder=folder, store=store, ingredients=ingredients or {}, say=lambda message: None)

    return make


@dataclass
class Reply:
    """What the web server says to one request."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[str, str, Mapping[str, str], bytes], Reply]


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], str]]:
    """Start a web server around `handler(method, path, headers, body)`; returns `host:port`."""
    servers: list[ThreadingHTTPServer] = []

    def start(handler: Handler) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _requests(handler))
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return f"127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _requests(handler: Handler) -> type[BaseHTTPRequestHandler]:
    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = handler(self.command, self.path, dict(self.headers), body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_HEAD = do_POST = do_PUT = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Requests
