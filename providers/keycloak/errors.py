"""The errors of the provider `keycloak`.

ProviderError (engine.errors)
└── KeycloakError       anything that goes wrong between this provider and a server
    ├── Unreachable     no answer: wrong address, wrong certificate, too slow
    ├── LoginRefused    the server answers, but does not let us in
    └── Refused         the server says no to one request; `status` says which kind of no
"""

from __future__ import annotations

from engine.errors import ProviderError

_MEANING = {
    400: "the request makes no sense to it",
    401: "the login is no longer good",
    403: "the login lacks a role for that; give it the realm-management or admin roles it needs",
    404: "there is no such thing",
    409: "it exists already",
}


class KeycloakError(ProviderError):
    """Anything that goes wrong between this provider and a server."""


class Unreachable(KeycloakError):
    """No answer from the server."""


class LoginRefused(KeycloakError):
    """The server does not let us in."""


class Refused(KeycloakError):
    """The server says no to one request."""

    def __init__(self, method: str, path: str, status: int, said: str) -> None:
        meaning = f", {_MEANING[status]}" if status in _MEANING else ""
        words = f": {said}" if said else ""
        super().__init__(f"keycloak answered {method} {path} with {status}{meaning}{words}")
        self.status = status
        self.said = said
