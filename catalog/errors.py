"""The errors of the catalog.

CatalogError
├── UnknownService · UnknownPlan · UnknownPlace
├── NotOffered        the service is known, but nothing provisions it at that place
├── BadParameter      a parameter that does not exist or a value that it can't take
└── BrokenCatalog     a service module that breaks the rules of the catalog
"""

from __future__ import annotations

from collections.abc import Iterable


class CatalogError(Exception):
    """Base of everything that the catalog raises on purpose."""


class UnknownService(CatalogError):
    """No service of that name."""

    def __init__(self, service: str, known: Iterable[str]) -> None:
        super().__init__(f"the marketplace has no service '{service}'; choose one of: {', '.join(known)}")
        self.service = service


class UnknownPlan(CatalogError):
    """The service has no plan of that name."""

    def __init__(self, service: str, plan: str, known: Iterable[str]) -> None:
        super().__init__(f"{service} has no plan '{plan}'; choose one of: {', '.join(known)}")
        self.service = service
        self.plan = plan


class UnknownPlace(CatalogError):
    """No place of that name."""

    def __init__(self, service: str, place: str, known: Iterable[str]) -> None:
        super().__init__(f"{service} knows no place '{place}'; choose one of: {', '.join(known)}")
        self.service = service
        self.place = place


class NotOffered(CatalogError):
    """The service is known, but nothing provisions it at that place."""

    def __init__(self, service: str, place: str, *, reason: str, offered: Iterable[str]) -> None:
        super().__init__(f"{service} is not offered on {place}: {reason}; it is offered on: {', '.join(offered)}")
        self.service = service
        self.place = place


class BadParameter(CatalogError):
    """A parameter that does not exist or a value that it can't take."""


class BrokenCatalog(CatalogError):
    """A service module that breaks the rules of the catalog."""
