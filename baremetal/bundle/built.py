"""Parts made on this machine: files and images put together from ingredients."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from baremetal.bundle import digest
from baremetal.bundle.debian_root import LAYER
from baremetal.bundle.image import Image, ImageConfig, pack, write_archive
from baremetal.bundle.layer import Layer, LayerWriter
from baremetal.bundle.model import GIB, Lane, Output
from baremetal.bundle.store import Made
from baremetal.bundle.work import Job

ARCHIVE = "images.tar"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpec:
    """An image by what goes into it.

    `layers` are ingredients that are layers, the lowest first. On top come `programs` (path → ingredient, which may be
    a folder), `links`, `texts` (executable where they start with `#!`) and `folders` (path → owner's uid).
    """

    reference: str
    layers: tuple[str, ...] = ()
    programs: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)
    config: ImageConfig = field(default_factory=ImageConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A part from ingredients; `files` maps a name to the ingredient that is it."""

    files: Mapping[str, str] = field(default_factory=dict)
    images: tuple[ImageSpec, ...] = ()
    how: str = "built from packages"
    lane: Lane = Lane.LIGHT

    @property
    def needs(self) -> tuple[str, ...]:
        """All ingredients that files and images name."""
        named = [*self.files.values()]
        for image in self.images:
            named += [*image.layers, *image.programs.values()]
        return tuple(dict.fromkeys(named))

    @property
    def space(self) -> int:
        """An archive repeats the layers beneath it."""
        return GIB // 4 if self.images else GIB // 64

    def recipe(self) -> Mapping[str, object]:
        """Which ingredient goes where; the ingredients count by their own digests."""
        return {"kind": "built", "files": dict(self.files), "images": [asdict(image) for image in self.images]}

    def reachable(self) -> bool:
        """The package registries are the last resort, so there is no point in asking first."""
        return True

    def make(self, job: Job) -> Output:
        """Put the files into place and write the archive."""
        for name, ingredient in self.files.items():
            _place(only(job.ingredients[ingredient]), job.folder / name)
        references = _write_images(job, self.images) if self.images else {}
        packages: dict[str, str] = {}
        for made in job.ingredients.values():
            packages.update(made.packages)
        return Output(files={name: name for name in self.files}, images=references, packages=packages)


def only(made: Made) -> Path:
    """The one thing that an ingredient consists of."""
    (path,) = made.files.values()
    return path


def _place(source: Path, target: Path) -> None:
    """A second name for a file costs nothing; a folder is copied."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=_link)
    else:
        _link(str(source), str(target))


def _link(source: str, target: str) -> str:
    Path(target).hardlink_to(source)
    return target


def _write_images(job: Job, specs: tuple[ImageSpec, ...]) -> dict[str, str]:
    job.say(f"writing {len(specs)} image{'s' if len(specs) > 1 else ''}")
    with job.store.staging("layers") as staging:
        known: dict[str, Layer] = {}
        images = [_image(job, spec, staging, known) for spec in specs]
        write_archive(job.folder / ARCHIVE, [pack(image) for image in images])
    return {spec.reference: ARCHIVE for spec in specs}


def _image(job: Job, spec: ImageSpec, staging: Path, known: dict[str, Layer]) -> Image:
    layers = [_known_layer(job, name, known) for name in spec.layers]
    for path, name in spec.programs.items():
        key = f"{path}={name}"
        if key not in known:
            known[key] = _program_layer(path, only(job.ingredients[name]), staging / str(len(known)))
        layers.append(known[key])
    if spec.links or spec.texts or spec.folders:
        layers.append(_top_layer(spec, staging / f"top-{len(known)}-{digest.of_recipe(asdict(spec))[:8]}"))
    return Image(reference=spec.reference, layers=tuple(layers), config=spec.config)


def _known_layer(job: Job, name: str, known: dict[str, Layer]) -> Layer:
    if name not in known:
        path = job.ingredients[name].files[LAYER]
        checksum = job.ingredients[name].checksums[LAYER]
        known[name] = Layer(path=path, digest=f"sha256:{checksum}", size=path.stat().st_size)
    return known[name]


def _program_layer(path: str, source: Path, target: Path) -> Layer:
    with LayerWriter(target) as writer:
        if source.is_dir():
            writer.tree(path, source)
        else:
            writer.program(path, source)
        return writer.finish()


def _top_layer(spec: ImageSpec, target: Path) -> Layer:
    with LayerWriter(target) as writer:
        for name, owner in spec.folders.items():
            writer.folder(name, mode=0o1777 if name == "tmp" else 0o755, owner=owner)
        for name, text in spec.texts.items():
            writer.text(name, text, mode=0o755 if text.startswith("#!") else 0o644)
        for name, to in spec.links.items():
            writer.link(name, to)
        return writer.finish()
