"""The provider's configuration: which server, and who we are to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.values import UNKNOWN, Props
from providers.keycloak.errors import KeycloakError
from providers.plain import reveal

_ENVIRONMENT = {
    "accessToken": "KEYCLOAK_ACCESS_TOKEN",
    "adminUrl": "KEYCLOAK_ADMIN_URL",
    "basePath": "KEYCLOAK_BASE_PATH",
    "clientId": "KEYCLOAK_CLIENT_ID",
    "clientSecret": "KEYCLOAK_CLIENT_SECRET",
    "clientTimeout": "KEYCLOAK_CLIENT_TIMEOUT",
    "jwtSigningKey": "KEYCLOAK_JWT_SIGNING_KEY",
    "jwtToken": "KEYCLOAK_JWT_TOKEN",
    "jwtTokenFile": "KEYCLOAK_JWT_TOKEN_FILE",
    "keycloakVersion": "KEYCLOAK_VERSION",
    "password": "KEYCLOAK_PASSWORD",
    "realm": "KEYCLOAK_REALM",
    "url": "KEYCLOAK_URL",
    "username": "KEYCLOAK_USER",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configured provider's server and login; the texts of secrets are never shown."""

    url: str
    admin_url: str
    realm: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    jwt_token: str = field(default="", repr=False)
    jwt_token_file: str = ""
    jwt_signing_key: str = field(default="", repr=False)
    jwt_signing_alg: str = "RS256"
    initial_login: bool = True
    timeout: float = 5
    verify: bool = True
    root_ca: str = ""
    certificate: str = ""
    private_key: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def grant(self) -> str:
        """How the login is done; empty when nothing is known that could be used."""
        if self.username and self.password:
            return "password"
        if self.client_secret or self.jwt_token or self.jwt_token_file or self.jwt_signing_key:
            return "client_credentials"
        return "access_token" if self.access_token else ""


def settings(inputs: Props, environment: Mapping[str, str]) -> Settings:
    """Settings from the provider's inputs, completed from the run's environment."""
    given = completed(inputs, environment)
    if not given.get("url"):
        raise KeycloakError("provider keycloak has no url", hint="set keycloak:url or KEYCLOAK_URL")
    base = str(given.get("basePath") or "").rstrip("/")
    url = str(given["url"]).rstrip("/")
    found = Settings(
        url=url + base,
        admin_url=str(given.get("adminUrl") or url).rstrip("/") + base,
        realm=str(given.get("realm") or "master"),
        client_id=str(given.get("clientId") or ""),
        client_secret=str(given.get("clientSecret") or ""),
        username=str(given.get("username") or ""),
        password=str(given.get("password") or ""),
        access_token=str(given.get("accessToken") or ""),
        jwt_token=str(given.get("jwtToken") or ""),
        jwt_token_file=str(given.get("jwtTokenFile") or ""),
        jwt_signing_key=str(given.get("jwtSigningKey") or ""),
        jwt_signing_alg=str(given.get("jwtSigningAlg") or "RS256"),
        initial_login=_flag(given, "initialLogin", default=True),
        timeout=_number(given, "clientTimeout", 5),
        verify=not _flag(given, "tlsInsecureSkipVerify"),
        root_ca=str(given.get("rootCaCertificate") or ""),
        certificate=str(given.get("tlsClientCertificate") or ""),
        private_key=str(given.get("tlsClientPrivateKey") or ""),
        headers=_headers(given.get("additionalHeaders")),
    )
    return _credible(found)


def completed(inputs: Props, environment: Mapping[str, str]) -> dict[str, Any]:
    """The inputs with secrets opened; what they leave out comes from the environment."""
    given = dict(reveal(inputs))
    for key, variable in _ENVIRONMENT.items():
        if given.get(key) in (None, "") and environment.get(variable):
            given[key] = environment[variable]
    return given


def server_of(inputs: Props, environment: Mapping[str, str]) -> Any:
    """What tells one server from another; UNKNOWN when it can't be said yet."""
    given = completed(inputs, environment)
    parts = (given.get("url") or "", given.get("basePath") or "")
    return UNKNOWN if UNKNOWN in parts else "".join(str(part).rstrip("/") for part in parts)


def _credible(found: Settings) -> Settings:
    if not found.grant and found.initial_login:
        raise KeycloakError(
            "provider keycloak has no login",
            hint="give clientId with username and password, or clientId with clientSecret, or accessToken",
        )
    if not found.client_id and found.grant == "password":
        raise KeycloakError("provider keycloak has a username but no clientId", hint="admin-cli is usual")
    if not found.client_id and found.client_secret:
        raise KeycloakError("provider keycloak has a clientSecret but no clientId")
    return found


def _headers(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = json.loads(value) if value else {}
    return {str(key): str(text) for key, text in (value or {}).items()}


def _number(given: Mapping[str, Any], key: str, default: float) -> float:
    value = given.get(key)
    try:
        return default if value in (None, "") else float(str(value))
    except ValueError as exc:
        raise KeycloakError(f"provider keycloak: {key} is '{value}'; give a number of seconds") from exc


def _flag(given: Mapping[str, Any], key: str, *, default: bool = False) -> bool:
    value = given.get(key)
    return default if value in (None, "") else str(value).lower() in ("true", "1")
