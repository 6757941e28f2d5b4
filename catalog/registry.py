"""All services of the catalog: found by walking `catalog/services`, checked when they are first asked for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import catalog.services
from catalog.errors import BrokenCatalog, UnknownService
from catalog.model import Place, Service

_PLANS = ("small", "medium", "large")


@cache
def all() -> tuple[Service, ...]:
    """Every service, by name."""
    return load(catalog.services.__name__, tuple(catalog.services.__path__))


def get(name: str) -> Service:
    """One service by name."""
    for service in all():
        if service.name == name:
            return service
    raise UnknownService(name, [service.name for service in all()])


def load(package: str, folders: tuple[str, ...]) -> tuple[Service, ...]:
    """The services of a package's modules, sorted; BrokenCatalog names the first that breaks a rule."""
    names = sorted(module.name for folder in folders for module in pkgutil.iter_modules([folder]))
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BrokenCatalog(f"service '{min(twice)}' is there twice; keep one module of that name")
    return tuple(_service(package, name) for name in names)


def _service(package: str, module: str) -> Service:
    name = module.replace("_", "-")
    try:
        service = importlib.import_module(f"{package}.{module}").SERVICE
    except ImportError as exc:
        raise BrokenCatalog(f"catalog service '{name}' can't be imported: {exc}") from exc
    except AttributeError as exc:
        raise BrokenCatalog(f"catalog service '{name}' defines no SERVICE in its module: {exc}") from exc
    for problem in _problems(service, name):
        raise BrokenCatalog(f"catalog service '{name}' {problem}")
    assert isinstance(service, Service)
    return service


def _problems(service: object, name: str) -> list[str]:
    if not isinstance(service, Service):
        return ["has a SERVICE that is no catalog.model.Service"]
    problems = []
    if service.name != name:
        problems.append(f"calls itself '{service.name}'; its module's name says '{name}'")
    if tuple(plan.name for plan in service.plans) != _PLANS:
        found = ", ".join(plan.name for plan in service.plans) or "none"
        problems.append(f"has the plans {found}; it must have {', '.join(_PLANS)}, in this order")
    silent = [place for place in Place if place not in service.offerings]
    if silent:
        problems.append(f"says nothing about {', '.join(silent)}; give a form, or not_offered(why)")
    return problems
