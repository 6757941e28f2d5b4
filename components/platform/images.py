"""What nodes run as the parts of the platform: the bundle's images, or the published ones of the same versions."""

from __future__ import annotations

from collections.abc import Mapping

from baremetal.bundle.model import Part
from baremetal.bundle.official import OfficialImages
from baremetal.bundle.parts import part_named

PARTS = ("registry", "storage", "busybox", "gateway")
"""Parts whose images a platform's own pods run."""


def platform_images(source: str) -> Mapping[str, str]:
    """`bundle` or `official` → image references by the last word of their name: registry, contour, envoy, busybox …"""
    published: dict[str, str] = {}
    for name in PARTS:
        published.update(_published(part_named(name)))
    return {_word(ours): ours if source == "bundle" else theirs for ours, theirs in published.items()}


def _published(part: Part) -> Mapping[str, str]:
    return next(source.images for source in part.sources if isinstance(source, OfficialImages))


def _word(reference: str) -> str:
    return reference.rsplit("/", 1)[-1].split(":")[0]
