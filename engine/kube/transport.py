"""HTTP to one API server: connections, proof of identity, retries, and errors in plain words."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from engine.kube.config import Access
from engine.kube.connections import Call, Connections, Reply
from engine.kube.credentials import Credentials, tls_context
from engine.kube.errors import Unreachable, from_response

Query: TypeAlias = Mapping[str, str | int | bool | None]

_BUSY_TRIES = 5
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `timeout` (seconds without a byte) None waits for ever, `stream` leaves the body to be read."""

    method: str
    path: str
    query: Query | None = None
    body: Any = None
    content_type: str = "application/json"
    timeout: float | None = 30.0
    stream: bool = False

    @property
    def target(self) -> str:
        """Path and query, as they are sent."""
        pairs = {k: _text(v) for k, v in (self.query or {}).items() if v is not None and v != ""}
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def _text(value: str | int | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Transport:
    """Sends requests to one API server from any thread; opens nothing before the first of them."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._credentials = Credentials(access)
        self._lock = threading.Lock()
        self._pool: Connections | None = None
        self._certificate: tuple[bytes, bytes] = (b"", b"")

    def json(self, request: Request) -> dict[str, Any]:
        """Send, and return the decoded answer."""
        response = self.send(request)
        try:
            answer = json.loads(response.data)
        except ValueError:
            raise self._no_kubernetes(response) from None
        if not isinstance(answer, dict):
            raise self._no_kubernetes(response)
        return answer

    def text(self, request: Request) -> str:
        """Send, and return the answer as text."""
        return self.send(request).data.decode("utf-8", "replace")

    def send(self, request: Request) -> Reply:
        """Send; a refusal is raised as the KubeError it stands for, a busy server is asked again."""
        response = self._once(request)
        if response.status == 401 and self._credentials.renewable:
            self._credentials.forget()
            _drop(request, response)
            response = self._once(request)
        for wait in range(1, _BUSY_TRIES):
            if response.status not in _BUSY or not response.headers.get("Retry-After"):
                break
            _drop(request, response)
            time.sleep(_pause(response.headers["Retry-After"], wait))
            response = self._once(request)
        if response.status >= 400:
            body = response.read() if request.stream else response.data
            _drop(request, response)
            raise from_response(response.status, body)
        return response

    def _once(self, request: Request) -> Reply:
        body = None if request.body is None else json.dumps(request.body, separators=(",", ":")).encode()
        headers = self.headers()
        if body is not None:
            headers["Content-Type"] = request.content_type
        with self.plain_errors():
            return self._connected().send(
                Call(
                    method=request.method,
                    target=request.target,
                    headers=headers,
                    body=body,
                    timeout=request.timeout,
                    stream=request.stream,
                )
            )

    def headers(self) -> dict[str, str]:
        """What every request says of itself."""
        headers = {"Accept": "application/json", "User-Agent": "microfoundry"}
        authorization = self._credentials.header()
        if authorization:
            headers["Authorization"] = authorization
        return headers

    def tls(self) -> ssl.SSLContext:
        """TLS settings for a connection that is not made here."""
        self._credentials.header()  # a plugin may bring a certificate
        return tls_context(self.access, self._credentials.certificate)

    def _connected(self) -> Connections:
        with self._lock:
            if self._pool is None or self._certificate != self._credentials.certificate:
                self._certificate = self._credentials.certificate
                self._pool = self._manager()
            return self._pool

    def _manager(self) -> Connections:
        tls = tls_context(self.access, self._certificate) if self.access.server.startswith("https:") else None
        return Connections(self.access.server, tls=tls, tls_name=self.access.tls_server_name, proxy=self.proxy())

    def proxy(self) -> str:
        """The proxy between us and the server, if the kubeconfig or the environment names one."""
        if self.access.proxy_url:
            return self.access.proxy_url
        parts = urlsplit(self.access.server)
        variable = f"{parts.scheme}_proxy"
        proxy = os.environ.get(variable) or os.environ.get(variable.upper()) or ""
        if not proxy or _is_loopback(parts.hostname or ""):
            return ""
        from urllib.request import proxy_bypass  # late: proxies are rare and this import is slow

        return "" if proxy_bypass(parts.hostname or "") else proxy

    @contextlib.contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn what sockets and TLS raise into Unreachable."""
        try:
            yield
        except (HTTPException, OSError) as exc:
            raise self.unreachable(exc) from exc

    def unreachable(self, exc: Exception) -> Unreachable:
        """One line that says which server, why, and which kubeconfig named it."""
        cause = _root(exc)
        text = f"cannot reach the Kubernetes API at {self.access.server}: {_reason(cause)} (from {self.access.source})"
        return Unreachable(text, hint="is the cluster running, and is this the right kubeconfig?")

    def _no_kubernetes(self, response: Reply) -> Unreachable:
        kind = response.headers.get("Content-Type", "nothing readable")
        text = f"{self.access.server} answers, but not as a Kubernetes API ({kind}; from {self.access.source})"
        return Unreachable(text)

    def close(self) -> None:
        """Let go of idle connections."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()


def _drop(request: Request, response: Reply) -> None:
    """A streamed reply that is not read to its end takes its connection with it."""
    if request.stream:
        response.close()


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _pause(retry_after: str, attempt: int) -> float:
    try:
        return min(float(retry_after), 5.0)
    except ValueError:
        return float(attempt)


def _root(exc: Exception) -> BaseException:
    """The error that another one was raised for."""
    return exc.__cause__ or exc


def _reason(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__
