"""Objects and their Pulumi form: names, ids, bookkeeping, and which of their values are secret."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.values import Props, Secret, Value
from providers.kubernetes import marks
from providers.kubernetes.normal import for_program, for_server
from providers.plain import reveal, secret_texts

Object: TypeAlias = dict[str, Any]

INPUTS = "__inputs"
INITIAL_API_VERSION = "__initialApiVersion"
FIELD_MANAGER = "__fieldManager"
BOOKKEEPING = (INPUTS, INITIAL_API_VERSION, FIELD_MANAGER)
SECRET_KEYS = ("data", "stringData")

_SHORTEST_SECRET = 6
_SERVER_SET = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")


def manifest(inputs: Props) -> Object:
    """The object to send: inputs with secrets opened, without bookkeeping and what only the server may set."""
    obj: Object = {k: v for k, v in reveal(inputs).items() if k not in BOOKKEEPING and k != "status"}
    meta = {k: v for k, v in (obj.get("metadata") or {}).items() if k not in _SERVER_SET}
    return for_server({**obj, "metadata": meta})


def subject(obj: Mapping[str, Any]) -> str:
    """How messages call an object: `Deployment dev/web`; a secret name stays hidden."""
    meta = obj.get("metadata") or {}
    if isinstance(meta, Secret):
        meta = {"name": meta}
    name = meta.get("name") or f"{meta.get('generateName', '')}…"
    parts = ["[secret]" if isinstance(part, Secret) else part for part in (meta.get("namespace"), name) if part]
    return f"{reveal(obj.get('kind', 'object'))} {'/'.join(parts)}"


def object_id(obj: Mapping[str, Any]) -> str:
    """`namespace/name`, or the name alone outside of namespaces."""
    meta = obj["metadata"]
    return f"{meta['namespace']}/{meta['name']}" if meta.get("namespace") else str(meta["name"])


def split_id(id: str) -> tuple[str | None, str]:
    """Namespace (None when the id names none) and name."""
    namespace, _, name = id.rpartition("/")
    return namespace or None, name


def field_manager(obj: Mapping[str, Any], urn: str, olds: Props | None = None) -> str:
    """Who owns the fields that we set: named by annotation, else as remembered, else told from the URN.

    Told from the URN, not random: after a crash the next run recognises objects that it made but did not record.
    """
    remembered = reveal((olds or {}).get(FIELD_MANAGER))
    own = f"pulumi-kubernetes-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"
    return marks.text(obj, marks.FIELD_MANAGER) or (remembered if remembered else own)


def outputs(live: Mapping[str, Any], inputs: Props, *, manager: str, olds: Props | None = None) -> Object:
    """The resource's state: the live object, secret where its inputs are, and the bookkeeping."""
    meta = {k: v for k, v in live["metadata"].items() if k != "managedFields"}  # long, and read from the server anyway
    shown = _secrets_like(for_program({**live, "metadata": meta}), for_program(inputs), secret_texts(inputs))
    initial = reveal((olds or {}).get(INITIAL_API_VERSION)) or live["apiVersion"]
    return {
        **secret_data(shown),
        INPUTS: secret_data(for_program(inputs)),
        INITIAL_API_VERSION: initial,
        FIELD_MANAGER: manager,
    }


def secret_data(obj: Object) -> Object:
    """What a Secret holds is secret, however it was given."""
    if obj.get("kind") != "Secret":
        return obj
    wrapped = {k: Secret(reveal(obj[k])) for k in SECRET_KEYS if obj.get(k) is not None}
    return {**obj, **wrapped}


def _secrets_like(live: Value, given: Value, secrets: frozenset[str]) -> Any:
    """The live value, secret wherever the given one is, or where a secret text turns up elsewhere."""
    if isinstance(given, Secret):
        return Secret(live)
    if isinstance(live, Mapping):
        known = given if isinstance(given, Mapping) else {}
        return {k: _secrets_like(v, known.get(k), secrets) for k, v in live.items()}
    if isinstance(live, list):
        items = given if isinstance(given, list) else []
        return [_secrets_like(v, items[i] if i < len(items) else None, secrets) for i, v in enumerate(live)]
    if isinstance(live, str) and any(len(s) >= _SHORTEST_SECRET and s in live for s in secrets):
        return Secret(live)
    return live


def pruned(value: Value) -> Any:
    """The value without nulls in its maps, as they mean nothing to Kubernetes."""
    if isinstance(value, Secret):
        return Secret(pruned(value.value))
    if isinstance(value, Mapping):
        return {k: pruned(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [pruned(item) for item in value]
    return value
