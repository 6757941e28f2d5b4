"""What a provider answers is only believed once it has the shape that it must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.errors import InitFailed, ProviderError
from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CreateReply,
    DiffChanges,
    DiffReply,
    InvokeReply,
    PropertyDiff,
    ReadReply,
    UpdateReply,
)
from engine.values import UNKNOWN, Archive, Asset, OutputValue, Props, ResourceRef, Secret
from engine.wire.signatures import SIGNATURE

_LEAVES: Final = frozenset({str, int, float, bool, type(None), Asset, Archive, ResourceRef})
_MOST_LEVELS: Final = 90
"""Deeper trees can be neither sent as protobuf nor walked; a tree that holds itself has no bottom."""


class Malformed(ProviderError):
    """A provider answered something that has no meaning."""


def checked(reply: CheckReply) -> CheckReply:
    """The reply to Check."""
    _is(reply, CheckReply)
    _failures(reply.failures)
    _props(reply.inputs, "inputs")
    return reply


def differing(reply: DiffReply) -> DiffReply:
    """The reply to Diff."""
    _is(reply, DiffReply)
    _is(reply.changes, DiffChanges, "changes")
    for name in ("replaces", "stables", "diffs"):
        _texts(getattr(reply, name), name)
    _is(reply.detailed, Mapping, "detailed")
    for path, one in reply.detailed.items():
        _is(path, str, "a path of detailed")
        _is(one, PropertyDiff, f"detailed '{path}'")
    return reply


def created(reply: CreateReply) -> CreateReply:
    """The reply to Create; what was made is not lost because the rest of the answer makes no sense."""
    _is(reply, CreateReply)
    _is(reply.id, str, "id")
    try:
        _props(reply.outputs, "outputs")
    except Malformed as error:
        if not reply.id:
            raise
        raise InitFailed(id=reply.id, properties={}, reasons=[error.message]) from error
    return reply


def updated(reply: UpdateReply) -> UpdateReply:
    """The reply to Update."""
    _is(reply, UpdateReply)
    _props(reply.outputs, "outputs")
    return reply


def read(reply: ReadReply) -> ReadReply:
    """The reply to Read."""
    _is(reply, ReadReply)
    _is(reply.id, str, "id")
    if reply.id:
        _props(reply.outputs, "outputs")
        if reply.inputs is not None:
            _props(reply.inputs, "inputs")
    return reply


def invoked(reply: InvokeReply) -> InvokeReply:
    """The reply to Invoke."""
    _is(reply, InvokeReply)
    _failures(reply.failures)
    _props(reply.result, "result")
    return reply


def half_done(failure: InitFailed, *, id: str) -> InitFailed:
    """What a provider tells of a resource that it did not bring to its end; `id` where it is known already."""
    _is(failure.id, str, "id")
    _props(failure.properties, "properties")
    if failure.inputs is not None:
        _props(failure.inputs, "inputs")
    if not failure.id and not id:
        raise Malformed("the provider says that the resource is half made, but gives no id of it") from failure
    return InitFailed(
        id=failure.id or id,
        properties=failure.properties,
        reasons=failure.reasons if any(failure.reasons) else [failure.message],
        inputs=failure.inputs,
    )


def _failures(failures: Sequence[CheckFailure]) -> None:
    _is(failures, Sequence, "failures")
    for one in failures:
        _is(one, CheckFailure, "a failure")
        _is(one.property, str, "a failure's property")
        _is(one.reason, str, "a failure's reason")


def _texts(texts: Sequence[str], what: str) -> None:
    _is(texts, Sequence, what)
    for one in texts:
        _is(one, str, f"one of {what}")


def _props(props: Props, what: str) -> None:
    _is(props, Mapping, what)
    if SIGNATURE in props:
        raise Malformed(f"the provider's answer can't be used: {what} are no properties, but a special value")
    for key, item in props.items():
        _is(key, str, f"a key of {what}")
        _value(item, f"{what} '{key}'", _MOST_LEVELS)


def _value(value: Any, what: str, levels: int) -> None:
    if type(value) in _LEAVES or value is UNKNOWN:
        return
    if not levels:
        raise Malformed(f"the provider's answer can't be used: {what} is nested too deeply")
    if isinstance(value, Mapping):
        _members(value, what, levels - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _value(item, what, levels - 1)
    elif isinstance(value, Secret | OutputValue):
        _value(value.value, what, levels - 1)
    else:
        raise Malformed(f"the provider's answer can't be used: {what} holds a {type(value).__name__}")


def _members(tree: Mapping[Any, Any], what: str, levels: int) -> None:
    if SIGNATURE in tree:
        raise Malformed(f"the provider's answer can't be used: {what} is of an unknown kind, {tree[SIGNATURE]!r}")
    for key, item in tree.items():
        _is(key, str, f"a key in {what}")
        _value(item, what, levels)


def _is(value: Any, kind: type[Any], what: str = "") -> None:
    if isinstance(value, kind) and not (kind is Sequence and isinstance(value, str)):
        return
    told = f"{what} is" if what else "it is"
    raise Malformed(f"the provider's answer can't be used: {told} no {kind.__name__}, but {type(value).__name__}")
