"""Keycloak's Admin REST API: requests over kept connections, JSON in and out, refusals as errors."""

from __future__ import annotations

import json
import ssl
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import urllib3
from urllib3 import BaseHTTPResponse

from providers.keycloak.errors import KeycloakError, Refused, Unreachable
from providers.keycloak.login import Login
from providers.keycloak.settings import Settings

_CONNECTIONS = 32
_ANY = "*/*"


class Api:
    """One server; calls may come from several threads, and share connections."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = f"{settings.admin_url}/admin"
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            timeout=urllib3.Timeout(settings.timeout),
            retries=urllib3.Retry(connect=2, read=1, redirect=0, status=0, backoff_factor=0.2),
            **_tls(settings),
        )
        self._login = Login(settings, self._form)
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        if settings.initial_login:
            self._login.token()

    def get(self, path: str, **query: Any) -> Any:
        """What is there; an error when there is nothing."""
        return _json(self._send("GET", _with(path, query)))

    def find(self, path: str, **query: Any) -> Any:
        """What is there; None when there is nothing."""
        try:
            return self.get(path, **query)
        except Refused as exc:
            if exc.status == 404:
                return None
            raise

    def post(self, path: str, body: Any = None) -> Any:
        """Make something: the id from its address, else what the server answered."""
        response = self._send("POST", path, body)
        location = response.headers.get("Location")
        return unquote(location.rstrip("/").rpartition("/")[2]) if location else _json(response)

    def put(self, path: str, body: Any = None, *, content_type: str = "application/json") -> Any:
        """Change something."""
        return _json(self._send("PUT", path, body, content_type))

    def ask(self, path: str, body: Any, *, content_type: str = "application/json") -> Any:
        """A question that is asked with POST."""
        return _json(self._send("POST", path, body, content_type))

    def text(self, path: str) -> str:
        """What is there, as it is."""
        try:
            return self._send("GET", path, content_type=_ANY).data.decode()
        except UnicodeDecodeError as exc:
            raise KeycloakError(f"keycloak answered GET {path} with something that is not text") from exc

    def delete(self, path: str, body: Any = None) -> None:
        """Remove something; that it is gone already is fine."""
        try:
            self._send("DELETE", path, body)
        except Refused as exc:
            if exc.status != 404:
                raise

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """No other thread is in here with the same name: for lists that can only be changed as a whole."""
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            yield

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.clear()

    def _send(self, method: str, path: str, body: Any = None, content_type: str = "") -> BaseHTTPResponse:
        token = self._login.token()
        response = self._request(method, path, body, token, content_type)
        if response.status == 401 and self._login.forget(token):
            response = self._request(method, path, body, self._login.token(), content_type)
        if response.status >= 400:
            raise Refused(method, unquote(path), response.status, _said(response))
        return response

    def _request(self, method: str, path: str, body: Any, token: str, content_type: str) -> BaseHTTPResponse:
        accept = "*/*" if content_type == _ANY else "application/json"
        headers = {"Authorization": f"Bearer {token}", "Accept": accept, **self._settings.headers}
        data = None
        if body is not None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            headers["Content-Type"] = content_type or "application/json"
        return self._raw(method, f"{self._root}/{path}", body=data, headers=headers)

    def _form(self, url: str, form: dict[str, str]) -> BaseHTTPResponse:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._settings.headers}
        return self._raw("POST", url, body=urlencode(form).encode(), headers=headers)

    def _raw(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str]) -> BaseHTTPResponse:
        try:
            return self._pool.request(method, url, body=body, headers=dict(headers))
        except urllib3.exceptions.HTTPError as exc:
            reason = getattr(exc, "reason", None) or exc
            raise Unreachable(
                f"keycloak at {self._settings.url} does not answer: {reason}",
                hint="check url, rootCaCertificate and clientTimeout",
            ) from exc


def path(template: str, values: Mapping[str, Any]) -> str:
    """A path with the values filled in, each written so that it stays one part of the path."""
    return template.format_map({key: quote(str(value), safe="") for key, value in values.items()})


def _with(where: str, query: Mapping[str, Any]) -> str:
    return f"{where}?{urlencode(query)}" if query else where


def _json(response: BaseHTTPResponse) -> Any:
    if not response.data:
        return None
    try:
        return json.loads(response.data)
    except ValueError as exc:
        raise KeycloakError(f"keycloak answered {response.status} with something that is not JSON") from exc


def _said(response: BaseHTTPResponse) -> str:
    try:
        answer = json.loads(response.data)
    except ValueError:
        return ""
    if not isinstance(answer, Mapping):
        return ""
    errors = answer.get("errors")
    if isinstance(errors, list):
        return "; ".join(_said_one(one) for one in errors)
    return _said_one(answer)


def _said_one(answer: Mapping[str, Any]) -> str:
    words = answer.get("errorMessage") or answer.get("error_description") or answer.get("error") or ""
    field, params = answer.get("field"), answer.get("params")
    return " ".join(str(part) for part in (field, words, params) if part)


def _tls(settings: Settings) -> dict[str, Any]:
    if not settings.url.startswith("https:"):
        return {}
    context = ssl.create_default_context(cadata=settings.root_ca or None)
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.certificate:
        _load(context, settings)
    return {"ssl_context": context}


def _load(context: ssl.SSLContext, settings: Settings) -> None:
    """The certificate that shows who we are; the library reads it from a file only, which lives for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "client.pem"
        place.touch(mode=0o600)
        place.write_text(f"{settings.certificate}\n{settings.private_key}\n", encoding="utf-8")
        context.load_cert_chain(place)
