"""Finds resources of a state by URN, and tells what was probably meant when there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable

from engine.errors import StateError
from engine.state.model import Deployment, Resource

_HINT = (
    "To list the resource URNs in the stack, run `pulumi stack --show-urns`; "
    "to inspect the full state, run `pulumi stack export`."
)


def locate(deployment: Deployment, urn: str) -> Resource:
    """The one resource of that URN; StateError when there is none, or more than one."""
    check_urn(urn)
    found = [resource for resource in deployment.resources if resource.urn == urn]
    if not found:
        raise StateError(not_found(urn, (resource.urn for resource in deployment.resources)))
    if len(found) > 1:
        rows = "".join(f"  {resource.id}\n" for resource in found)
        raise StateError(f"Resource URN ambiguously referred to multiple resources. Did you mean:\n{rows}")
    return found[0]


def check_urn(urn: str) -> None:
    """StateError for a text that no URN can be."""
    if not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
        raise StateError(f"{_quoted(urn)} is not a valid resource URN\n{_HINT}")


def not_found(urn: str, candidates: Iterable[str]) -> str:
    """The message about a URN that no resource has."""
    near = _similar(urn, dict.fromkeys(candidates))
    meant = "Did you mean:\n" + "".join(f"  {item}\n" for item in near) if near else ""
    return f"No such resource {_quoted(urn)} exists in the current state\n{meant}{_HINT}"


def _similar(urn: str, candidates: Iterable[str]) -> list[str]:
    limit = max(2, len(urn) // 4)
    ranked = [(_distance(urn.lower(), item.lower(), limit), item) for item in candidates]
    return [item for distance, item in sorted(ranked, key=lambda pair: pair[0]) if distance <= limit][:3]


def _distance(left: str, right: str, limit: int) -> int:
    """Edits between two texts; anything above the limit may be returned as soon as it is sure to be above."""
    start = _common(left, right)
    left, right = left[start:], right[start:]
    end = _common(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    row = list(range(len(right) + 1))
    for number, char in enumerate(left, 1):
        last, row[0] = row[0], number
        for at, other in enumerate(right, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (char != other))
    return row[-1]


def _common(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
