"""The base images that recipes stand on: in the platform's registry, or put there from the bundle when first needed."""

from __future__ import annotations

import re
from collections.abc import Callable

from mf.ops.build.builder import Say
from mf.ops.build.errors import BuilderMissing, UploadFailed
from mf.ops.build.registry import Registry

OURS = "microfoundry/"
_FROM = re.compile(r"^\s*FROM\s+(?:--platform=\S+\s+)?(?P<image>\S+)(?:\s+AS\s+\S+)?\s*$", re.IGNORECASE | re.MULTILINE)
Provide = Callable[[str, str], None]


def needed(dockerfile: str) -> tuple[str, ...]:
    """Our own base images that a Dockerfile starts from, as `name:tag`, in its order."""
    images = (match["image"] for match in _FROM.finditer(dockerfile))
    ours = (image if ":" in image else f"{image}:latest" for image in images if image.startswith(OURS))
    return tuple(dict.fromkeys(ours))


def ensure(dockerfile: str, registry: Registry, say: Say, *, provide: Provide | None = None) -> None:
    """See that the registry holds every base image of ours that the Dockerfile names."""
    for image in needed(dockerfile):
        repository, _, tag = image.partition(":")
        if not registry.digest(repository, tag):
            say(f"putting the base image {image} into the registry, once")
            (provide or _from_bundle)(image, registry.host)


def _from_bundle(image: str, host: str) -> None:
    """The part of the same name, made first where it is not there yet."""
    from baremetal import bundle
    from baremetal.errors import BareMetalError, RegistryRefused

    part = image.removeprefix(OURS).partition(":")[0]
    try:
        made = bundle.find(part) or bundle.build([part]).parts[part]
        if image not in made.images:
            raise BuilderMissing(f"there is no base image {image}; the bundle has: {', '.join(made.images)}")
        bundle.push(made.images[image], image, host)
    except RegistryRefused as exc:
        raise UploadFailed(f"the base image {image} was not stored: {exc}") from exc
    except BareMetalError as exc:
        raise BuilderMissing(f"the base image {image} can't be had: {exc}", hint="what is wrong: mf doctor") from exc
