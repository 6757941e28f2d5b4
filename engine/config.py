"""Config of a stack: keys with namespaces, paths into structures, secrets, and the project's defaults."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from engine.config_schema import check_values, declared
from engine.deploy.api import ConfigValue
from engine.errors import UsageError
from engine.project import Project
from engine.secrets import SecretsManager
from engine.stack_settings import StackSettings
from engine.wire import paths
from engine.wire.paths import MISSING, Step

_SECURE: Final = "secure"
_BOOLEANS: Final = {"true": True, "false": False}


class Config:
    """The config of one stack; the secrets manager is only asked for when a secret is met."""

    def __init__(self, project: Project, settings: StackSettings, secrets: Callable[[], SecretsManager]) -> None:
        self._project = project
        self._settings = settings
        self._secrets = secrets

    def key(self, text: str) -> str:
        """The full key: one without namespace belongs to the project; the old form `ns:config:key` is understood."""
        parts = text.split(":")
        if len(parts) == 3 and parts[1] == "config":
            parts = [parts[0], parts[2]]
        if len(parts) > 2 or not all(parts):
            raise UsageError(f"'{text}' is no config key; write KEY or NAMESPACE:KEY")
        return ":".join(parts) if len(parts) == 2 else f"{self._project.name}:{text}"

    def get(self, text: str, *, path: bool = False) -> ConfigValue | None:
        """The decrypted value of a key, or at a path; None when it is not set."""
        key, steps = self._address(text, path=path)
        if key not in self._settings.config:
            return None
        found = paths.get(self._settings.config[key], steps)
        return None if found is MISSING else self._open(found)

    def all(self, *, decrypt: bool = True) -> dict[str, ConfigValue]:
        """Every value that the stack's file sets, sorted; undecrypted secrets are empty texts."""
        entries = sorted((self.key(key), entry) for key, entry in self._settings.config.items())
        return {key: self._open(entry, decrypt=decrypt) for key, entry in entries}

    def effective(self, stack: str, *, check: bool = True, decrypt: bool = True) -> dict[str, ConfigValue]:
        """What a program sees: the stack's values over the project's; checked against what the project declares."""
        values = self.all(decrypt=decrypt)
        keys = declared(self._project.name, self._project.config)
        if check:
            check_values(stack, keys, values)
        fallbacks = {one.key: self._open(one.fallback, decrypt=decrypt) for one in keys if one.has_fallback}
        return dict(sorted({**fallbacks, **values}.items()))

    def set(self, text: str, value: str, *, secret: bool, path: bool = False, type: str = "") -> None:
        """Put a value; `save` of the settings writes it."""
        key, steps = self._address(text, path=path)
        plain = typed(value, type) if type else _guessed(value) if steps else value
        new: Any = {_SECURE: self._secrets().encrypt(value)} if secret else plain
        old = self._settings.config.get(key)
        if steps and not isinstance(old, Mapping | list):
            old = [] if isinstance(steps[0], int) else {}
        self._settings.config[key] = paths.put(old, steps, new)

    def copy(self, other: Config, text: str = "", *, path: bool = False) -> bool:
        """Put into another stack's config what this one has at a key (or all); its secrets are encrypted anew."""
        if not text:
            for key, entry in self._settings.config.items():
                other.set_structure(self.key(key), self._sealed_for(other, entry))
            return bool(self._settings.config)
        key, steps = self._address(text, path=path)
        found = paths.get(self._settings.config.get(key, MISSING), steps) if key in self._settings.config else MISSING
        if found is MISSING:
            return False
        entry = self._sealed_for(other, found)
        held = other._settings.config.get(key)
        other.set_structure(key, paths.put(held if held is not None or not steps else {}, steps, entry))
        return True

    def _sealed_for(self, other: Config, entry: Any) -> Any:
        if _is_secure(entry):
            return {_SECURE: other._secrets().encrypt(self._secrets().decrypt(entry[_SECURE]))}
        if isinstance(entry, Mapping):
            return {key: self._sealed_for(other, item) for key, item in entry.items()}
        return [self._sealed_for(other, item) for item in entry] if isinstance(entry, list) else entry

    def set_structure(self, text: str, tree: Any) -> None:
        """Put a whole structure, its secrets encrypted already."""
        self._settings.config[self.key(text)] = tree

    def secrets(self) -> list[str]:
        """Every secret that the stack's file holds, decrypted, also those within structures."""
        return list(self._secrets_of(list(self._settings.config.values())))

    def _secrets_of(self, tree: Any) -> Iterator[str]:
        if _is_secure(tree):
            yield self._secrets().decrypt(tree[_SECURE])
        elif isinstance(tree, Mapping | list):
            for item in tree.values() if isinstance(tree, Mapping) else tree:
                yield from self._secrets_of(item)

    def remove(self, text: str, *, path: bool = False) -> None:
        """Drop a value; nothing happens when it is not set."""
        key, steps = self._address(text, path=path)
        if not steps:
            self._settings.config.pop(key, None)
        elif key in self._settings.config:
            self._settings.config[key] = paths.delete(self._settings.config[key], steps)

    def _address(self, text: str, *, path: bool) -> tuple[str, tuple[Step, ...]]:
        if not path:
            return self.key(text), ()
        steps = paths.parse(text)
        if not steps or not isinstance(steps[0], str):
            raise UsageError(f"'{text}' is no config path; it starts with a key")
        return self.key(steps[0]), steps[1:]

    def _open(self, entry: Any, *, decrypt: bool = True) -> ConfigValue:
        if _is_secure(entry):
            return ConfigValue(self._secrets().decrypt(entry[_SECURE]) if decrypt else "", secret=True)
        if isinstance(entry, Mapping | list):
            text = json.dumps(self._open_tree(entry, decrypt), separators=(",", ":"), ensure_ascii=False)
            return ConfigValue(text, secret=_has_secure(entry), structured=True)
        return ConfigValue(_text(entry))

    def _open_tree(self, tree: Any, decrypt: bool) -> Any:
        if _is_secure(tree):
            return self._secrets().decrypt(tree[_SECURE]) if decrypt else ""
        if isinstance(tree, Mapping):
            return {key: self._open_tree(item, decrypt) for key, item in tree.items()}
        return [self._open_tree(item, decrypt) for item in tree] if isinstance(tree, list) else tree


