"""Every part of the bundle by name: what, which version, how it is had (sources, by preference)."""

from __future__ import annotations

from collections.abc import Sequence

from baremetal.bundle.base_images import BASE_IMAGES
from baremetal.bundle.cluster_parts import BESIDE_PARTS, KUBERNETES_PARTS
from baremetal.bundle.model import Part
from baremetal.bundle.platform_parts import PLATFORM_PARTS
from baremetal.errors import PartUnknown

PARTS = {part.name: part for part in (*KUBERNETES_PARTS, *BESIDE_PARTS, *PLATFORM_PARTS, *BASE_IMAGES)}
DEMO = tuple(part.name for part in PARTS.values() if part.demo)


def part_named(name: str) -> Part:
    """The part of this name, or an error that lists the names."""
    if name not in PARTS:
        raise PartUnknown(name, sorted(PARTS))
    return PARTS[name]


def parts_named(names: Sequence[str]) -> list[Part]:
    """The parts of these names, each once; without names, those that a local platform needs."""
    return [part_named(name) for name in dict.fromkeys(names or DEMO)]
