"""Replies of a provider plugin: from protobuf to the engine's dataclasses; garbage raises ValueError and its like."""

from __future__ import annotations

from typing import Any, Final

from engine.component_api import CallReply, ConstructReply
from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CreateReply,
    DiffChanges,
    DiffKind,
    DiffReply,
    InvokeReply,
    PropertyDiff,
    ReadReply,
    UpdateReply,
)
from engine.values import Props
from engine.values_walk import has_unknown, without_outputs
from engine.wire.struct import decode

KINDS: Final = (
    DiffKind.ADD,
    DiffKind.ADD_REPLACE,
    DiffKind.DELETE,
    DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE,
    DiffKind.UPDATE_REPLACE,
)
"""Kinds of property differences by their numbers in protobuf."""


def check(reply: Any) -> CheckReply:
    """Checked inputs."""
    return CheckReply(inputs=decode(reply.inputs), failures=_failures(reply))


def diff(reply: Any) -> DiffReply:
    """A difference; a detailed one only where the plugin says that it has one."""
    detailed = reply.detailedDiff.items() if reply.hasDetailedDiff else ()
    return DiffReply(
        changes=DiffChanges(reply.changes),
        replaces=list(reply.replaces),
        stables=list(reply.stables),
        delete_before_replace=reply.deleteBeforeReplace,
        diffs=list(reply.diffs),
        detailed={path: PropertyDiff(_kind(one.kind), one.inputDiff) for path, one in sorted(detailed)},
    )


def create(reply: Any, *, preview: bool) -> CreateReply:
    """What was made."""
    if not reply.id and not preview:
        raise ValueError("it has no id")
    return CreateReply(id=reply.id, outputs=_known(reply.properties, preview=preview))


def update(reply: Any, *, preview: bool) -> UpdateReply:
    """What it is now."""
    return UpdateReply(outputs=_known(reply.properties, preview=preview))


def read(reply: Any) -> ReadReply:
    """What is there; a reply without properties means that nothing is."""
    inputs = _known(reply.inputs, preview=False) if reply.HasField("inputs") else None
    there = reply.HasField("properties")
    return ReadReply(id=reply.id if there else "", outputs=_known(reply.properties, preview=False), inputs=inputs)


def invoke(reply: Any) -> InvokeReply:
    """A function's result."""
    return InvokeReply(result=decode(getattr(reply, "return")), failures=_failures(reply))


def construct(reply: Any) -> ConstructReply:
    """A component."""
    if not reply.urn:
        raise ValueError("it has no urn")
    urns = {key: tuple(one.urns) for key, one in reply.stateDependencies.items()}
    return ConstructReply(urn=reply.urn, outputs=without_outputs(decode(reply.state)), dependencies=urns)


def call(reply: Any) -> CallReply:
    """A method's result."""
    urns = {key: tuple(one.urns) for key, one in reply.returnDependencies.items()}
    result = without_outputs(decode(getattr(reply, "return")))
    return CallReply(result=result, dependencies=urns, failures=_failures(reply))


def _kind(number: int) -> DiffKind:
    # A kind that is newer than this engine is at least a change.
    return KINDS[number] if 0 <= number < len(KINDS) else DiffKind.UPDATE


def _failures(reply: Any) -> tuple[CheckFailure, ...]:
    return tuple(CheckFailure(one.property, one.reason) for one in reply.failures)


def _known(struct: Any, *, preview: bool) -> Props:
    props = decode(struct)
    if not preview and has_unknown(props):
        raise ValueError("it has unknown values outside a preview")
    return props
