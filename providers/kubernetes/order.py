"""Which objects of a set have to be there before which others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from providers.kubernetes import marks
from providers.kubernetes.errors import KubernetesProviderError
from providers.kubernetes.manifest import Object
from providers.kubernetes.normal import is_definition

_DEPENDS_ON = "config.kubernetes.io/depends-on"


@dataclass(frozen=True, slots=True)
class Identity:
    """How objects of a set refer to each other."""

    group: str
    kind: str
    namespace: str
    name: str


def identity(obj: Object) -> Identity:
    """Who the object is, whatever its version."""
    meta = obj["metadata"]
    return Identity(_group(obj), str(obj["kind"]), str(meta.get("namespace") or ""), str(meta["name"]))


def dependencies(objects: Sequence[Object]) -> list[set[int]]:
    """For each object the places of those that it needs: its definition, its namespace, what its annotation names."""
    places = {identity(obj): place for place, obj in enumerate(objects)}
    definitions = {defined(obj): place for place, obj in enumerate(objects) if is_definition(obj)}
    found = []
    for place, obj in enumerate(objects):
        needs = {_referred(text, places, obj) for text in marks.text(obj, _DEPENDS_ON).split(",") if text.strip()}
        needs.add(definitions.get((_group(obj), str(obj["kind"])), place))
        needs.add(places.get(Identity("", "Namespace", "", str(obj["metadata"].get("namespace") or "")), place))
        found.append(needs - {place})
    return found


def ordered(needs: Sequence[set[int]]) -> list[int]:
    """All places, each after those that it needs."""
    try:
        return list(TopologicalSorter(dict(enumerate(needs))).static_order())
    except CycleError as exc:
        raise KubernetesProviderError(f"objects depend on each other in a circle ({_DEPENDS_ON})") from exc


def defined(definition: Object) -> tuple[str, str]:
    """Group and kind of what a definition defines."""
    spec = definition.get("spec") or {}
    return str(spec.get("group", "")), str((spec.get("names") or {}).get("kind", ""))


def _group(obj: Object) -> str:
    return str(obj["apiVersion"]).rpartition("/")[0]


def _referred(text: str, places: dict[Identity, int], by: Object) -> int:
    parts = text.strip().split("/")
    if len(parts) == 5 and parts[1] == "namespaces":
        wanted = Identity(parts[0], parts[3], parts[2], parts[4])
    elif len(parts) == 3:
        wanted = Identity(parts[0], parts[1], "", parts[2])
    else:
        raise KubernetesProviderError(
            f"{_DEPENDS_ON} of {by['kind']} {by['metadata']['name']} is '{text.strip()}';"
            " it would be GROUP/namespaces/NAMESPACE/KIND/NAME or GROUP/KIND/NAME"
        )
    if wanted not in places:
        name = f"{by['kind']} {by['metadata']['name']}"
        raise KubernetesProviderError(f"{_DEPENDS_ON} of {name} names '{text.strip()}', which is not in the set")
    return places[wanted]
