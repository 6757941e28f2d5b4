"""Base images: which of ours a Dockerfile needs, and that each is put into the registry once."""

from __future__ import annotations

import pytest

from mf.ops.build import bases
from mf.ops.build.registry import Registry

TWO = "FROM microfoundry/go:1.26 AS build\nRUN x\nFROM microfoundry/busybox:1\nCOPY --from=build a b\n"


@pytest.mark.parametrize(
    ("dockerfile", "images"),
    [
        (TWO, ("microfoundry/go:1.26", "microfoundry/busybox:1")),
        ("from --platform=linux/amd64 microfoundry/python:3.11\n", ("microfoundry/python:3.11",)),
        ("FROM python:3.11\nFROM scratch\n", ()),
        ("FROM microfoundry/python\nFROM microfoundry/python\n", ("microfoundry/python:latest",)),
    ],
)
def test_our_base_images_are_read_from_the_from_lines(dockerfile: str, images: tuple[str, ...]) -> None:
    assert bases.needed(dockerfile) == images


def test_only_what_the_registry_lacks_is_provided(monkeypatch: pytest.MonkeyPatch) -> None:
    def digest(self: Registry, repository: str, tag: str) -> str:
        return "sha256:1" if repository == "microfoundry/go" else ""

    monkeypatch.setattr(Registry, "digest", digest)
    provided: list[tuple[str, str]] = []
    said: list[str] = []
    bases.ensure(TWO, Registry("127.0.0.1:1"), said.append, provide=lambda image, host: provided.append((image, host)))
    assert provided == [("microfoundry/busybox:1", "127.0.0.1:1")]
    assert said == ["putting the base image microfoundry/busybox:1 into the registry, once"]
