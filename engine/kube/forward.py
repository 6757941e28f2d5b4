"""A port on loopback that leads into a pod, over websockets."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from engine.kube.errors import KubeError
from engine.kube.stream import connected
from engine.kube.transport import Transport

_DATA, _ERROR = 0, 1
_PROTOCOL = "v4.channel.k8s.io"
_CHUNK = 32768
_LAST_WORDS = 30.0
"""Seconds that the pod may go on answering after its peer has said all; the protocol can't tell it that."""


@contextlib.contextmanager
def port_forward(transport: Transport, namespace: str, pod: str, port: int) -> Iterator[int]:
    """Listen on a free port of loopback; each connection to it becomes one to the pod's port."""
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={port}"
    with connected(transport, path, [_PROTOCOL]):
        pass  # a missing pod or right must fail here, where somebody listens
    with socket.create_server(("127.0.0.1", 0)) as server:
        accept = threading.Thread(target=_accept, args=(server, transport, path), daemon=True)
        accept.start()
        try:
            yield server.getsockname()[1]
        finally:
            # Closing alone would leave the thread in accept().
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            accept.join(timeout=2)


def _accept(server: socket.socket, transport: Transport, path: str) -> None:
    while True:
        try:
            local, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(local, transport, path), daemon=True).start()


def _serve(local: socket.socket, transport: Transport, path: str) -> None:
    """Join one local connection with one websocket."""
    # When the pod can't be reached, closing the local connection is all that its peer can be told.
    with local, contextlib.suppress(KubeError), connected(transport, path, [_PROTOCOL]) as remote:
        remote.settimeout(None)
        back = threading.Thread(target=_from_pod, args=(local, remote), daemon=True)
        back.start()
        _to_pod(local, remote)
        back.join(timeout=_LAST_WORDS)


def _to_pod(local: socket.socket, remote: Any) -> None:
    import websocket

    try:
        while chunk := local.recv(_CHUNK):
            remote.send_binary(bytes([_DATA]) + chunk)
    except (websocket.WebSocketException, OSError):
        return


def _from_pod(local: socket.socket, remote: Any) -> None:
    import websocket

    greeted: set[int] = set()
    with contextlib.suppress(websocket.WebSocketException, OSError):
        while frame := remote.recv():
            channel, data = frame[0], frame[1:]
            if channel not in greeted:  # the first frame of each channel repeats the port number
                greeted.add(channel)
                data = data[struct.calcsize("<H") :]
            if channel == _ERROR and data:
                break
            local.sendall(data)
    with contextlib.suppress(OSError):
        local.shutdown(socket.SHUT_RDWR)
