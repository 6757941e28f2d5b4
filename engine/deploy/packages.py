"""Packages that programs register once and then refer to."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TypeVar

from engine.errors import EngineError
from engine.wire.method import MethodCall
from engine.wire.package import Package
from engine.wire.registration import FunctionCall, Reading, Registration

_Request = TypeVar("_Request", Registration, Reading, FunctionCall, MethodCall)


class Packages:
    """Hands out references; the same package has the same one."""

    def __init__(self) -> None:
        self._references: dict[Package, str] = {}
        self._packages: dict[str, Package] = {}

    def add(self, package: Package) -> str:
        """The reference of a package."""
        reference = self._references.setdefault(package, str(uuid.uuid4()))
        self._packages[reference] = package
        return reference

    def resolved(self, request: _Request) -> _Request:
        """The request with what its reference to a package stands for."""
        reference = request.provider.package
        if not reference:
            return request
        if reference not in self._packages:
            raise EngineError(f"unknown provider package '{reference}'")
        package = self._packages[reference]
        choice = replace(request.provider, version=package.version, url=package.url, package="")
        return replace(request, provider=choice)
