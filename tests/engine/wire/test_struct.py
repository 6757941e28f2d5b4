"""Property values survive the trip through protobuf structs."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from engine.values import UNKNOWN, Archive, Asset, OutputValue, ResourceRef, Secret
from engine.wire.signatures import ARCHIVE, ASSET, SECRET, SIGNATURE, UNKNOWN_STRING, UNKNOWNS
from engine.wire.struct import decode, encode

NOTHING = hashlib.sha256(b"").hexdigest()
EVERYTHING: dict[str, Any] = {
    "none": None,
    "yes": True,
    "int": 3,
    "float": 1.5,
    "text": "ü",
    "list": [1, None, "x", []],
    "object": {"a": {"b": {}}},
    "unknown": UNKNOWN,
    "secret": Secret({"password": ["a", 1]}),
    "unknown secret": Secret(UNKNOWN),
    "asset": Asset(text="hi", hash="ab"),
    "archive": Archive(assets={"a": Asset(path="x"), "b": Archive(uri="http://x")}),
    "component": ResourceRef(urn="urn:pulumi:s::p::t::n"),
    "custom": ResourceRef(urn="urn:pulumi:s::p::t::n", id="i-1", package_version="1.2.3"),
    "planned": ResourceRef(urn="urn:pulumi:s::p::t::n", id=UNKNOWN),
    "output": OutputValue(value=[1], secret=True, dependencies=("urn:a",)),
    "pending output": OutputValue(dependencies=("urn:a",)),
}


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    sent = encode(EVERYTHING, keep_unknowns=True, keep_secrets=True, keep_resources=True, keep_outputs=True)
    assert decode(Struct.FromString(sent.SerializeToString())) == EVERYTHING


def test_integral_doubles_become_integers() -> None:
    struct = Struct()
    struct.update({"n": 2.0, "big": 1e300, "half": 0.5})
    decoded = decode(struct)
    assert (type(decoded["n"]), type(decoded["big"]), type(decoded["half"])) == (int, float, float)


def test_nan_and_infinity_pass_the_wire() -> None:
    decoded = decode(encode({"nan": math.nan, "inf": math.inf}))
    assert math.isnan(decoded["nan"])
    assert decoded["inf"] == math.inf


@pytest.mark.parametrize("text", sorted(UNKNOWNS))
def test_each_of_the_unknown_strings_is_recognised(text: str) -> None:
    struct = Struct()
    struct.update({"x": [text]})
    assert decode(struct) == {"x": [UNKNOWN]}


def test_without_permission_secrets_are_plain_and_unknowns_left_out() -> None:
    props = {"s": Secret("x"), "u": UNKNOWN, "su": Secret(UNKNOWN), "l": [1, UNKNOWN]}
    assert decode(encode(props)) == {"s": "x", "l": [1]}


def test_references_collapse_to_id_or_urn() -> None:
    props = {"component": EVERYTHING["component"], "custom": EVERYTHING["custom"], "planned": EVERYTHING["planned"]}
    collapsed = encode(props, keep_unknowns=True)
    assert dict(collapsed) == {"component": "urn:pulumi:s::p::t::n", "custom": "i-1", "planned": UNKNOWN_STRING}


def test_outputs_collapse_to_values_and_stay_secret() -> None:
    struct = encode({"o": EVERYTHING["output"]}, keep_secrets=True)
    assert struct.fields["o"].struct_value.fields[SIGNATURE].string_value == SECRET


def test_the_text_form_of_a_secret_hides_it() -> None:
    assert "hunter2" not in repr(decode(encode({"s": Secret("hunter2")}, keep_secrets=True)))


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ({SIGNATURE: ASSET, "hash": NOTHING}, Asset(text="", hash=NOTHING)),
        ({SIGNATURE: ASSET, "hash": "abc"}, Asset(hash="abc")),
        ({SIGNATURE: ASSET, "path": "p", "text": "", "uri": ""}, Asset(path="p")),
        ({SIGNATURE: ARCHIVE}, Archive(assets={})),
        ({SIGNATURE: ARCHIVE, "hash": "abc"}, Archive(hash="abc")),
        ({SIGNATURE: ARCHIVE, "path": "p", "hash": "abc"}, Archive(path="p", hash="abc")),
    ],
)
def test_what_others_leave_out_of_assets_is_understood(tree, value):
    struct = Struct()
    struct.update({"x": tree})
    assert decode(struct) == {"x": value}
