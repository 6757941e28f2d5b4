"""One resource of a checkpoint: between its JSON object and our record, secrets sealed and opened on the way."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.errors import SecretsError, StateError
from engine.secrets import SecretsManager
from engine.state.model import Resource, Timeouts
from engine.values import Secret, Value
from engine.wire.fold import Keep, fold, fold_float, number, unfold, unfold_object
from engine.wire.signatures import SECRET, SIGNATURE

_FLAGS: Final = {
    "delete": "delete",
    "protect": "protect",
    "taint": "taint",
    "external": "external",
    "pending_replacement": "pendingReplacement",
    "retain_on_delete": "retainOnDelete",
}
_TEXTS: Final = {
    "id": "id",
    "parent": "parent",
    "provider": "provider",
    "deleted_with": "deletedWith",
    "import_id": "importID",
    "created": "created",
    "modified": "modified",
}
_LISTS: Final = {
    "dependencies": "dependencies",
    "replace_with": "replaceWith",
    "init_errors": "initErrors",
    "additional_secret_outputs": "additionalSecretOutputs",
    "aliases": "aliases",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "hide_diff": "hideDiff",
}
_OTHERS: Final = frozenset(
    {
        "urn",
        "custom",
        "type",
        "inputs",
        "outputs",
        "propertyDependencies",
        "customTimeouts",
        "replacementTrigger",
        "resourceHooks",
    }
)
_KNOWN: Final = _OTHERS | frozenset([*_FLAGS.values(), *_TEXTS.values(), *_LISTS.values()])


class Sealer:
    """Encrypts and decrypts the secrets of a state, and reuses the cipher text of what did not change."""

    def __init__(self, secrets: SecretsManager | None, *, plain: bool = False) -> None:
        self._secrets = secrets
        self._plain = plain
        self._known: dict[tuple[str, str], str] = {}

    def seal(self, place: str, tree: Any) -> dict[str, Any]:
        """The object that stands for a secret at a place of the state."""
        text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
        if self._plain:
            return {SIGNATURE: SECRET, "plaintext": text}
        if (place, text) not in self._known:
            self._known[place, text] = self._manager().encrypt(text)
        return {SIGNATURE: SECRET, "ciphertext": self._known[place, text]}

    def open(self, place: str, tree: Mapping[str, Any]) -> Secret:
        """The secret that an object of the state stands for."""
        if "plaintext" in tree:
            return Secret(unfold(json.loads(tree["plaintext"])))
        cipher = tree.get("ciphertext")
        if not isinstance(cipher, str):
            raise StateError(f"a secret of {place} has no cipher text")
        text = self._manager().decrypt(cipher)
        value = json.loads(text)
        self._known[place, json.dumps(value, ensure_ascii=False, separators=(",", ":"))] = cipher
        return Secret(unfold(value))

    def _manager(self) -> SecretsManager:
        if self._secrets is None:
            raise SecretsError("the state holds secrets, but the stack has no secrets provider")
        return self._secrets


def load_resource(tree: Mapping[str, Any], sealer: Sealer) -> Resource:
    """The record of a checkpoint's resource."""
    urn = tree.get("urn")
    if not isinstance(urn, str) or not isinstance(tree.get("type"), str):
        raise StateError("a resource of the state lacks its urn or type")
    fields: dict[str, Any] = {name: bool(tree.get(key)) for name, key in _FLAGS.items()}
    fields |= {name: tree.get(key) or "" for name, key in _TEXTS.items()}
    fields |= {name: tuple(tree.get(key) or ()) for name, key in _LISTS.items()}
    timeouts = {key: number(float(item)) for key, item in (tree.get("customTimeouts") or {}).items()}
    trigger = tree.get("replacementTrigger")
    return Resource(
        urn=urn,
        type=tree["type"],
        custom=bool(tree.get("custom")),
        inputs=_load_props(tree.get("inputs"), f"{urn} inputs", sealer),
        outputs=_load_props(tree.get("outputs"), f"{urn} outputs", sealer),
        property_dependencies={k: tuple(v or ()) for k, v in (tree.get("propertyDependencies") or {}).items()},
        custom_timeouts=Timeouts(**timeouts),
        hooks={moment: tuple(names) for moment, names in (tree.get("resourceHooks") or {}).items()},
        replacement_trigger=_load_value(trigger, f"{urn} replacementTrigger", sealer),
        extra={key: item for key, item in tree.items() if key not in _KNOWN},
        **fields,
    )


def dump_resource(resource: Resource, sealer: Sealer) -> dict[str, Any]:
    """A resource as the checkpoint holds it; empty members are left out."""
    tree: dict[str, Any] = {"urn": resource.urn, "custom": resource.custom, "type": resource.type}
    tree |= {key: True for name, key in _FLAGS.items() if getattr(resource, name)}
    tree |= {key: getattr(resource, name) for name, key in _TEXTS.items() if getattr(resource, name)}
    tree |= {key: list(getattr(resource, name)) for name, key in _LISTS.items() if getattr(resource, name)}
    if resource.inputs:
        tree["inputs"] = _dump_props(resource.inputs, f"{resource.urn} inputs", sealer)
    if resource.outputs:
        tree["outputs"] = _dump_props(resource.outputs, f"{resource.urn} outputs", sealer)
    if resource.property_dependencies:
        tree["propertyDependencies"] = {k: list(v) for k, v in resource.property_dependencies.items()}
    timeouts = {name: getattr(resource.custom_timeouts, name) for name in ("create", "update", "delete", "read")}
    if any(timeouts.values()):
        tree["customTimeouts"] = {name: seconds for name, seconds in timeouts.items() if seconds}
    if resource.replacement_trigger is not None:
        place = f"{resource.urn} replacementTrigger"
        tree["replacementTrigger"] = _dump_value(resource.replacement_trigger, place, sealer)
    if resource.hooks:
        tree["resourceHooks"] = {moment: list(names) for moment, names in resource.hooks.items()}
    return {**tree, **resource.extra}


def _load_props(tree: Mapping[str, Any] | None, place: str, sealer: Sealer) -> dict[str, Value]:
    return {key: _load_value(item, f"{place}.{key}", sealer) for key, item in (tree or {}).items()}


def _load_value(tree: Any, place: str, sealer: Sealer) -> Value:
    if isinstance(tree, Mapping):
        if tree.get(SIGNATURE) == SECRET:
            return sealer.open(place, tree)
        return unfold_object({key: _load_value(item, place, sealer) for key, item in tree.items()})
    if isinstance(tree, list):
        return [_load_value(item, place, sealer) for item in tree]
    return unfold(tree)


def _dump_props(props: Mapping[str, Value], place: str, sealer: Sealer) -> dict[str, Any]:
    return {key: _dump_value(item, f"{place}.{key}", sealer) for key, item in props.items()}


def _dump_value(value: Value, place: str, sealer: Sealer) -> Any:
    keep = Keep(unknowns=True, resources=True, seal=_sealing(sealer, place))
    return _finite(fold(value, keep))


def _sealing(sealer: Sealer, place: str) -> Callable[[Any], Any]:
    return lambda tree: sealer.seal(place, _finite(tree))


def _finite(tree: Any) -> Any:
    if isinstance(tree, float) and not math.isfinite(tree):
        return fold_float(tree)
    if isinstance(tree, dict):
        return {key: _finite(item) for key, item in tree.items()}
    return [_finite(item) for item in tree] if isinstance(tree, list) else tree
