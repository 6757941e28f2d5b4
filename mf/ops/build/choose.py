"""Which builder a push uses."""

from __future__ import annotations

from mf.ops import places
from mf.ops.build.buildah import Buildah
from mf.ops.build.builder import Builder
from mf.ops.build.cnb import Buildpacks
from mf.ops.detect.model import Recipe
from mf.ops.session import Session

BUILDPACKS = "buildpacks"


def buildpacks_recipe(builder_image: str) -> Recipe:
    """Buildpacks find out by themselves; a new builder image builds anew."""
    return Recipe(language=BUILDPACKS, because=builder_image or "--build", dockerfile=f"# built by {builder_image}\n")


def builder_for(session: Session, recipe: Recipe) -> Builder:
    """Buildpacks where they were asked for; else buildah on this machine."""
    settings = session.settings
    if recipe.language == BUILDPACKS:
        return Buildpacks(
            kube=session.kube,
            namespace=session.namespace,
            builder_image=settings.builder_image,
            registry=settings.registry,
        )
    return Buildah(home=places.cache() / "buildah", registry=settings.registry)
