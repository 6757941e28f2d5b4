"""The `pulumi.com/` annotations by which an object tells the provider how to treat it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from providers.kubernetes.errors import KubernetesProviderError

AUTONAMED = "pulumi.com/autonamed"
SKIP_AWAIT = "pulumi.com/skipAwait"
WAIT_FOR = "pulumi.com/waitFor"
TIMEOUT = "pulumi.com/timeoutSeconds"
PATCH_FORCE = "pulumi.com/patchForce"
FIELD_MANAGER = "pulumi.com/patchFieldManager"
REPLACE_UNREADY = "pulumi.com/replaceUnready"
PROPAGATION = "pulumi.com/deletionPropagationPolicy"

_PROPAGATIONS = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}


def text(obj: Mapping[str, Any], name: str) -> str:
    """The annotation's value, empty when it is not set or not known yet."""
    value = ((obj.get("metadata") or {}).get("annotations") or {}).get(name)
    return value if isinstance(value, str) else ""


def flag(obj: Mapping[str, Any], name: str) -> bool:
    """Whether the annotation says true."""
    return text(obj, name).lower() in ("true", "1", "t")


def propagation(obj: Mapping[str, Any], *, default: str = "Foreground") -> str:
    """What happens to dependents on deletion: they go first, later, or stay."""
    value = text(obj, PROPAGATION)
    if value and value.lower() not in _PROPAGATIONS:
        raise KubernetesProviderError(f"{PROPAGATION} is '{value}'; choose one of: {', '.join(_PROPAGATIONS)}")
    return _PROPAGATIONS.get(value.lower(), default)


def timeout(obj: Mapping[str, Any], *, asked: float, default: float) -> float:
    """Seconds to wait: what the resource's options ask, else the annotation, else the kind's default."""
    value = text(obj, TIMEOUT)
    if asked or not value:
        return asked or default
    try:
        return float(value)
    except ValueError:
        raise KubernetesProviderError(f"{TIMEOUT} is '{value}'; it would be a number of seconds") from None


def wait_for(obj: Mapping[str, Any]) -> Sequence[str]:
    """Conditions that replace the kind's own rule: `condition=…` and `jsonpath=…`; all must hold."""
    value = text(obj, WAIT_FOR).strip()
    if not value.startswith("["):
        return [value] if value else []
    try:
        return [str(item) for item in json.loads(value)]
    except ValueError:
        raise KubernetesProviderError(f"{WAIT_FOR} starts like a JSON list, but is none: {value}") from None
