"""Registrations on their way to transforms and back."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import resource_pb2

from engine.state.model import Timeouts
from engine.values import UNKNOWN, Asset, OutputValue, ResourceRef, Secret
from engine.wire.registration import Alias, FunctionCall, ProviderChoice, Registration
from engine.wire.transform import (
    as_outputs,
    invoke_transform_request,
    transform_request,
    transformed,
    transformed_invoke,
)

FULL = Registration(
    type="a:b:C",
    name="n",
    custom=True,
    parent="urn:pulumi:s::p::a:b:D::d",
    inputs={"x": [1, {"y": None}], "asset": Asset(text="t"), "out": OutputValue(value=1, dependencies=("u",))},
    protect=False,
    retain_on_delete=True,
    delete_before_replace=False,
    dependencies=("u1", "u2"),
    provider=ProviderChoice(reference="urn::id", version="1.2.3", url="https://x"),
    providers={"a": "urn::id"},
    ignore_changes=("x[0]",),
    replace_on_changes=("y",),
    hide_diff=("z",),
    additional_secret_outputs=("s",),
    aliases=(Alias(urn="urn:old"), Alias(name="old", parent="urn:p"), Alias(type="t:t:T", no_parent=True)),
    import_id="i",
    deleted_with="urn:w",
    replace_with=("urn:r",),
    replacement_trigger={"t": [1, True]},
    timeouts=Timeouts(create=5400, update=90, delete=0.5),
    hooks={"BeforeCreate": ("h",), "OnError": ("e", "f")},
)


def reply_like(request: bytes) -> bytes:
    """The answer of a transform that changes nothing, but says everything."""
    sent = resource_pb2.TransformRequest.FromString(request)
    return resource_pb2.TransformResponse(properties=sent.properties, options=sent.options).SerializeToString()


def test_nothing_is_lost_on_the_way():
    assert transformed(FULL, reply_like(transform_request(FULL))) == FULL


def test_what_is_not_said_stays_unsaid():
    bare = Registration(type="a:b:C", name="n", custom=True)
    assert transformed(bare, reply_like(transform_request(bare))) == bare


def test_an_empty_reply_changes_nothing():
    assert transformed(FULL, b"") == FULL


@pytest.mark.parametrize(
    ("seconds", "text"), [(5400, "1h30m"), (90, "1m30s"), (0.5, "0.5s"), (300, "5m"), (3600.25, "1h0.25s"), (0, "")]
)
def test_durations_are_written_as_people_do(seconds, text):
    one = Registration(type="a:b:C", name="n", custom=True, timeouts=Timeouts(create=seconds, delete=1))
    sent = resource_pb2.TransformRequest.FromString(transform_request(one))
    assert sent.options.custom_timeouts.create == text


def test_function_calls_keep_their_provider_unless_told_otherwise():
    call = FunctionCall(token="a:b:c", args={"x": 1}, provider=ProviderChoice(reference="urn::id", version="1.0.0"))
    sent = resource_pb2.TransformInvokeRequest.FromString(invoke_transform_request(call))
    reply = resource_pb2.TransformInvokeResponse(args=sent.args, options=sent.options)
    assert transformed_invoke(call, reply.SerializeToString()) == call
    assert transformed_invoke(call, b"") == call


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (1, 1),
        (Secret(1), OutputValue(value=1, secret=True)),
        (Secret(UNKNOWN), OutputValue(secret=True)),
        ([UNKNOWN], [OutputValue()]),
        ({"a": Secret({"b": UNKNOWN})}, {"a": OutputValue(value={"b": OutputValue()}, secret=True)}),
        (Secret(OutputValue(value=1, dependencies=("u",))), OutputValue(value=1, secret=True, dependencies=("u",))),
        (ResourceRef(urn="u"), ResourceRef(urn="u")),
    ],
)
def test_transforms_see_secrets_and_unknowns_as_outputs(value, seen):
    assert as_outputs(value) == seen
