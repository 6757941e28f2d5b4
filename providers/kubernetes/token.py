"""Type tokens of the package: which kind of object a resource is, and which types are not done here."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Props
from providers.kubernetes.errors import RefusedType
from providers.plain import reveal

_REFUSED = {
    "kubernetes:helm.sh/v3:": "Helm releases (helm.sh/v4:Chart makes resources of a chart's objects)",
    "kubernetes:helm.sh/": "components as resources of their own",
    "kubernetes:yaml": "components as resources of their own",
    "kubernetes:kustomize": "components as resources of their own",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A kind of object; a patch sets some fields of an object that somebody else made."""

    api_version: str
    kind: str
    patch: bool = False


def parse(token: str, inputs: Props | None = None) -> Token:
    """`kubernetes:apps/v1:Deployment` → apps/v1, Deployment; the inputs decide whether …Patch is a patch."""
    for prefix, what in _REFUSED.items():
        if token.startswith(prefix):
            raise RefusedType(
                f"{token}: {what} are not done by this provider", hint="use a chart, or typed and custom resources"
            )
    parts = token.split(":", 2)
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise RefusedType(f"'{token}' is no type of this provider; it would be kubernetes:GROUP/VERSION:KIND")
    api_version, kind = parts[1].removeprefix("core/"), parts[2]
    given = reveal(inputs) if inputs else {}
    if given.get("items") is not None and kind.endswith("List"):
        raise RefusedType(f"{token}: lists of objects are not done by this provider", hint="make one resource of each")
    patch = kind.endswith("Patch") and given.get("kind", kind.removesuffix("Patch")) != kind
    return Token(
        api_version=_text(given.get("apiVersion")) or api_version,
        kind=kind.removesuffix("Patch") if patch else kind,
        patch=patch,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
