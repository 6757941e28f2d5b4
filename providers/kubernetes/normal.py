"""Inputs in the form that the package's own provider keeps: equal meanings, equal texts."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from engine.values import Secret, Value
from providers.kubernetes.quantity import QUANTITY_HOLDERS, same_quantity
from providers.plain import is_unknown, reveal

_DASHED: Final = {
    f"x_kubernetes_{name.replace('-', '_')}": f"x-kubernetes-{name}"
    for name in (
        "embedded-resource",
        "int-or-string",
        "list-map-keys",
        "list-type",
        "map-type",
        "preserve-unknown-fields",
        "validations",
    )
}
_UNDERSCORED: Final = {dashed: name for name, dashed in _DASHED.items()}
_READ_ONLY: Final = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)


def normal(inputs: Mapping[str, Value]) -> dict[str, Any]:
    """The inputs as Check returns them; unknown values keep an object from being understood."""
    given = {**inputs}
    meta = given.get("metadata")
    if isinstance(meta, Mapping) and any(key in meta for key in _READ_ONLY):
        given["metadata"] = {key: value for key, value in meta.items() if key not in _READ_ONLY}
    if is_definition(given):
        return _definition(given)
    if given.get("kind") == "Secret" and given.get("apiVersion") == "v1" and given.get("stringData"):
        return _secret(given)
    return given


def is_definition(obj: Mapping[str, Value]) -> bool:
    """Whether the object defines a kind."""
    return obj.get("kind") == "CustomResourceDefinition"


def for_server(obj: Mapping[str, Any]) -> dict[str, Any]:
    """With schema extensions named as the server knows them."""
    return _renamed(obj, _DASHED) if is_definition(obj) else dict(obj)


def for_program(obj: Mapping[str, Any]) -> dict[str, Any]:
    """With schema extensions named as the SDKs know them."""
    return _renamed(obj, _UNDERSCORED) if is_definition(obj) else dict(obj)


def is_same(path: tuple[Any, ...], old: Value, new: Value) -> bool:
    """Whether two texts at a place mean the same amount."""
    return any(step in QUANTITY_HOLDERS for step in path) and same_quantity(reveal(old), reveal(new))


def _definition(given: dict[str, Any]) -> dict[str, Any]:
    given = _renamed(given, _DASHED)
    given.pop("status", None)
    spec = given.get("spec")
    if isinstance(spec, Mapping) and spec.get("preserveUnknownFields") is False:
        given["spec"] = {key: value for key, value in spec.items() if key != "preserveUnknownFields"}
    return given


def _secret(given: dict[str, Any]) -> dict[str, Any]:
    """`stringData` becomes part of `data`, as it does at the server."""
    texts, data = reveal(given["stringData"]), reveal(given.get("data") or {})
    if is_unknown(given) or not isinstance(texts, Mapping) or not isinstance(data, Mapping):
        return given
    if not all(isinstance(text, str) for text in texts.values()):
        return given
    encoded = {key: base64.b64encode(text.encode()).decode("ascii") for key, text in texts.items()}
    rest = {key: value for key, value in given.items() if key != "stringData"}
    return {**rest, "data": Secret({**data, **encoded})}


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Secret):
        return Secret(_renamed(value.value, names))
    if isinstance(value, Mapping):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    return [_renamed(item, names) for item in value] if isinstance(value, list) else value
