"""A provider plugin as a Provider: every call goes over gRPC."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from engine.component_api import CallReply, CallRequest, ConstructReply, ConstructRequest
from engine.errors import EngineError, ProviderError
from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffReply,
    DiffRequest,
    Info,
    InvokeReply,
    InvokeRequest,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from engine.values_walk import plain
from engine.wire.fold import Keep, fold
from engine.wire.plugin import replies, requests
from engine.wire.plugin.connection import Connection, label
from engine.wire.plugin.contents import with_contents
from engine.wire.plugin.faults import NotDone, sane
from engine.wire.plugin.requests import Marshal
from engine.wire.struct import encode

_T = TypeVar("_T")
_OLD_KUBERNETES: Final = ("Unimplemented", "cannot unmarshal string into Go value of type struct")
"""How old versions of that plugin say that they do not check or compare settings."""
_SECONDS_TO_HEED: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """How to greet a plugin: where the engine serves, where the plugin is (for people), and in which folder.

    Without a folder it is one that runs already, to attach to.
    """

    package: str
    engine: str
    where: str
    folder: str | None = None


class PluginClient:
    """Fulfils Provider and ComponentProvider over a connection, which it owns."""

    def __init__(self, connection: Connection, greeting: Greeting) -> None:
        self._connection = connection
        self._stub = connection.stub(provider_pb2_grpc.ResourceProviderStub)
        self.release: Callable[[], None] = connection.close
        """What closing lets go of."""
        self._is_ours = greeting.folder is not None
        self._package = greeting.package
        self._where = greeting.where
        self._agreed = self._handshake(greeting)
        if greeting.folder is None:
            self._ask("Attach", plugin_pb2.PluginAttach(address=greeting.engine), timeout=self._connection.patience)
        self._info = self._introduced()

    @property
    def info(self) -> Info:
        """What the plugin said of itself; without a handshake only Configure tells what it takes."""
        return self._info

    def check_config(self, request: CheckRequest) -> CheckReply:
        """Settings as they come where the plugin has no opinion."""
        try:
            return self._read("CheckConfig", requests.check_config(request), replies.check)
        except (NotDone, ProviderError) as error:
            self._forgive(error)
            return CheckReply(inputs=request.news)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """A change without replacement where the plugin has no opinion."""
        try:
            return self._read("DiffConfig", requests.diff_config(request), replies.diff)
        except (NotDone, ProviderError) as error:
            self._forgive(error)
            return DiffReply(changes=DiffChanges.UNKNOWN)

    def configure(self, inputs: Props) -> None:
        """Settings both ways: old plugins read only the texts in `variables`."""
        reply = self._ask(
            "Configure",
            provider_pb2.ConfigureRequest(
                variables=_variables(self._package, inputs),
                args=encode(inputs, keep_secrets=True, keep_resources=True),
                acceptSecrets=True,
                acceptResources=True,
                sends_old_inputs=True,
                sends_old_inputs_to_delete=True,
            ),
        )
        if not self._agreed:
            self._info = Info(
                name=self._info.name,
                version=self._info.version,
                accept_secrets=reply.acceptSecrets,
                accept_resources=reply.acceptResources,
                accept_outputs=reply.acceptOutputs,
                supports_preview=reply.supportsPreview,
            )

    def check(self, request: CheckRequest) -> CheckReply:
        """Validate and complete inputs."""
        return self._read("Check", requests.check(request, self._marshal), replies.check)

    def diff(self, request: DiffRequest) -> DiffReply:
        """Compare."""
        return self._read("Diff", requests.diff(request, self._marshal), replies.diff)

    def create(self, request: CreateRequest) -> CreateReply:
        """Make."""
        message = requests.create(request, self._marshal)
        return self._read("Create", message, lambda reply: replies.create(reply, preview=request.preview))

    def read(self, request: ReadRequest) -> ReadReply:
        """Look up."""
        reply = self._read("Read", requests.read(request, self._marshal), replies.read)
        # Assets were sent as hashes; what comes back as a hash is what was sent.
        restored = with_contents(request.inputs, request.outputs)
        inputs = None if reply.inputs is None else restored(reply.inputs)
        return ReadReply(id=reply.id, outputs=restored(reply.outputs), inputs=inputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Change."""
        message = requests.update(request, self._marshal)
        return self._read("Update", message, lambda reply: replies.update(reply, preview=request.preview))

    def delete(self, request: DeleteRequest) -> None:
        """Remove."""
        self._ask("Delete", requests.delete(request, self._marshal))

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """Call a function."""
        return self._read("Invoke", requests.invoke(request, self._marshal), replies.invoke)

    def construct(self, request: ConstructRequest) -> ConstructReply:
        """Build a component."""
        return self._read("Construct", requests.construct(request, self._marshal), replies.construct)

    def call(self, request: CallRequest) -> CallReply:
        """Call a method."""
        return self._read("Call", requests.call(request, self._marshal), replies.call)

    def cancel(self) -> None:
        """Ask running calls to end soon; a plugin that can't be asked is ended by `close` all the same."""
        try:
            self._ask("Cancel", Empty(), timeout=_SECONDS_TO_HEED)
        except EngineError:
            return

    def close(self) -> None:
        """Let go; calls under way end. A plugin that only was attached to is to serve others after us."""
        if self._is_ours:
            self.cancel()
        self.release()

    @property
    def _marshal(self) -> Marshal:
        return Marshal(self._info)

    def _handshake(self, greeting: Greeting) -> Any:
        """What the plugin agreed to; None where it knows no handshake."""
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=greeting.engine,
            root_directory=greeting.folder,
            program_directory=greeting.folder,
            invoke_with_preview=True,
        )
        try:
            return self._ask("Handshake", request, timeout=self._connection.patience)
        except NotDone:
            return None
        except ProviderError as error:
            raise ProviderError(f"failed to handshake with {self._connection.label}: {error.message}") from error

    def _forgive(self, error: EngineError) -> None:
        """Raise the error again, unless it says that the plugin has no opinion on settings."""
        old = self._package == "kubernetes" and any(words in error.message for words in _OLD_KUBERNETES)
        if not isinstance(error, NotDone) and not old:
            raise error

    def _introduced(self) -> Info:
        try:
            version = self._ask("GetPluginInfo", Empty(), timeout=self._connection.patience).version
        except NotDone:
            version = ""
        self._connection.label = label(self._package, version, self._where)
        agreed = self._agreed
        if agreed is None:
            # Settings are sent with their secrets; by the first resource Configure has told the rest.
            return Info(name=self._package, version=version, supports_preview=False)
        return Info(
            name=self._package,
            version=version,
            accept_secrets=agreed.accept_secrets,
            accept_resources=agreed.accept_resources,
            accept_outputs=agreed.accept_outputs,
        )

    def _read(self, name: str, request: Any, read: Callable[[Any], _T]) -> _T:
        reply = self._ask(name, request)
        return sane(self._connection.label, name, lambda: read(reply))

    def _ask(self, name: str, request: Any, timeout: float | None = None) -> Any:
        return self._connection.call(getattr(self._stub, name), request, name=name, timeout=timeout)


def _variables(package: str, inputs: Props) -> Mapping[str, str]:
    return {f"{package}:config:{key}": _text(plain(value)) for key, value in inputs.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(fold(value, Keep()), separators=(",", ":"))
