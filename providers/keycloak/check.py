"""Inputs made complete: defaults filled in and named in `__defaults`, names drawn, and what is wrong with the rest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from engine.provider_api import CheckFailure, CheckRequest
from engine.values import UNKNOWN, Props
from providers.keycloak.field import Field
from providers.plain import reveal

DEFAULTS = "__defaults"
_NAME_TAIL = 7


def checked(fields: Sequence[Field], request: CheckRequest) -> tuple[dict[str, Any], list[CheckFailure]]:
    """The inputs with defaults, and why they cannot be used."""
    olds = reveal(request.olds) if request.olds else {}
    inputs, failures = _object(fields, request.news, olds, "")
    name = next((field for field in fields if field.name == "name" and not field.has("output")), None)
    if name is not None and inputs.get("name") is None and name.default is None:
        inputs["name"] = _name(request, olds)
        inputs[DEFAULTS] = sorted([*inputs[DEFAULTS], "name"])
    failures = [one for one in failures if one.property != "name" or inputs.get("name") is None]
    return inputs, failures


def bare(value: Any) -> Any:
    """A value without the bookkeeping of defaults and without nulls, at every depth."""
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.items() if not key.startswith("__") and item is not None}
    return [bare(item) for item in value] if isinstance(value, list) else value


def _object(
    fields: Sequence[Field], news: Props, olds: Mapping[str, Any], where: str
) -> tuple[dict[str, Any], list[CheckFailure]]:
    known = {field.name: field for field in fields}
    inputs: dict[str, Any] = {}
    failures: list[CheckFailure] = []
    for key, value in news.items():
        if key.startswith("__") or value is None:
            continue
        inputs[key] = value
        if key in known:
            inputs[key], found = _value(known[key], value, olds.get(key), f"{where}{key}")
            failures += found
    defaults = [field for field in fields if field.default is not None and field.name not in inputs]
    inputs |= {field.name: field.default for field in defaults}
    inputs[DEFAULTS] = sorted(field.name for field in defaults)
    failures += [
        CheckFailure(f"{where}{field.name}", f"{field.name} is required")
        for field in fields
        if field.has("required") and field.name not in inputs
    ]
    return inputs, failures


def _value(field: Field, value: Any, old: Any, where: str) -> tuple[Any, list[CheckFailure]]:
    if field.type == "object" and isinstance(value, Mapping):
        return _object(field.fields, value, old if isinstance(old, Mapping) else {}, f"{where}.")
    if field.nested and isinstance(value, list):
        pairs = [
            _object(field.fields, item, {}, f"{where}[{index}].") if isinstance(item, Mapping) else (item, [])
            for index, item in enumerate(value)
        ]
        return [item for item, _ in pairs], [failure for _, found in pairs for failure in found]
    plain = reveal(value)
    if field.choices and plain is not UNKNOWN and plain not in field.choices:
        reason = f"'{plain}' is none of: {', '.join(field.choices)}"
        return value, [CheckFailure(where, f"{field.name} {reason}")]
    return value, []


def _name(request: CheckRequest, olds: Mapping[str, Any]) -> str:
    """The name from before if it was drawn too, else the resource's name with a random tail."""
    if isinstance(olds.get("name"), str) and "name" in olds.get(DEFAULTS, ["name"]):
        return str(olds["name"])
    seed = request.random_seed
    tail = hashlib.sha256(seed + request.urn.encode()).hexdigest() if seed else secrets.token_hex(_NAME_TAIL)
    return f"{request.name}-{tail[:_NAME_TAIL]}"
