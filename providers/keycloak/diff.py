"""What an update would change: the wanted inputs against what Keycloak was last seen to have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.provider_api import DiffChanges, DiffKind, DiffReply, DiffRequest, PropertyDiff
from engine.values import UNKNOWN
from engine.wire.diff import diff_props
from providers.keycloak.body import empty
from providers.keycloak.check import bare
from providers.keycloak.field import Field
from providers.keycloak.spelling import SEPARATOR, seconds
from providers.plain import is_unknown, reveal

_REPLACED = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}


def diff(fields: Sequence[Field], request: DiffRequest) -> DiffReply:
    """The difference, property by property."""
    news, olds, before = (bare(reveal(one)) for one in (request.news, request.olds, request.old_inputs))
    ignored = {path.split(".")[0].split("[")[0] for path in request.ignore_changes}
    old_view: dict[str, Any] = {}
    new_view: dict[str, Any] = {}
    for field in fields:
        if field.name in ignored or field.has("output", "once", "wo"):
            continue
        old, new = _views(field, olds.get(field.name, before.get(field.name)), news.get(field.name), before)
        old_view |= {} if old is None else {field.name: old}
        new_view |= {} if new is None else {field.name: new}
    kinds = diff_props(old_view, new_view)
    replacing = {field.name for field in fields if field.has("new")}
    roots = {path: path.split(".")[0].split("[")[0] for path in kinds}
    replaces = [path for path, root in roots.items() if root in replacing]
    return DiffReply(
        changes=DiffChanges.SOME if kinds else DiffChanges.NONE,
        replaces=replaces,
        diffs=sorted(set(roots.values())),
        detailed={path: PropertyDiff(_REPLACED[kind] if path in replaces else kind) for path, kind in kinds.items()},
        delete_before_replace=bool(replaces) and not _can_stand_beside(request, news, olds),
    )


def left_out(fields: Sequence[Field], news: Mapping[str, Any], olds: Mapping[str, Any]) -> list[Field]:
    """Properties that are not wanted any more, and that Keycloak still has."""
    return [
        field
        for field in fields
        if news.get(field.name) is None
        and field.place
        and not field.has("output", "computed", "kept", "once")
        and not empty(olds.get(field.name))
    ]


def same(field: Field | None, one: Any, other: Any) -> bool:
    """Whether two values mean the same, however they are written."""
    if field is None or one is None or other is None:
        return False
    return bool(_normal(field, bare(one)) == _normal(field, bare(other)))


def _views(field: Field, old: Any, new: Any, before: Mapping[str, Any]) -> tuple[Any, Any]:
    """Both sides in a form that can be compared; two Nones where nothing is to be compared."""
    if new is None:
        if field.has("computed", "kept") or empty(old):
            return None, None
        return (old, None) if field.name in before or field.place else (None, None)
    if old is None and empty(new):
        return None, None
    if field.type == "map" and not field.has("multi") and isinstance(old, Mapping) and isinstance(new, Mapping):
        given = before.get(field.name) or {}
        old = {key: value for key, value in old.items() if key in new or key in given}
    return (None if old is None else _seen(field, old, new)), _normal(field, new)


def _seen(field: Field, old: Any, new: Any) -> Any:
    """The old value without those parts of it that Keycloak alone decides."""
    if field.type == "object" and isinstance(old, Mapping) and isinstance(new, Mapping):
        parts: dict[str, Any] = {}
        for part in field.fields:
            there, wanted = _views(part, old.get(part.name), new.get(part.name), {})
            if there is not None and wanted is None and part.has("output"):
                continue
            parts |= {} if empty(there) else {part.name: there}
        return parts
    return _normal(field, old)


def _normal(field: Field, value: Any) -> Any:
    """A value in the one form in which equal ones are the same."""
    if value is UNKNOWN or is_unknown(value):
        return value
    if field.type == "object":
        return {part.name: _normal(part, value[part.name]) for part in field.fields if not _silent(part, value)}
    if field.nested:
        items = [_normal(Field(name="", place=(), type="object", fields=field.fields), item) for item in value]
        return sorted(items, key=_key) if field.type == "objectset" else items
    if field.type == "set":
        return sorted(value, key=str)
    if field.has("duration", "millis"):
        return seconds(str(value))
    if field.has("multi"):
        return {key: sorted(str(text).split(SEPARATOR)) for key, text in value.items()}
    return _leaf(field, value)


def _leaf(field: Field, value: Any) -> Any:
    if field.has("jsons"):
        return {key: _canonical(str(v)) for key, v in value.items()}
    if field.type in ("map", "extra"):
        return {key: "true" if v is True else "false" if v is False else str(v) for key, v in value.items()}
    if field.type == "int":
        return int(value)
    return value


def _canonical(text: str) -> str:
    """The text, or if it is a structure in JSON, the one way to write that."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text


def _silent(part: Field, value: Mapping[str, Any]) -> bool:
    return part.has("output") or empty(value.get(part.name))


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=str)


def _can_stand_beside(request: DiffRequest, news: Mapping[str, Any], olds: Mapping[str, Any]) -> bool:
    """Whether the new one can be made while the old one is there: two of the same name in one place cannot."""
    if "name" in reveal(request.news).get("__defaults", []):
        return True
    telling = [name for name in ("name", "alias", "clientId", "username", "realm") if name in news]
    return any(news[name] != olds.get(name) for name in telling)
