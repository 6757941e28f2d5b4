"""Commands in containers, over a websocket."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from socket import SHUT_RDWR
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode, urlsplit

from engine.kube.errors import KubeError, Unreachable, from_response, from_status
from engine.kube.transport import Transport

_STDIN, _STDOUT, _STDERR, _ERROR, _CLOSE = 0, 1, 2, 3, 255
_WITH_CLOSE = "v5.channel.k8s.io"
_WITHOUT_CLOSE = "v4.channel.k8s.io"
_CHUNK = 32768
_START_FAILED = "unable to start container process: "


@dataclass(frozen=True, slots=True)
class Target:
    """The container to run in; an empty container is the pod's only or default one."""

    namespace: str
    pod: str
    container: str = ""


@dataclass(frozen=True, slots=True)
class ExecResult:
    """What a command left behind."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """Where a command reads from and writes to; with a terminal, errors come on stdout."""

    stdout: BinaryIO
    stderr: BinaryIO
    stdin: BinaryIO | None = None
    tty: bool = False


def run(transport: Transport, target: Target, command: Sequence[str], stdin: bytes | None) -> ExecResult:
    """Run a command to its end and collect its output."""
    out, err = io.BytesIO(), io.BytesIO()
    given = None if stdin is None else io.BytesIO(stdin)
    code = attach(transport, target, command, Pipes(stdout=out, stderr=err, stdin=given))
    return ExecResult(code, out.getvalue(), err.getvalue())


def attach(transport: Transport, target: Target, command: Sequence[str], pipes: Pipes) -> int:
    """Run a command with its streams connected; returns its exit code."""
    query = [("command", word) for word in command]
    query += [("container", target.container)] if target.container else []
    query += [("stdout", "true"), ("stderr", str(not pipes.tty).lower()), ("tty", str(pipes.tty).lower())]
    query += [("stdin", str(pipes.stdin is not None).lower())]
    path = f"/api/v1/namespaces/{quote(target.namespace)}/pods/{quote(target.pod)}/exec?{urlencode(query)}"
    with connected(transport, path, [_WITH_CLOSE, _WITHOUT_CLOSE]) as socket:
        if pipes.stdin is not None:
            can_close = socket.getsubprotocol() == _WITH_CLOSE
            feed = threading.Thread(target=_feed, args=(socket, pipes.stdin, can_close), daemon=True)
            feed.start()
        return _collect(socket, pipes)


@contextlib.contextmanager
def connected(transport: Transport, path: str, protocols: Sequence[str]) -> Iterator[Any]:
    """A websocket at a path of the API server, open as long as the context is."""
    channel = _connect(transport, path, protocols)
    raw = channel.sock
    try:
        yield channel
    finally:
        # Not the library's own close: that one leaves the socket open if the peer went first.
        channel.shutdown()
        with contextlib.suppress(OSError):
            raw.shutdown(SHUT_RDWR)
        raw.close()


def _connect(transport: Transport, path: str, protocols: Sequence[str]) -> Any:
    import websocket  # late: few commands need it, and it is slow to load

    access = transport.access
    # The node's own server answers, which knows no media type for a stream and refuses to be asked for one.
    headers = {**transport.headers(), "Accept": "*/*"}
    options: dict[str, Any] = {"header": [f"{k}: {v}" for k, v in headers.items()]}
    if access.server.startswith("https:"):
        options["sslopt"] = {"context": transport.tls()}
        if access.tls_server_name:
            options["sslopt"]["server_hostname"] = access.tls_server_name
    proxy = urlsplit(transport.proxy())
    if proxy.hostname:
        options.update(http_proxy_host=proxy.hostname, http_proxy_port=proxy.port, proxy_type="http")
    else:
        options["http_no_proxy"] = ["*"]
    url = "ws" + access.server.removeprefix("http") + path
    try:
        return websocket.create_connection(
            url, timeout=30, subprotocols=list(protocols), suppress_origin=True, enable_multithread=True, **options
        )
    except websocket.WebSocketBadStatusException as exc:
        raise from_response(exc.status_code, exc.resp_body or b"") from exc
    except (websocket.WebSocketException, OSError) as exc:
        raise transport.unreachable(exc) from exc


def _feed(socket: Any, source: BinaryIO, can_close: bool) -> None:
    """Pass input on until it ends or the command is gone."""
    import websocket

    read = getattr(source, "read1", source.read)
    try:
        while chunk := read(_CHUNK):
            socket.send_binary(bytes([_STDIN]) + chunk)
        if can_close:
            socket.send_binary(bytes([_CLOSE, _STDIN]))
    except (websocket.WebSocketException, OSError, ValueError):
        return  # the command ended without reading all of its input, which is its right


def _collect(socket: Any, pipes: Pipes) -> int:
    """Pass output on until the command ends; returns its exit code."""
    import websocket

    socket.settimeout(None)
    sinks = {_STDOUT: pipes.stdout, _STDERR: pipes.stderr}
    while True:
        try:
            frame = socket.recv()
        except (websocket.WebSocketException, OSError) as exc:
            raise Unreachable("the connection to the container broke before the command ended") from exc
        data = frame.encode() if isinstance(frame, str) else frame
        if not data:
            raise Unreachable("the connection to the container was closed before the command ended")
        if data[0] == _ERROR:
            return _exit_code(data[1:])
        if data[0] in sinks:
            sinks[data[0]].write(data[1:])
            sinks[data[0]].flush()


def _exit_code(status: bytes) -> int:
    answer = json.loads(status)
    if answer.get("status") == "Success":
        return 0
    if answer.get("reason") == "NonZeroExitCode":
        causes = (answer.get("details") or {}).get("causes") or []
        return next((int(c["message"]) for c in causes if c.get("reason") == "ExitCode"), 1)
    cause = str(answer.get("message", "")).rpartition(_START_FAILED)
    if cause[1]:
        raise KubeError(int(answer.get("code") or 500), "NotStarted", f"the command cannot be started: {cause[2]}")
    raise from_status(answer)
