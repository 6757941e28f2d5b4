"""The provider of the package `pulumi`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.deploy.builtin.functions import Functions
from engine.errors import ProviderError
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
    Info,
    InvokeReply,
    InvokeRequest,
    Provider,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from engine.values_walk import plain
from engine.wire.diff import equal

BUILTIN: Final = "pulumi"
"""The name of the package."""
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
STASH: Final = "pulumi:index:Stash"

_KEYS: Final[Mapping[str, str]] = {STACK_REFERENCE: "name", STASH: "input"}
"""The one input of each type; a stack reference of another name is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinProvider(Provider):
    """Stack references are read (old SDKs create them); a stash keeps the first value it is given."""

    functions: Functions
    warn: Callable[[str, str], None]
    """Shows a line about the resource of that URN."""

    @property
    def info(self) -> Info:
        """Takes secrets and references, as what it is given ends in the state alone."""
        return Info(name=BUILTIN, version="", accept_secrets=True, accept_resources=True)

    def check(self, request: CheckRequest) -> CheckReply:
        """One input is needed, and no other is known."""
        key = _key(request.type)
        if request.type == STACK_REFERENCE:
            self.warn(
                f'The "{STACK_REFERENCE}" resource type is deprecated. Update your SDK or if already up to date raise '
                "an issue at https://github.com/pulumi/pulumi/issues.",
                request.urn,
            )
        failures = [CheckFailure(one, f'unknown property "{one}"') for one in request.news if one != key]
        if key not in request.news:
            failures.append(CheckFailure(key, f'missing required property "{key}"'))
        return CheckReply(inputs=request.news, failures=failures[:1])

    def diff(self, request: DiffRequest) -> DiffReply:
        """Another stack needs another reference; a stash takes note of its new input."""
        key = _key(request.type)
        if equal(request.old_inputs.get(key), request.news.get(key)):
            return DiffReply(changes=DiffChanges.NONE)
        replaces = [key] if request.type == STACK_REFERENCE else []
        return DiffReply(changes=DiffChanges.SOME, diffs=[key], replaces=replaces)

    def create(self, request: CreateRequest) -> CreateReply:
        """A fresh id for what lives in the state alone."""
        id = "" if request.preview else str(uuid.uuid4())
        if _key(request.type) == "name":
            return CreateReply(id=id, outputs=self.functions.stack_outputs(request.inputs))
        value = request.inputs.get("input")
        return CreateReply(id=id, outputs={"input": value, "output": value})

    def read(self, request: ReadRequest) -> ReadReply:
        """The other stack's outputs as they are now; a stash as it was."""
        if _key(request.type) == "name":
            self._refuse_import(request.inputs)
            outputs = self.functions.stack_outputs(request.outputs or request.inputs)
            return ReadReply(id=request.id, outputs=outputs, inputs=request.inputs)
        nothing: dict[str, Any] = {"input": None}
        return ReadReply(
            id=request.id,
            inputs=request.inputs or nothing,
            outputs=request.outputs if request.inputs else {**nothing, "output": None},
        )

    def update(self, request: UpdateRequest) -> UpdateReply:
        """The stashed value stays; only a replacement takes a new one."""
        if request.type != STASH:
            raise ProviderError(f"unrecognized resource type '{request.type}'")
        return UpdateReply(outputs={"input": request.news.get("input"), "output": request.olds.get("output")})

    def delete(self, request: DeleteRequest) -> None:
        """Nothing is left behind outside of the state."""

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """One of the package's functions."""
        return InvokeReply(result=self.functions.call(request.token, request.args))

    def check_config(self, request: CheckRequest) -> CheckReply:
        """There are no settings: the config's keys of this name are meant for the engine."""
        del request
        return CheckReply(inputs={})

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """There are no settings."""
        del request
        return DiffReply(changes=DiffChanges.NONE)

    def configure(self, inputs: Props) -> None:
        """There are no settings."""

    def cancel(self) -> None:
        """Calls end by themselves."""

    def close(self) -> None:
        """Holds nothing."""

    def _refuse_import(self, inputs: Props) -> None:
        for key in plain(inputs):
            if key != "name":
                raise ProviderError(f'unknown property "{key}"')
        if "name" not in inputs:
            raise ProviderError("stack reference can not be imported")


def _key(type: str) -> str:
    if type not in _KEYS:
        raise ProviderError(f"unrecognized resource type '{type}'")
    return _KEYS[type]
