"""What a program registers as a package."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi.runtime.proto import resource_pb2

from engine.errors import UnsupportedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A plugin at a version, from a place."""

    name: str
    version: str = ""
    url: str = ""


def package(request: resource_pb2.RegisterPackageRequest) -> Package:
    """What a RegisterPackage request says; packages that are made of a plugin and a parameter are refused by name."""
    for field in ("parameterization", "extension"):
        if request.HasField(field):
            made = getattr(request, field)
            raise UnsupportedError(
                f"the parameterized package {made.name} {made.version} (of {request.name} {request.version}) is "
                "something that this engine does not do"
            )
    return Package(name=request.name, version=request.version, url=request.download_url)
