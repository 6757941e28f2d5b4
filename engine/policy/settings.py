"""How a pack's policies are set: by the pack, by themselves, and by the file of `--policy-pack-config`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from engine.errors import UsageError
from engine.policy.model import Level, PackInfo, Policy, Settings

_ALL: Final = "all"
_LEVEL: Final = "enforcementLevel"


def read_settings(path: Path) -> dict[str, Settings]:
    """The settings in a JSON file: by policy a level, or an object with `enforcementLevel` and properties."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise UsageError(f"policy config {path} cannot be read: {exc.strerror}") from exc
    except ValueError as exc:
        raise UsageError(f"policy config {path} is no valid JSON: {exc}") from exc
    if not isinstance(tree, Mapping):
        raise UsageError(f"policy config {path} holds no object", hint='write {"a-policy": "mandatory"}')
    return {name: _settings(name, item, path) for name, item in tree.items()}


def reconciled(info: PackInfo, asked: Mapping[str, Settings]) -> dict[str, Settings]:
    """The settings of every policy of a pack; UsageError where a policy does not exist or can't be set that way."""
    known = {policy.name for policy in info.policies}
    for name in asked:
        if name not in known and name != _ALL:
            raise UsageError(
                f"policy pack '{info.name}' has no policy '{name}'", hint=f"its policies: {', '.join(sorted(known))}"
            )
    return {policy.name: _of(policy, info, asked) for policy in info.policies}


def _of(policy: Policy, info: PackInfo, asked: Mapping[str, Settings]) -> Settings:
    level, properties = policy.level, _defaults(policy)
    for source in (info.initial, asked):
        for settings in (source.get(_ALL), source.get(policy.name)):
            if settings is not None:
                level = settings.level or level
                properties |= settings.properties
    if level is not Level.DISABLED:
        _validate(policy, info, properties)
    return Settings(level=level, properties=properties)


def _defaults(policy: Policy) -> dict[str, Any]:
    return {
        key: item["default"] for key, item in policy.schema.items() if isinstance(item, Mapping) and "default" in item
    }


def _validate(policy: Policy, info: PackInfo, properties: Mapping[str, Any]) -> None:
    if not policy.schema and not policy.required:
        return
    # Late: only packs whose policies can be set need it.
    from jsonschema import Draft7Validator

    schema = {"type": "object", "properties": dict(policy.schema), "required": list(policy.required)}
    faults = sorted(Draft7Validator(schema).iter_errors(dict(properties)), key=lambda fault: list(map(str, fault.path)))
    if faults:
        where = ".".join(str(part) for part in faults[0].path)
        place = f" at '{where}'" if where else ""
        raise UsageError(f"policy '{policy.name}' of pack '{info.name}' is set wrongly{place}: {faults[0].message}")


def _settings(name: str, item: Any, path: Path) -> Settings:
    if isinstance(item, str):
        return Settings(level=_level(name, item, path))
    if not isinstance(item, Mapping):
        raise UsageError(f"policy config {path}: '{name}' is neither a level nor an object")
    level = item.get(_LEVEL)
    properties = {key: value for key, value in item.items() if key != _LEVEL}
    return Settings(level=None if level is None else _level(name, level, path), properties=properties)


def _level(name: str, text: Any, path: Path) -> Level:
    try:
        return Level(text)
    except ValueError as exc:
        levels = ", ".join(Level)
        raise UsageError(f"policy config {path}: '{name}' has the level '{text}'; choose one of: {levels}") from exc
