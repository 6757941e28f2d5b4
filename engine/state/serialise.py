"""Between deployments and the JSON of Pulumi's checkpoints (version 3, or 4 where a feature asks for it)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from engine.errors import StateError
from engine.secrets import SecretsManager
from engine.state import shape
from engine.state.model import Deployment, PendingOperation, Resource
from engine.state.record import Sealer, dump_resource, load_resource

ENGINE_VERSION: Final = "v3.272.0"
"""The Pulumi version whose state format is written; the manifest's magic is made of it."""

_OURS: Final = frozenset({"manifest", "secrets_providers", "resources", "pending_operations"})
_FEATURES: Final = frozenset({"taint", "replaceWith", "hooks", "refreshBeforeUpdate", "views"})


class StateCodec:
    """Reads and writes one stack's deployments; unchanged secrets keep their cipher text between the two."""

    def __init__(self, secrets: SecretsManager | None) -> None:
        self._secrets = secrets
        self._sealer = Sealer(secrets)
        self._texts: dict[int, tuple[Resource, str]] = {}
        self.fits = False
        """Whether what was loaded has the secrets provider that is written: only then may it be amended."""

    def is_of(self, provider: Any) -> bool:
        """Whether that is the secrets provider that is written."""
        return bool(provider == self._head(Deployment()).get("secrets_providers"))

    def load(self, tree: Mapping[str, Any] | None) -> Deployment:
        """The deployment of a checkpoint's `latest` or an export's `deployment`; nothing stands for an empty one."""
        if not tree:
            return Deployment()
        shape.check(tree)
        _check_magic(tree.get("manifest") or {})
        self.fits = self.is_of(tree.get("secrets_providers"))
        return Deployment(
            resources=tuple(load_resource(item, self._sealer) for item in tree.get("resources") or ()),
            pending=tuple(
                PendingOperation(resource=load_resource(item["resource"], self._sealer), type=item["type"])
                for item in tree.get("pending_operations") or ()
            ),
            extra={key: item for key, item in tree.items() if key not in _OURS},
        )

    def dump(self, deployment: Deployment) -> str:
        """The JSON text of a deployment; resources that were written before are not serialised again."""
        head = json.dumps(self._head(deployment), allow_nan=False)[:-1]
        parts = [head]
        # A new table each time: what left the state must not be kept alive by it.
        texts: dict[int, tuple[Resource, str]] = {}
        if deployment.resources:
            parts.append(f', "resources": [{self._join(deployment.resources, texts)}]')
        if deployment.pending:
            rows = [self._pending(operation, texts) for operation in deployment.pending]
            parts.append(f', "pending_operations": [{", ".join(rows)}]')
        self._texts = texts
        return "".join([*parts, "}"])

    def resource(self, resource: Resource) -> str:
        """The JSON text of one resource."""
        return self._text(resource, self._texts)

    def operation(self, operation: PendingOperation) -> str:
        """The JSON text of one pending operation."""
        return self._pending(operation, self._texts)

    def _pending(self, operation: PendingOperation, texts: dict[int, tuple[Resource, str]]) -> str:
        text = self._join([operation.resource], texts)
        return f'{{"resource": {text}, "type": {json.dumps(operation.type)}}}'

    def _join(self, resources: Iterable[Resource], texts: dict[int, tuple[Resource, str]]) -> str:
        return ",\n".join(self._text(resource, texts) for resource in resources)

    def _text(self, resource: Resource, texts: dict[int, tuple[Resource, str]]) -> str:
        known = self._texts.get(id(resource)) or texts.get(id(resource))
        if known is None:
            known = (resource, json.dumps(dump_resource(resource, self._sealer), allow_nan=False, ensure_ascii=False))
        texts[id(resource)] = known
        return known[1]

    def _head(self, deployment: Deployment) -> dict[str, Any]:
        head: dict[str, Any] = {"manifest": manifest()}
        if self._secrets is not None:
            head["secrets_providers"] = {"type": self._secrets.type, "state": self._secrets.state}
        return {**head, "metadata": {}, **deployment.extra}


