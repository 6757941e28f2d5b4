"""Between a resource's properties and the JSON that Keycloak keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.values import Props
from providers.keycloak.field import Field, leaves
from providers.keycloak.spelling import decode, encode, text_of

Json = dict[str, Any]


def build(fields: Sequence[Field], props: Props) -> Json:
    """The JSON of the properties that are given."""
    body: Json = {}
    for field in fields:
        value = props.get(field.name)
        if value is None or not field.place or field.has("output"):
            continue
        if field.inline:
            merge(body, build(field.fields, value))
        elif field.type == "extra":
            given = {key: text_of(item) for key, item in value.items()}
            _join(body, field.place, {key: [item] for key, item in given.items()} if field.has("ones") else given)
        elif field.type == "map":
            _join(body, field.place, _encoded(field, value))
        else:
            _put(body, field.place, _encoded(field, value))
    return body


def read(fields: Sequence[Field], body: Mapping[str, Any], prior: Props) -> Json:
    """The properties that the JSON tells; what Keycloak never tells is kept from `prior`."""
    found: Json = {}
    for field in fields:
        if not field.place or field.has("sent", "once"):
            value = prior.get(field.name, field.default)
        elif field.inline:
            value = read(field.fields, body, prior.get(field.name) or {})
        elif field.type == "extra":
            value = _extra(fields, field, body, prior)
        elif field.type == "map":
            value = decode(field, _unnamed(fields, field, body))
        else:
            value = _decoded(field, _find(body, field.place), prior.get(field.name))
        if value is not None and not field.has("wo"):
            found[field.name] = value
    return found


def merge(target: Json, update: Mapping[str, Any]) -> Json:
    """`target` with everything in `update` written over it, object by object; lists are replaced."""
    for key, value in update.items():
        old = target.get(key)
        if isinstance(value, Mapping) and isinstance(old, dict):
            merge(old, value)
        else:
            target[key] = value
    return target


def empty(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is None or value is False or value in ("", 0, [], {})


def _encoded(field: Field, value: Any) -> Any:
    if field.type == "object":
        return build(field.fields, value)
    if field.nested:
        return [build(field.fields, item) for item in value]
    return encode(field, value)


def _decoded(field: Field, value: Any, prior: Any) -> Any:
    if field.type == "object":
        return read(field.fields, value, prior or {}) if value else None
    if field.nested:
        priors = list(prior or [])
        return [
            read(field.fields, item, priors[index] if index < len(priors) else {})
            for index, item in enumerate(value or [])
        ]
    return decode(field, value)


def _extra(fields: Sequence[Field], field: Field, body: Mapping[str, Any], prior: Props) -> Json | None:
    """Of the settings that no property stands for, those that were given; on import, none."""
    known = prior.get(field.name)
    if known is None:
        return None
    there = _unnamed(fields, field, body)
    return {key: decode(field, {key: there[key]})[key] for key in known if there.get(key) not in (None, "", [])}


def _unnamed(fields: Sequence[Field], field: Field, body: Mapping[str, Any]) -> Json:
    """What is at the field's place but has no property of its own."""
    named = {one.place[-1] for one in leaves(tuple(fields)) if one.place and one.place[:-1] == field.place}
    there = _find(body, field.place) or {}
    return {key: value for key, value in there.items() if key not in named}


def _join(body: Json, place: tuple[str, ...], value: Json) -> None:
    there = _find(body, place)
    _put(body, place, {**value, **there} if isinstance(there, dict) else value)


def _find(body: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    value: Any = body
    for key in place:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _put(body: Json, place: tuple[str, ...], value: Any) -> None:
    for key in place[:-1]:
        body = body.setdefault(key, {})
    body[place[-1]] = value
