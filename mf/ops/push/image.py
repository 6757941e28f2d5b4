"""The image of a push: the one that was named, the one built before from the same source, or a new one."""

from __future__ import annotations

import hashlib
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.app_spec import AppSpec
from mf.errors import Missing
from mf.ops import scratch, source
from mf.ops.build import bases
from mf.ops.build.builder import Builder, BuildRequest
from mf.ops.build.choose import BUILDPACKS, buildpacks_recipe
from mf.ops.build.registry import Registry
from mf.ops.detect import choose
from mf.ops.detect.model import Recipe
from mf.ops.push.phases import Phases
from mf.ops.push.plan import Artifact, Place
from mf.ops.push.wish import Wish


@dataclass(frozen=True, slots=True)
class Found:
    """A source and how it would be built; `identity` changes when either does."""

    files: source.Source
    recipe: Recipe

    @property
    def identity(self) -> str:
        """Digest of everything that decides what comes out of the build."""
        return hashlib.sha256(f"{self.files.digest}\0{self.recipe.dockerfile}".encode()).hexdigest()


def look(wish: Wish, phases: Phases, *, builder_image: Callable[[], str]) -> Found:
    """Read the source and find out what it is; the platform is asked only where buildpacks are to find out."""
    with phases.phase("detect", "source", str(wish.folder)):
        files = source.collect(wish.folder)
        if wish.app.build == BUILDPACKS:
            recipe = buildpacks_recipe(builder_image())
        else:
            recipe = choose.detect(files, build=wish.app.build or "auto", dockerfile=wish.app.dockerfile or "")
        found = Found(files, recipe)
        phases.say(
            f"{recipe.language} ({recipe.because}), {len(files.entries)} files, {_size(files.size)}"
            + (f", starts: {recipe.command}" if recipe.command else "")
        )
        for note in recipe.notes:
            phases.say(f"note: {note}")
        _ = found.identity
    return found


def named(image: str, place: Place) -> Artifact:
    """An image that was given by name; in the platform's own registry a tag is fixed to its digest."""
    host, _, rest = image.partition("/")
    if host == place.settings.registry and "@" not in rest:
        repository, _, tag = rest.rpartition(":") if ":" in rest.rsplit("/", 1)[-1] else (rest, "", "latest")
        digest = Registry(host).digest(repository, tag)
        if not digest:
            raise Missing("image", image, hint="push its source: mf push NAME --path FOLDER")
        image = f"{host}/{repository}@{digest}"
    return Artifact(image=image, source="", language="image")


def reusable(found: Found, old: AppSpec | None, place: Place) -> Artifact | None:
    """The old revision's image, when it was built from the same and is still in the registry."""
    if old is None or old.source != found.identity:
        return None
    host, _, rest = old.image.partition("/")
    repository, _, digest = rest.partition("@")
    if host != place.settings.registry or not Registry(host).digest(repository, digest):
        return None
    return Artifact(image=old.image, source=found.identity, language=found.recipe.language)


def build(name: str, found: Found, place: Place, *, builder: Builder, phases: Phases) -> Artifact:
    """Build and upload; every line of the log is told as it comes."""
    builder.check()
    repository = f"{place.settings.registry}/apps/{place.org}/{place.space}/{name}"
    threading.Thread(target=_load_programs, daemon=True).start()
    with scratch.folder("source") as folder:
        found.files.stage(Path(folder))
        request = BuildRequest(app=name, context=Path(folder), recipe=found.recipe, repository=repository)
        with phases.phase("build", builder.name, found.recipe.language):
            bases.ensure(found.recipe.dockerfile, Registry(place.settings.registry), phases.say)
            image = builder.build(request, phases.say)
        with phases.phase("upload", "image", repository):
            reference = builder.upload(image, request, lambda _: None)
    return Artifact(image=reference, source=found.identity, language=found.recipe.language)


def _load_programs() -> None:
    """The SDKs of the deployment take a while to load: done beside the build, which is another process."""
    for name in ("components.programs", "pulumi.automation"):
        importlib.import_module(name)


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.1f} KiB"
