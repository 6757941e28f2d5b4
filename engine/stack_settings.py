"""Pulumi.STACK.yaml: read without loss, changed without losing comments."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from engine.backend import atomic
from engine.errors import UnsupportedError, UsageError

_CONSTANTS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}
_EMPTY: Final[tuple[Any, ...]] = ("", "~", "null", [])
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")


class StackSettings:
    """One stack's settings file, which need not exist; changes are written by `save`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._text = path.read_text(encoding="utf-8") if path.exists() else ""
        except ValueError as exc:
            raise UsageError(f"{path} is no UTF-8 text: {exc}") from exc
        tree = _read(self._text, path)
        self.salt: str = tree.get("encryptionsalt") or ""
        self.config: dict[str, Any] = tree.get("config") or {}
        """Entries as written: a text, a map with `secure`, or a structure that may hold such maps."""
        self._provider: str = tree.get("secretsprovider") or "passphrase"
        self._before = (self.salt, dict(self.config))

    def check_provider(self) -> None:
        """UnsupportedError where secrets are kept by anything but a passphrase."""
        if self._provider not in ("passphrase", "default"):
            raise UnsupportedError(
                f"secrets provider '{self._provider}' of {self.path} is not supported; this engine knows passphrase"
            )

    def save(self) -> None:
        """Write what changed; comments, order and quotes of the rest stay."""
        if (self.salt, self.config) == self._before:
            return
        text = self._changed()
        atomic.write(self.path, text.encode(), mode=0o644)
        staged(self.path).unlink(missing_ok=True)
        self._text, self._before = text, (self.salt, dict(self.config))

    def stage(self) -> None:
        """Write what changed beside the file, to take its place once the state is stored that belongs to it."""
        atomic.write(staged(self.path), self._changed().encode(), mode=0o644, sync=True)

    def _changed(self) -> str:
        return self._as_json() if self.path.suffix == ".json" else self._as_yaml()

    def _as_json(self) -> str:
        tree = json.loads(self._text or "{}")
        self._apply(tree)
        return json.dumps(tree, indent=4) + "\n"

    def _as_yaml(self) -> str:
        # Slow to import, and only needed to change a file.
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        editor = YAML()
        editor.preserve_quotes = True
        editor.width = 4096
        try:
            tree = editor.load(self._text) if self._text.strip() else {}
        except YAMLError as exc:
            raise UsageError(f"{self.path} cannot be changed: {str(exc).splitlines()[0]}") from exc
        tree = {} if tree is None else tree
        self._apply(tree)
        stream = io.StringIO()
        editor.dump(tree, stream)
        return stream.getvalue()

    def _apply(self, tree: Any) -> None:
        salt, config = self._before
        if self.salt != salt:
            tree["encryptionsalt"] = self.salt
        if not isinstance(tree.get("config"), Mapping):
            tree["config"] = {}
        for key in config.keys() - self.config.keys():
            tree["config"].pop(key, None)
        for key, entry in self.config.items():
            if key not in config or config[key] != entry:
                tree["config"][key] = entry
        if not tree["config"]:
            del tree["config"]


def staged(path: Path) -> Path:
    """Where settings lie that are about to take the place of those at `path`."""
    return path.with_name(f".{path.name}.changing")


def settle(path: Path, salt: str) -> None:
    """Finish or undo a change of settings that was cut off: the state's salt says which."""
    waiting = staged(path)
    text = waiting.read_text(encoding="utf-8")
    if salt and _read(text, waiting).get("encryptionsalt") == salt:
        waiting.replace(path)
    else:
        waiting.unlink(missing_ok=True)


def _read(text: str, path: Path) -> dict[str, Any]:
    try:
        return _entries(yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), path)
    except (yaml.YAMLError, ValueError) as exc:
        raise UsageError(f"{path} is no valid YAML: {exc}") from exc
    except RecursionError:
        raise UsageError(f"{path} is nested too deeply") from None


def _entries(node: yaml.Node | None, path: Path) -> dict[str, Any]:
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise UsageError(f"{path} holds no settings; it should be a map with 'config'")
    tree = {str(key.value): item for key, item in node.value}
    config = tree.pop("config", None)
    if config is not None and not isinstance(config, yaml.MappingNode) and config.value not in _EMPTY:
        raise UsageError(f"{path} has a 'config' that is no map")
    entries = config.value if isinstance(config, yaml.MappingNode) else []
    # A scalar keeps its text as it was written: 1.10 is a version, and 010 a code.
    return {
        **{key: item.value for key, item in tree.items() if isinstance(item, yaml.ScalarNode)},
        "config": {
            str(key.value): item.value if isinstance(item, yaml.ScalarNode) else _build(item) for key, item in entries
        },
    }


def _build(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _build(item) for key, item in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_build(item) for item in node.value]
    return _scalar(str(node.value), plain=not getattr(node, "style", None))


def _scalar(text: str, *, plain: bool) -> Any:
    if not plain:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
