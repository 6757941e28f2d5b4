"""Kept connections: reused while they live, replaced when the server hung up, a call is never sent twice for it."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import socket
import threading
from collections.abc import Iterator

import pytest

from engine.kube.connections import Call, Connections


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.client_address[1]))  # type: ignore[attr-defined] # kept by the fixture
        if self.path == "/stream":
            self._stream()
            return
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/hang-up":
            self.close_connection = True

    do_POST = do_GET

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"4\r\none\n\r\n")
        self.wfile.flush()
        self.server.hold.wait(10)  # type: ignore[attr-defined] # kept by the fixture

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made.daemon_threads = True
    made.seen, made.hold = [], threading.Event()  # type: ignore[attr-defined] # what the handler keeps
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.hold.set()  # type: ignore[attr-defined] # as above
    made.shutdown()
    made.server_close()


def _connections(server: http.server.ThreadingHTTPServer) -> Connections:
    return Connections(f"http://127.0.0.1:{server.server_port}")


def _call(target: str, *, method: str = "GET", stream: bool = False, timeout: float = 5) -> Call:
    return Call(method=method, target=target, headers={}, stream=stream, timeout=timeout)


def _ports(server: http.server.ThreadingHTTPServer) -> list[int]:
    return [port for _, port in server.seen]  # type: ignore[attr-defined] # kept by the fixture


def test_a_second_call_uses_the_first_ones_connection(server) -> None:
    connections = _connections(server)
    assert [connections.send(_call(path)).data for path in ("/a", "/b")] == [b"/a", b"/b"]
    assert len(set(_ports(server))) == 1
    connections.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_server_closed_is_replaced_before_anything_is_sent(server, method: str) -> None:
    connections = _connections(server)
    connections.send(_call("/hang-up"))
    for _ in range(50):
        if connections._idle and connections._idle[0].is_dropped():
            break
        threading.Event().wait(0.02)
    assert connections.send(_call("/again", method=method)).data == b"/again"
    assert [path for path, _ in server.seen] == ["/hang-up", "/again"]
    assert len(set(_ports(server))) == 2
    connections.close()


def test_parallel_calls_have_connections_of_their_own(server) -> None:
    connections = _connections(server)
    stream = connections.send(_call("/stream", stream=True))
    assert connections.send(_call("/a")).data == b"/a"
    assert stream.read1(100) == b"one\n"
    stream.close()
    connections.close()


def test_a_stream_can_be_ended_while_another_thread_waits_in_it(server) -> None:
    stream = _connections(server).send(_call("/stream", stream=True, timeout=10))
    assert stream.read1(100) == b"one\n"
    ended = threading.Event()

    def wait() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):  # any end is an end
            stream.read1(100)
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    threading.Timer(0.1, stream.shutdown).start()
    assert ended.wait(3)
    stream.close()


def test_a_base_path_of_the_server_stays_in_front(server) -> None:
    connections = Connections(f"http://127.0.0.1:{server.server_port}/k8s/clusters/c1/")
    assert connections.send(_call("/api")).data == b"/k8s/clusters/c1/api"
    connections.close()


def test_no_answer_in_time_is_a_timeout(server) -> None:
    stream = _connections(server).send(_call("/stream", stream=True, timeout=0.2))
    assert stream.read1(100) == b"one\n"
    with pytest.raises(TimeoutError):
        stream.read1(100)
    stream.close()


def test_nobody_at_the_port_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        Connections(f"http://127.0.0.1:{port}").send(_call("/"))


def test_a_proxy_is_asked_for_a_tunnel_with_its_login() -> None:
    heard: list[bytes] = []

    def proxy(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            heard.append(client.recv(65536))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            heard.append(client.recv(65536))
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=proxy, args=(listener,), daemon=True).start()
        through = f"http://me:secret@127.0.0.1:{listener.getsockname()[1]}"
        connections = Connections("http://cluster.test:6443", proxy=through)
        assert connections.send(_call("/api")).data == b"hi"
        connections.close()
    assert heard[0].startswith(b"CONNECT cluster.test:6443")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in heard[0]
    assert heard[1].startswith(b"GET /api ")
