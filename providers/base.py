"""What providers without configuration share: dispatch by type, and the plain answers that most types give."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffKind,
    DiffReply,
    DiffRequest,
    Info,
    InvokeReply,
    InvokeRequest,
    PropertyDiff,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from engine.wire.diff import diff_props
from providers.errors import ImportRefused, UnknownType

_REPLACED = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}


class ResourceType:
    """One resource type with the answers that suit most: inputs pass, changes update, state is what was written."""

    required: ClassVar[Sequence[str]] = ()
    replaced_by: ClassVar[Sequence[str] | None] = ()
    """Inputs whose change needs a new resource; None means all of them."""

    def check(self, request: CheckRequest) -> CheckReply:
        """Inputs as given; what is required must be there."""
        missing = [CheckFailure(key, f"{key} is required") for key in self.required if request.news.get(key) is None]
        return CheckReply(inputs=request.news, failures=missing)

    def diff(self, request: DiffRequest) -> DiffReply:
        """Old inputs against new ones."""
        olds, news = _own(request.old_inputs), _own(request.news)
        kinds = diff_props(olds, news, ignore=tuple(request.ignore_changes))
        roots = {path: path.split(".")[0].split("[")[0] for path in kinds}
        replaces = [p for p, root in roots.items() if self.replaced_by is None or root in self.replaced_by]
        return DiffReply(
            changes=DiffChanges.SOME if kinds else DiffChanges.NONE,
            replaces=replaces,
            diffs=sorted(set(roots.values())),
            detailed={p: PropertyDiff(_REPLACED[kind] if p in replaces else kind) for p, kind in kinds.items()},
        )

    def create(self, request: CreateRequest) -> CreateReply:
        """Make it."""
        raise NotImplementedError

    def read(self, request: ReadRequest) -> ReadReply:
        """Nothing outside to look at: state is the truth, so an unknown id can't be adopted."""
        if not request.outputs:
            raise ImportRefused(f"{request.type} cannot be imported: its values cannot be told from an id")
        return ReadReply(id=request.id, outputs=request.outputs, inputs=request.inputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Keep what was made, with the new inputs."""
        return UpdateReply(outputs={**request.olds, **request.news})

    def delete(self, request: DeleteRequest) -> None:
        """Nothing but state to forget."""


def _own(props: Props) -> Props:
    """Inputs without bookkeeping such as __defaults, and without the nulls that SDKs leave out as well."""
    return {key: value for key, value in props.items() if not key.startswith("__") and value is not None}


class PlainProvider:
    """A provider that needs no configuration: a table of types and a table of functions."""

    def __init__(
        self,
        info: Info,
        types: Mapping[str, ResourceType],
        functions: Mapping[str, Callable[[InvokeRequest], InvokeReply]] | None = None,
    ) -> None:
        self._info = info
        self._types = types
        self._functions = functions or {}
        self._cancelled = threading.Event()

    @property
    def info(self) -> Info:
        return self._info

    def check_config(self, request: CheckRequest) -> CheckReply:
        return CheckReply(inputs=request.news)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        return DiffReply(changes=DiffChanges.SOME if diff_props(request.old_inputs, request.news) else DiffChanges.NONE)

    def configure(self, inputs: Props) -> None:
        """Nothing to set."""

    def check(self, request: CheckRequest) -> CheckReply:
        return self._type(request.type).check(request)

    def diff(self, request: DiffRequest) -> DiffReply:
        return self._type(request.type).diff(request)

    def create(self, request: CreateRequest) -> CreateReply:
        return self._type(request.type).create(request)

    def read(self, request: ReadRequest) -> ReadReply:
        return self._type(request.type).read(request)

    def update(self, request: UpdateRequest) -> UpdateReply:
        return self._type(request.type).update(request)

    def delete(self, request: DeleteRequest) -> None:
        self._type(request.type).delete(request)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        function = self._functions.get(request.token)
        if function is None:
            raise UnknownType(self._info.name, request.token, self._functions)
        return function(request)

    def cancel(self) -> None:
        self._cancelled.set()

    def close(self) -> None:
        """No connection is held between calls."""

    def _type(self, token: str) -> ResourceType:
        if token not in self._types:
            raise UnknownType(self._info.name, token, self._types)
        return self._types[token]
