"""Kept connections to one server, over the standard library alone: what else is loaded costs every command its time."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import ssl
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, unquote, urlsplit

_CONNECT_TIMEOUT = 5.0
_MOST_IDLE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it goes over the wire; `timeout` None waits for ever, `stream` leaves the body to be read."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None
    timeout: float | None = 30.0
    stream: bool = False


class Reply:
    """Status, headers and body; a streamed one holds its connection until `close`."""

    def __init__(self, connection: HTTPConnection, *, stream: bool) -> None:
        self._socket = connection.sock  # after a reply that is the last one the connection forgets it
        response: HTTPResponse = connection.getresponse()
        self.status = response.status
        self.headers = response.headers
        self._response = response
        self._connection = connection
        self.data = b"" if stream else response.read()

    def read(self) -> bytes:
        """What is left of the body."""
        return self._response.read()

    def read1(self, most: int) -> bytes:
        """What has arrived of a streamed body, at least a byte; nothing at its end."""
        return self._response.read1(most)

    def shutdown(self) -> None:
        """End the stream, even while another thread waits in it."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of a streamed reply's connection."""
        self._response.close()
        self._connection.close()


class _Connection(HTTPConnection):
    """One connection, with TLS where a context is given; connecting has a patience of its own."""

    def __init__(self, server: SplitResult, *, tls: ssl.SSLContext | None, tls_name: str, proxy: str) -> None:
        port = server.port or (443 if tls else 80)
        host = server.hostname or ""
        self._tls = tls
        self._tls_name = tls_name or host
        if not proxy:
            super().__init__(host, port, timeout=_CONNECT_TIMEOUT)
            return
        between = urlsplit(proxy)
        super().__init__(between.hostname or "", between.port or 80, timeout=_CONNECT_TIMEOUT)
        self.set_tunnel(host, port, _proxy_headers(between))

    def connect(self) -> None:
        super().connect()
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._tls_name)

    def is_dropped(self) -> bool:
        """Whether the server has hung up meanwhile: an idle connection has nothing to say else."""
        return bool(select.select([self.sock], [], [], 0)[0])


class Connections:
    """A server's connections, shared by threads; each call has one to itself."""

    def __init__(self, server: str, *, tls: ssl.SSLContext | None = None, tls_name: str = "", proxy: str = "") -> None:
        self._server = urlsplit(server)
        self._tls, self._tls_name, self._proxy = tls, tls_name, proxy
        self._lock = threading.Lock()
        self._idle: list[_Connection] = []
        weakref.finalize(self, _close_all, self._idle)

    def send(self, call: Call) -> Reply:
        """The reply; OSError or HTTPException when there is none. A GET that meets a stale connection is sent again."""
        connection, kept = self._take()
        try:
            return self._exchange(connection, call)
        except (OSError, HTTPException):
            connection.close()
            if not kept or call.method != "GET":
                raise
        connection = self._new()
        try:
            return self._exchange(connection, call)
        except (OSError, HTTPException):
            connection.close()
            raise

    def close(self) -> None:
        """Let go of idle connections."""
        with self._lock:
            _close_all(self._idle)

    def _exchange(self, connection: _Connection, call: Call) -> Reply:
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(call.timeout)
        connection.request(call.method, self._server.path.rstrip("/") + call.target, call.body, dict(call.headers))
        reply = Reply(connection, stream=call.stream)
        if not call.stream:
            self._give_back(connection)
        return reply

    def _take(self) -> tuple[_Connection, bool]:
        """An idle connection that is still up, or a new one; and which of both."""
        while True:
            with self._lock:
                if not self._idle:
                    break
                connection = self._idle.pop()
            with contextlib.suppress(OSError, ValueError):
                if not connection.is_dropped():
                    return connection, True
            connection.close()
        return self._new(), False

    def _give_back(self, connection: _Connection) -> None:
        if connection.sock is None:
            return  # the server asked for an end after this reply
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _new(self) -> _Connection:
        return _Connection(self._server, tls=self._tls, tls_name=self._tls_name, proxy=self._proxy)


def _close_all(connections: list[_Connection]) -> None:
    while connections:
        connections.pop().close()


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
