"""The provider itself: which call goes where."""

from __future__ import annotations

import threading

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffReply,
    DiffRequest,
    Host,
    Info,
    InvokeReply,
    InvokeRequest,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import UNKNOWN, Props
from engine.wire.diff import diff_props
from providers.errors import UnknownType
from providers.keycloak import functions, settings, tables
from providers.keycloak.api import Api
from providers.keycloak.errors import KeycloakError
from providers.keycloak.kind import Kind

VERSION = "6.14.1"
# Secrets arrive opened and are marked again by the engine; the SDK names the outputs that are secret.
_INFO = Info(name="keycloak", version=VERSION, accept_secrets=False)


class KeycloakProvider:
    """Serves the types of the `pulumi_keycloak` package in this process; calls may come from several threads."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._settings: settings.Settings | None = None
        self._api: Api | None = None
        self._lock = threading.Lock()

    @property
    def info(self) -> Info:
        """Takes no secrets, so that it never sees which values are."""
        return _INFO

    def check_config(self, request: CheckRequest) -> CheckReply:
        """There must be a server to talk to."""
        server = settings.server_of(request.news, self._host.environment)
        failures = [] if server else [CheckFailure("url", "url is required; set keycloak:url or KEYCLOAK_URL")]
        return CheckReply(inputs=request.news, failures=failures)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """Another server replaces everything in it; another login changes nothing."""
        old, new = (settings.server_of(one, self._host.environment) for one in (request.old_inputs, request.news))
        changed = DiffChanges.SOME if diff_props(request.old_inputs, request.news) else DiffChanges.NONE
        moved = new is not UNKNOWN and old != new
        return DiffReply(changes=DiffChanges.SOME if moved else changed, replaces=["url"] if moved else [])

    def configure(self, inputs: Props) -> None:
        """Who we are to which server; it is asked when it is first needed."""
        self._settings = settings.settings(inputs, self._host.environment)

    def check(self, request: CheckRequest) -> CheckReply:
        """Inputs made complete."""
        return self._kind(request.type).check(request)

    def diff(self, request: DiffRequest) -> DiffReply:
        """What an update would change."""
        return self._kind(request.type).diff(request)

    def create(self, request: CreateRequest) -> CreateReply:
        """Make one."""
        kind = self._kind(request.type)
        return kind.previewed(request) if request.preview else kind.create(self._server(), request)

    def read(self, request: ReadRequest) -> ReadReply:
        """Look one up."""
        return self._kind(request.type).read(self._server(), request)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Change one."""
        kind = self._kind(request.type)
        return kind.foretold(request) if request.preview else kind.update(self._server(), request)

    def delete(self, request: DeleteRequest) -> None:
        """Remove one."""
        self._kind(request.type).delete(self._server(), request)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """Look something up that is not of this stack."""
        function = functions.FUNCTIONS.get(request.token.removeprefix("keycloak:"))
        if function is None:
            raise UnknownType("keycloak", request.token, functions.FUNCTIONS)
        return function(self._server(), request)

    def cancel(self) -> None:
        """Requests are short, and end by their own timeout."""

    def close(self) -> None:
        """Let go of connections."""
        if self._api is not None:
            self._api.close()

    def _kind(self, token: str) -> Kind:
        kinds = tables.kinds()
        kind = kinds.get(token.removeprefix("keycloak:"))
        if kind is None:
            raise UnknownType("keycloak", token, kinds)
        return kind

    def _server(self) -> Api:
        with self._lock:
            if self._api is None:
                if self._settings is None:
                    raise KeycloakError("provider keycloak is not configured yet")
                self._api = Api(self._settings)
            return self._api
