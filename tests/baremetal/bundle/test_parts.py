"""The list of parts: everything named is there, pinned, and called what others ask for."""

from __future__ import annotations

import pytest

from baremetal.bundle.built import Built
from baremetal.bundle.ingredients import INGREDIENTS
from baremetal.bundle.model import Part
from baremetal.bundle.official import OfficialImages
from baremetal.bundle.parts import DEMO, PARTS, parts_named
from baremetal.bundle.plan import Planner
from baremetal.bundle.store import Store
from baremetal.errors import PartUnknown

BUILT = [(part, source) for part in PARTS.values() for source in part.sources if isinstance(source, Built)]


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.name)
def test_part_can_be_built_from_ingredients_that_exist(part: Part) -> None:
    last = part.sources[-1]
    assert isinstance(last, Built)
    assert last.needs
    assert set(last.needs) <= set(INGREDIENTS)


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.name)
def test_all_sources_of_a_part_give_the_same_names(part: Part) -> None:
    *others, built = part.sources
    assert isinstance(built, Built)
    for source in others:
        if isinstance(source, OfficialImages):
            assert set(source.images) == {image.reference for image in built.images}
        else:
            assert set(source.files) == set(built.files)  # type: ignore[attr-defined]  # the only other kind


def test_ingredients_and_parts_have_names_of_their_own() -> None:
    assert not set(PARTS) & set(INGREDIENTS)


def test_every_image_is_pinned_to_a_version() -> None:
    names = [image.reference for _, source in BUILT for image in source.images]
    theirs = [
        name
        for part in PARTS.values()
        for source in part.sources
        if isinstance(source, OfficialImages)
        for name in source.images.values()
    ]
    assert all(":" in name and not name.endswith(":latest") for name in [*names, *theirs])
    assert len(names) == len(set(names))


def test_images_have_the_names_that_kubeadm_asks_for() -> None:
    names = {image.reference for _, source in BUILT for image in source.images}
    assert {
        "registry.k8s.io/kube-apiserver:v1.36.3",
        "registry.k8s.io/kube-controller-manager:v1.36.3",
        "registry.k8s.io/kube-scheduler:v1.36.3",
        "registry.k8s.io/kube-proxy:v1.36.3",
        "registry.k8s.io/coredns/coredns:v1.14.2",
        "registry.k8s.io/pause:3.10.2",
        "registry.k8s.io/etcd:3.6.8-0",
    } <= names


@pytest.mark.parametrize("name", ["python", "node", "java", "go", "static"])
def test_base_image_for_apps_runs_as_app_in_its_folder(name: str) -> None:
    (built,) = [source for part, source in BUILT if part.name == name]
    config = built.images[0].config
    assert (config.user, config.workdir, config.env["HOME"]) == ("1000:1000", "/app", "/home/app")


def test_without_names_the_parts_of_a_local_platform_are_meant() -> None:
    assert [part.name for part in parts_named([])] == list(DEMO)
    assert {"kubernetes", "control-plane", "gateway", "python", "postgresql"} <= set(DEMO)
    assert not {"kubectl", "java", "node"} & set(DEMO)


def test_part_named_twice_is_made_once() -> None:
    assert [part.name for part in parts_named(["etcd", "pause", "etcd"])] == ["etcd", "pause"]


def test_unknown_part_is_told_with_the_known_ones() -> None:
    with pytest.raises(PartUnknown, match=r"no part 'kublet'; choose from: .*kubernetes"):
        parts_named(["kublet"])


def test_same_ingredients_give_every_part_the_same_digest_again(store: Store) -> None:
    first, second = Planner(store, INGREDIENTS), Planner(store, INGREDIENTS)
    for part in PARTS.values():
        for source in part.sources:
            assert first.digest_of(source) == second.digest_of(source)
