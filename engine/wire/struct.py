"""Between the engine's values and protobuf structs, as programs and plugins send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, Struct
from google.protobuf.struct_pb2 import Value as WireValue

from engine.values import UNKNOWN, Props, Value
from engine.wire.fold import Keep, fold_map, number, unfold_object
from engine.wire.signatures import SIGNATURE, UNKNOWNS


def decode(struct: Struct) -> dict[str, Value]:
    """The properties that a struct holds; integral doubles become integers."""
    return {key: decode_value(item) for key, item in struct.fields.items()}


def decode_value(wire: WireValue) -> Value:
    """The value that one protobuf value holds."""
    read = _READ[wire.WhichOneof("kind")]
    return read(wire)


def encode(
    props: Props,
    *,
    keep_unknowns: bool = False,
    keep_secrets: bool = False,
    keep_resources: bool = False,
    keep_outputs: bool = False,
) -> Struct:
    """The struct of some properties; what is not kept is simplified (a secret to its value …) or left out."""
    keep = Keep(unknowns=keep_unknowns, secrets=keep_secrets, resources=keep_resources, outputs=keep_outputs)
    struct = Struct()
    _fill(struct, fold_map(props, keep))
    return struct


def _read_text(wire: WireValue) -> Value:
    text = wire.string_value
    return UNKNOWN if len(text) == 36 and text in UNKNOWNS else text


def _read_object(wire: WireValue) -> Value:
    tree = {key: decode_value(item) for key, item in wire.struct_value.fields.items()}
    return unfold_object(tree) if SIGNATURE in tree else tree


_READ: Final[dict[str | None, Callable[[WireValue], Value]]] = {
    None: lambda _: None,
    "null_value": lambda _: None,
    "bool_value": lambda wire: wire.bool_value,
    "number_value": lambda wire: number(wire.number_value),
    "string_value": _read_text,
    "list_value": lambda wire: [decode_value(item) for item in wire.list_value.values],
    "struct_value": _read_object,
}


def _fill(struct: Struct, tree: Mapping[str, Any]) -> None:
    fields = struct.fields
    for key, item in tree.items():
        _write(fields[key], item)


def _write(wire: WireValue, tree: Any) -> None:
    # Ordered by how often each kind occurs; bool before numbers, as True is an int to Python.
    if isinstance(tree, str):
        wire.string_value = tree
    elif tree is None:
        wire.null_value = NULL_VALUE
    elif isinstance(tree, bool):
        wire.bool_value = tree
    elif isinstance(tree, int | float):
        wire.number_value = tree
    elif isinstance(tree, dict):
        wire.struct_value.SetInParent()
        _fill(wire.struct_value, tree)
    elif isinstance(tree, list):
        wire.list_value.SetInParent()
        for item in tree:
            _write(wire.list_value.values.add(), item)
    else:
        raise TypeError(f"a property value cannot be a {type(tree).__name__}")