def set_pairs(config: Config, pairs: Sequence[str], *, path: bool, secret: bool = False) -> None:
    """Put several `KEY=VALUE`; a key alone gets the empty text."""
    for pair in pairs:
        key, _, value = pair.partition("=")
        if not key:
            raise UsageError(f"could not parse '{pair}'; config is given as key=value")
        config.set(key, value, secret=secret, path=path)


def _is_secure(entry: Any) -> bool:
    return isinstance(entry, Mapping) and len(entry) == 1 and isinstance(entry.get(_SECURE), str)


def _has_secure(entry: Any) -> bool:
    if isinstance(entry, Mapping):
        return _is_secure(entry) or any(_has_secure(item) for item in entry.values())
    return isinstance(entry, list) and any(_has_secure(item) for item in entry)


def _text(entry: Any) -> str:
    return json.dumps(entry) if isinstance(entry, bool) or entry is None else str(entry)


def typed(value: str, type: str) -> Any:
    """A value of the type that `--type` names."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "string": str,
        "int": int,
        "float": float,
        "bool": _BOOLEANS.__getitem__,
    }
    if type not in readers:
        raise UsageError(f"invalid --type '{type}'; it can be: {', '.join(readers)}")
    try:
        return readers[type](value)
    except (ValueError, KeyError) as exc:
        raise UsageError(f"the value is no {type}, as --type says") from exc


def _guessed(value: str) -> Any:
    """A value within a structure: booleans and whole numbers are such, all else is text."""
    if value in ("true", "false"):
        return value == "true"
    plain = value.removeprefix("-")
    if plain.isdecimal() and (plain == "0" or not plain.startswith("0")):
        return int(value)
    return value
