"""What hooks are told."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import callback_pb2, resource_pb2

from engine.errors import EngineError, ProgramError
from engine.state.model import Resource, Timeouts
from engine.values import Secret
from engine.wire.hook import (
    Occasion,
    error_hook,
    error_hook_request,
    hook_error,
    hook_request,
    resource_hook,
    wants_retry,
)

OLD = Resource(urn="urn:pulumi:s::p::a:b:C::n", type="a:b:C", custom=True, id="i", inputs={"x": 1}, outputs={"y": 1})
NEW = Resource(
    urn=OLD.urn,
    type="a:b:C",
    custom=True,
    inputs={"x": Secret(2)},
    outputs={"y": 2},
    protect=True,
    dependencies=("u",),
    custom_timeouts=Timeouts(create=5400, delete=30),
    hooks={"AfterUpdate": ("h",)},
    aliases=("urn:old",),
    import_id="imported",
)


def test_options_are_told_of_both_states():
    message = resource_pb2.ResourceHookRequest.FromString(hook_request(Occasion(old=OLD, new=NEW)))
    assert (message.urn, message.name, message.type, message.id) == (OLD.urn, "n", "a:b:C", "i")
    assert not message.old_options.protect
    assert message.new_options.protect
    assert list(message.new_options.depends_on) == ["u"]
    assert (message.new_options.custom_timeouts.create, message.new_options.custom_timeouts.delete) == (
        "1h30m0s",
        "30s",
    )
    assert list(message.new_options.hooks.after_update) == ["h"]
    assert message.new_options.aliases[0].urn == "urn:old"
    assert getattr(message.new_options, "import") == "imported"


def test_only_what_exists_at_that_moment_is_told():
    before = resource_pb2.ResourceHookRequest.FromString(hook_request(Occasion(old=None, new=NEW)))
    after = resource_pb2.ResourceHookRequest.FromString(hook_request(Occasion(old=None, new=NEW, done=True)))
    gone = resource_pb2.ResourceHookRequest.FromString(hook_request(Occasion(old=OLD, new=None)))
    told = [
        {field.name for field, _ in one.ListFields()} - {"urn", "id", "name", "type"} for one in (before, after, gone)
    ]
    assert told == [
        {"new_inputs", "new_options"},
        {"new_inputs", "new_outputs", "new_options"},
        {"old_inputs", "old_outputs", "old_options"},
    ]


def test_error_hooks_are_told_of_the_errors_newest_first():
    message = resource_pb2.ErrorHookRequest.FromString(
        error_hook_request(Occasion(old=OLD, new=None), "delete", ["second", "first"])
    )
    assert (message.failed_operation, list(message.errors), message.id) == ("delete", ["second", "first"], "i")


def test_replies_are_understood():
    assert hook_error(resource_pb2.ResourceHookResponse(error="no").SerializeToString()) == "no"
    assert hook_error(b"") == ""
    assert wants_retry(resource_pb2.ErrorHookResponse(retry=True).SerializeToString())
    with pytest.raises(ProgramError, match="a bug"):
        wants_retry(resource_pb2.ErrorHookResponse(error="a bug").SerializeToString())


def test_hook_without_a_callback_is_refused():
    with pytest.raises(EngineError, match="callback came without"):
        resource_hook(resource_pb2.RegisterResourceHookRequest(name="h"))
    half = callback_pb2.Callback(target="x")
    with pytest.raises(EngineError, match="callback came without"):
        error_hook(resource_pb2.RegisterErrorHookRequest(name="h", callback=half))
