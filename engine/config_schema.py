"""What a project declares about its config: types, defaults, which keys must be set and which must be secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.deploy.api import ConfigValue
from engine.errors import UsageError

_MISSING: Final = object()
_TYPES: Final = ("string", "integer", "boolean", "array", "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One key of the project's `config`, by its name as it is written there."""

    name: str
    key: str
    type: str = ""
    items: Mapping[str, Any] | None = None
    fallback: Any = _MISSING
    """The default, or the value that the project gives."""

    secret: bool = False
    own: bool = True
    """Whether its namespace is the project's."""

    @property
    def has_fallback(self) -> bool:
        """Whether a stack need not set it."""
        return self.fallback is not _MISSING


def declared(project: str, config: Mapping[str, Any]) -> list[Declared]:
    """The keys, sorted; UsageError for a declaration that contradicts itself."""
    return [_declared(project, name, config[name]) for name in sorted(config)]


def _declared(project: str, name: str, tree: Any) -> Declared:
    own = ":" not in name or name.startswith(f"{project}:")
    key = name if ":" in name else f"{project}:{name}"
    if not isinstance(tree, Mapping):
        # A bare value is short for a default; for a foreign namespace it is the value itself.
        return Declared(name=name, key=key, fallback=_MISSING if tree is None else tree, own=own)
    default, value = tree.get("default"), tree.get("value")
    if default is not None and value is not None:
        raise UsageError(f"project config '{name}' cannot have both a 'default' and 'value' attribute")
    fallback = _MISSING if default is None and value is None else value if default is None else default
    found = Declared(
        name=name,
        key=key,
        type=tree.get("type") or "",
        items=tree.get("items"),
        fallback=fallback,
        secret=bool(tree.get("secret")),
        own=own,
    )
    _check(found, has_default=default is not None)
    return found


def _check(one: Declared, *, has_default: bool) -> None:
    if not one.own:
        _check_foreign(one, has_default=has_default)
        return
    if one.type and one.type not in _TYPES:
        raise UsageError(f"the configuration key '{one.name}' has type '{one.type}'; it can be: {', '.join(_TYPES)}")
    if one.type == "array" and one.items is None:
        raise UsageError(
            f"The configuration key '{one.name}' declares an array but does not specify the underlying type via the "
            "'items' attribute"
        )
    if has_default and one.type and not _fits(one.type, one.items, one.fallback):
        raise UsageError(
            f"The default value specified for configuration key '{one.name}' is not of the expected type "
            f"'{_full(one.type, one.items)}'"
        )


def _check_foreign(one: Declared, *, has_default: bool) -> None:
    what = f"Configuration key '{one.name}' is not namespaced by the project and should not define a"
    if one.type:
        raise UsageError(f"{what} type")
    if has_default:
        raise UsageError(
            f"{what} default value. Did you mean to use the 'value' attribute instead of 'default'?",
        )
    if not one.has_fallback:
        raise UsageError(f"Configuration key '{one.name}' is namespaced and must provide an attribute 'value'")


def check_values(stack: str, keys: list[Declared], values: Mapping[str, ConfigValue]) -> None:
    """UsageError for keys that no one sets, and for values that are not what the project declares."""
    missing = [one.name for one in keys if one.own and not one.has_fallback and one.key not in values]
    if missing:
        word = "value" if len(missing) == 1 else "values"
        raise UsageError(
            f"Stack '{stack}' is missing configuration {word} {_listed(missing)}",
            hint=f"set it with `pulumi config set {missing[0]} VALUE`",
        )
    for one in keys:
        if one.type and one.key in values:
            _check_value(stack, one, values[one.key])


def _check_value(stack: str, one: Declared, value: ConfigValue) -> None:
    where = f"Stack '{stack}' with configuration key '{one.name}'"
    if one.secret and not value.secret:
        raise UsageError(
            f"{where} must be encrypted as it's secret", hint=f"pulumi config set --secret {one.name} VALUE"
        )
    content = json.loads(value.value) if value.structured else value.value
    if not _fits(one.type, one.items, content):
        raise UsageError(f"{where} must be of type '{_full(one.type, one.items)}'")


def _listed(names: list[str]) -> str:
    *first, last = names
    before = ", ".join(f"'{name}'" for name in first)
    return f"{before} and '{last}'" if before else f"'{last}'"


def _full(type: str, items: Mapping[str, Any] | None) -> str:
    return f"array<{_full(str(items.get('type')), items.get('items'))}>" if items is not None else type


def _fits(type: str, items: Mapping[str, Any] | None, value: Any) -> bool:
    if type == "string":
        return isinstance(value, str)
    if type == "integer":
        return _is_integer(value)
    if type == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if type == "object":
        return isinstance(value, Mapping)
    if not isinstance(value, list) or items is None:
        return False
    return all(_fits(str(items.get("type")), items.get("items"), item) for item in value)


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        digits = value[1:] if value[:1] in ("+", "-") else value
        return digits.isascii() and digits.isdecimal()
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