def manifest() -> dict[str, str]:
    """When and by which version the state was written; magic lets a reader see that they belong together."""
    magic = hashlib.sha256(ENGINE_VERSION.encode()).hexdigest()
    return {"time": now(), "magic": magic, "version": ENGINE_VERSION}


def now() -> str:
    """The time as checkpoints hold it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def export_plain(deployment: Deployment) -> dict[str, Any]:
    """The tree of a deployment with its secrets readable, for `--show-secrets` alone."""
    sealer = Sealer(None, plain=True)
    tree: dict[str, Any] = {"manifest": manifest()}
    if deployment.resources:
        tree["resources"] = [dump_resource(resource, sealer) for resource in deployment.resources]
    if deployment.pending:
        tree["pending_operations"] = [
            {"resource": dump_resource(item.resource, sealer), "type": item.type} for item in deployment.pending
        ]
    return {**tree, "metadata": {}, **deployment.extra}


def wrap_checkpoint(stack: str, deployment: str, features: Iterable[str] = ()) -> str:
    """The text of a checkpoint file around a deployment's text."""
    return f'{{{_version(features)}, "checkpoint": {{"stack": {json.dumps(stack)}, "latest": {deployment}}}}}'


def wrap_export(deployment: str, features: Iterable[str] = ()) -> str:
    """The text of `stack export` around a deployment's text."""
    return f'{{{_version(features)}, "deployment": {deployment}}}'


def _version(features: Iterable[str]) -> str:
    used = sorted(features)
    return f'"version": 4, "features": {json.dumps(used)}' if used else '"version": 3'


def features_of(deployment: Deployment) -> frozenset[str]:
    """What a deployment uses beyond version 3 of the format."""
    used: set[str] = set()
    for resource in deployment.resources:
        used.update(["taint"] if resource.taint else [])
        used.update(["replaceWith"] if resource.replace_with else [])
        used.update(["hooks"] if resource.hooks else [])
        extra = {"refreshBeforeUpdate": "refreshBeforeUpdate", "viewOf": "views"}
        used.update(feature for key, feature in extra.items() if key in resource.extra)
    return frozenset(used)


def unwrap(text: str | bytes, *, key: str, what: str) -> Mapping[str, Any]:
    """What a checkpoint (`key` checkpoint) or an export (`key` deployment) holds, once its version is known to us."""
    tree = _json(text, what)
    held = tree.get(key) or {}
    if not isinstance(held, dict):
        raise StateError(f"{what} has no '{key}' object")
    version = tree.get("version")
    # A stack that Pulumi just made has no version yet, and nothing in it.
    if type(version) is not int or version not in (3, 4):
        if not version and key == "checkpoint" and not held.get("latest"):
            return held
        known = "newer than what" if type(version) is int and version > 4 else "not one that"
        raise StateError(f"{what} has version {json.dumps(version)}, {known} this engine understands: it reads 3 and 4")
    features = tree.get("features") or []
    if not isinstance(features, list) or not all(isinstance(item, str) for item in features):
        raise StateError(f"{what} has 'features' that are no list of texts")
    if strange := sorted(set(features) - _FEATURES):
        raise StateError(f"{what} uses features that are not supported by this engine: {', '.join(strange)}")
    return held


def _json(text: str | bytes, what: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
        if "\\ud" in (text if isinstance(text, str) else text.decode()).lower():
            # Half a character can be written in JSON, but not in a file.
            json.dumps(tree, ensure_ascii=False).encode()
    except RecursionError:
        raise StateError(f"{what} is nested too deeply") from None
    except ValueError as exc:
        raise StateError(f"{what} is no valid JSON: {exc}") from exc
    if not isinstance(tree, dict):
        raise StateError(f"{what} holds no JSON object")
    return tree


def _check_magic(manifest: Mapping[str, Any]) -> None:
    version, magic = manifest.get("version") or "", manifest.get("magic") or ""
    expected = hashlib.sha256(version.encode()).hexdigest() if version else ""
    if magic != expected:
        raise StateError(
            "snapshot integrity failure; refusing to use it: magic cookie mismatch; "
            "possible tampering/corruption detected",
            hint=f"the manifest's magic does not belong to its version '{version}'",
        )
