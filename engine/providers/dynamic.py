"""Dynamic resources of Python programs (`pulumi-python`), whose provider travels pickled in the resource itself.

This one unpickles in the engine's own process. It is for inline programs, which run here as well: their classes may
live in modules that no other process could import.
"""

from __future__ import annotations

import asyncio
import base64
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from engine.errors import ProviderError, UnsupportedError
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
    Provider,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from engine.wire.struct import decode, encode
from engine.wire.trace import user_frames

_T = TypeVar("_T")

DYNAMIC: Final = "pulumi-python"
"""The name of the package."""
_KEY: Final = "__provider"
_CHANGES: Final = {None: DiffChanges.UNKNOWN, True: DiffChanges.SOME, False: DiffChanges.NONE}


class DynamicProvider(Provider):
    """Calls the user's own `pulumi.dynamic.ResourceProvider`s; each is unpickled and configured once."""

    def __init__(self, host: Host, project: str) -> None:
        del host
        self._project = project
        self._config: dict[str, Any] = {}
        self._known: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def info(self) -> Info:
        """User code sees plain values, and is not asked in previews."""
        return Info(name=DYNAMIC, version="", accept_secrets=False, supports_preview=False)

    def check_config(self, request: CheckRequest) -> CheckReply:
        """All of the stack's config is welcome."""
        return CheckReply(inputs=request.news)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """Other config is no other provider."""
        del request
        return DiffReply(changes=DiffChanges.SOME)

    def configure(self, inputs: Props) -> None:
        """Keep the config for providers that ask for it."""
        self._config = dict(inputs)

    def check(self, request: CheckRequest) -> CheckReply:
        """The user's `check`."""
        olds, news = _given(request.olds or {}, unknowns=True), _given(request.news, unknowns=True)
        result = _own(lambda: self._provider(news, olds).check(olds, news))
        failures = [CheckFailure(one.property, one.reason) for one in result.failures or ()]
        return CheckReply(inputs={**_taken(result.inputs), _KEY: request.news[_KEY]}, failures=failures)

    def diff(self, request: DiffRequest) -> DiffReply:
        """The user's `diff`; without an opinion, inputs are compared."""
        olds, news = _given(request.olds, unknowns=True), _given(request.news, unknowns=True)
        result = _own(lambda: self._provider(news, olds).diff(request.id, olds, news))
        return DiffReply(
            changes=_CHANGES[None if result.changes is None else bool(result.changes)],
            replaces=tuple(result.replaces or ()),
            delete_before_replace=bool(result.delete_before_replace),
        )

    def create(self, request: CreateRequest) -> CreateReply:
        """The user's `create`."""
        inputs = _given(request.inputs)
        result = _own(lambda: self._provider(inputs).create(inputs))
        return CreateReply(id=str(result.id or ""), outputs=_with_provider(result.outs, request.inputs))

    def read(self, request: ReadRequest) -> ReadReply:
        """The user's `read`."""
        known = request.outputs or request.inputs
        props = _given(known)
        result = _own(lambda: self._provider(props).read(request.id, props))
        inputs = None if result.inputs is None else _with_provider(result.inputs, known)
        return ReadReply(id=str(result.id or ""), outputs=_with_provider(result.outs, known), inputs=inputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """The user's `update`."""
        olds, news = _given(request.olds), _given(request.news)
        result = _own(lambda: self._provider(news).update(request.id, olds, news))
        return UpdateReply(outputs=_with_provider(result.outs, request.news))

    def delete(self, request: DeleteRequest) -> None:
        """The user's `delete`."""
        props = _given(request.outputs)
        _own(lambda: self._provider(props).delete(request.id, props))

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """There are no dynamic functions."""
        raise UnsupportedError(f"unknown function {request.token}")

    def cancel(self) -> None:
        """User code cannot be asked to end."""

    def close(self) -> None:
        """Holds nothing but what was unpickled."""

    def _provider(self, props: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Any:
        from pulumi.runtime.rpc import UNKNOWN

        text = props.get(_KEY)
        if text == UNKNOWN and before is not None:
            text = before.get(_KEY)
        if not isinstance(text, str):
            raise ProviderError("a dynamic resource has no provider; was it made by another language's SDK?")
        with self._lock:
            if text not in self._known:
                self._known[text] = self._unpickled(text)
            return self._known[text]

    def _unpickled(self, text: str) -> Any:
        import dill  # type: ignore[import-untyped]  # it has no types
        from pulumi.dynamic import Config, ConfigureRequest
        from pulumi.runtime._serialization import _deserialize

        provider = _deserialize(lambda: dill.loads(base64.b64decode(text)))
        provider.configure(ConfigureRequest(config=Config(raw_config=self._config, project_name=self._project)))
        return provider


def _own(work: Callable[[], _T]) -> _T:
    """Run code of the user; whatever it raises is an error of the resource."""
    try:
        return work()
    except ProviderError:
        raise
    except Exception as error:
        raise ProviderError(user_frames(traceback.format_exc())) from error


def _given(props: Props, *, unknowns: bool = False) -> dict[str, Any]:
    # By way of the wire's form, so that user code sees exactly what the SDK would hand it.
    from pulumi.runtime import rpc

    return dict(rpc.deserialize_properties(encode(props, keep_unknowns=True), unknowns))


def _taken(props: Mapping[str, Any] | None) -> dict[str, Any]:
    from pulumi.runtime import rpc

    return decode(asyncio.run(rpc.serialize_properties(dict(props or {}), {})))


def _with_provider(outs: Mapping[str, Any] | None, source: Props) -> dict[str, Any]:
    return {**_taken(outs), _KEY: source[_KEY]}
