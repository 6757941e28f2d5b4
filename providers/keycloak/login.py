"""The access token: fetched when first needed, renewed before it ends, fetched anew when the server forgets it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from urllib3 import BaseHTTPResponse

from providers.keycloak.errors import LoginRefused
from providers.keycloak.settings import Settings

_EARLY = 10
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Login:
    """One login, shared by all threads; `post` sends a form to the server."""

    def __init__(self, settings: Settings, post: Callable[[str, dict[str, str]], BaseHTTPResponse]) -> None:
        self._settings = settings
        self._post = post
        self._lock = threading.Lock()
        self._token = settings.access_token if settings.grant == "access_token" else ""
        self._ends = float("inf") if self._token else 0.0

    def token(self) -> str:
        """A token that is good for some seconds at least."""
        with self._lock:
            if not self._token or time.monotonic() > self._ends:
                self._fetch()
            return self._token

    def forget(self, token: str) -> bool:
        """The server refused the token; whether another can be had."""
        with self._lock:
            if self._token == token and self._settings.grant != "access_token":
                self._token = ""
            return self._settings.grant != "access_token"

    def _fetch(self) -> None:
        who = self._settings
        if not who.grant:
            raise LoginRefused("provider keycloak has no login; give username and password, or a clientSecret")
        form = {"grant_type": who.grant, "client_id": who.client_id, **self._proof()}
        response = self._post(
            f"{who.url}/realms/{who.realm}/protocol/openid-connect/token", {k: v for k, v in form.items() if v}
        )
        if response.status != 200:
            raise LoginRefused(_refusal(who, response))
        answer = json.loads(response.data)
        self._token = str(answer["access_token"])
        self._ends = time.monotonic() + max(1.0, float(answer.get("expires_in", 60)) - _EARLY)

    def _proof(self) -> dict[str, str]:
        who = self._settings
        if who.grant == "password":
            return {"username": who.username, "password": who.password, "client_secret": who.client_secret}
        if not (who.jwt_token or who.jwt_token_file or who.jwt_signing_key):
            return {"client_secret": who.client_secret}
        return {"client_assertion_type": _ASSERTION, "client_assertion": self._assertion()}

    def _assertion(self) -> str:
        who = self._settings
        if who.jwt_token:
            return who.jwt_token
        if who.jwt_token_file:
            return Path(who.jwt_token_file).read_text(encoding="utf-8").strip()
        from providers.keycloak.jwt import signed

        now = int(time.time())
        claims = {
            "iss": who.client_id,
            "sub": who.client_id,
            "aud": f"{who.url}/realms/{who.realm}",
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 300,
        }
        return signed(claims, key=who.jwt_signing_key, algorithm=who.jwt_signing_alg)


def _refusal(who: Settings, response: BaseHTTPResponse) -> str:
    try:
        answer = json.loads(response.data)
        said = answer.get("error_description") or answer.get("error") or ""
    except (ValueError, AttributeError):
        said = ""
    name = f"user '{who.username}'" if who.grant == "password" else f"client '{who.client_id}'"
    place = f"realm '{who.realm}' of {who.url}"
    if response.status == 404:
        return f"{place} was not found; check url, basePath (/auth before version 17) and realm"
    return f"{place} does not let {name} in ({response.status}{': ' + said if said else ''})"
