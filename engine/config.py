"""Config of a stack: keys with namespaces, paths into structures, secrets, and the project's defaults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine.deploy.api import ConfigValue
from engine.errors import UsageError
from engine.project import Project
from engine.secrets import SecretsManager
from engine.stack_settings import StackSettings
from engine.wire import paths
from engine.wire.paths import MISSING, Step

_SECURE: Final = "secure"


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

    def effective(self) -> dict[str, ConfigValue]:
        """What a program sees: the stack's values over the project's; UsageError for a declared key without either."""
        values = self.all()
        missing = []
        for key, declared in self._project.config.items():
            full = self.key(key)
            if full in values:
                continue
            default = _default(declared)
            if default is MISSING:
                missing.append(full)
            else:
                values[full] = self._open(default)
        if missing:
            raise UsageError(
                f"the stack is missing configuration value '{missing[0]}'",
                hint=f"set it with `pulumi config set {missing[0]} VALUE`",
            )
        return dict(sorted(values.items()))

    def set(self, text: str, value: str, *, secret: bool, path: bool = False) -> None:
        """Put a value; `save` of the settings writes it."""
        key, steps = self._address(text, path=path)
        new: Any = {_SECURE: self._secrets().encrypt(value)} if secret else _typed(value) if steps else value
        old = self._settings.config.get(key)
        if steps and not isinstance(old, Mapping | list):
            old = [] if isinstance(steps[0], int) else {}
        self._settings.config[key] = paths.put(old, steps, new)

    def set_structure(self, text: str, tree: Any) -> None:
        """Put a whole structure, its secrets encrypted already."""
        self._settings.config[self.key(text)] = tree

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


def _default(declared: Any) -> Any:
    """The default of a declared key: itself, its `value` or `default`; MISSING when there is none."""
    if not isinstance(declared, Mapping):
        return declared
    return declared.get("value", declared.get("default", MISSING))


def _text(entry: Any) -> str:
    return json.dumps(entry) if isinstance(entry, bool) or entry is None else str(entry)


def _typed(value: str) -> Any:
    """A value within a structure: booleans and whole numbers are such, all else is text."""
    if value in ("true", "false"):
        return value == "true"
    plain = value.removeprefix("-")
    if plain.isdecimal() and (plain == "0" or not plain.startswith("0")):
        return int(value)
    return value
