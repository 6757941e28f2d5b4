"""The Python code that a program needs to have imported resources."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from engine.state.model import Resource
from engine.urn import package_of, parse
from engine.values import Secret, Value
from engine.values_walk import any_value

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STRANGE: Final = re.compile(r"\W")


def python_code(resources: Sequence[Resource]) -> str:
    """Imports and one constructor call for each; secrets are left to the stack's config."""
    packages = sorted({package_of(one.type) for one in resources})
    heads = ["import pulumi", *(f"import pulumi_{_identifier(one)} as {_identifier(one)}" for one in packages)]
    return "\n".join([*heads, "", *(_declaration(one) for one in resources)])


def _declaration(resource: Resource) -> str:
    name = parse(resource.urn).name
    arguments = [f"{_snake(key)}={_literal(value, key)}" for key, value in resource.inputs.items()]
    if resource.protect:
        arguments.append("opts=pulumi.ResourceOptions(protect=True)")
    body = "".join(f",\n    {one}" for one in arguments)
    return f"{_snake(_identifier(name))} = {_constructor(resource.type)}({name!r}{body})"


def _constructor(type: str) -> str:
    package, module, name = type.split(":", 2)
    parts = [part for part in module.split("/") if part != "index"]
    if parts and parts[-1].lower() == name.lower():
        # Bridged providers name a module of the schema after each resource.
        parts.pop()
    return ".".join([_identifier(package), *(_identifier(part) for part in parts), name])


def _literal(value: Value, key: str) -> str:
    if isinstance(value, Secret) or any_value(value, lambda one: isinstance(one, Secret)):
        return f"pulumi.Config().require_secret({key!r})"
    if isinstance(value, Mapping):
        return "{" + _joined(f"{name!r}: {_literal(item, name)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + _joined(_literal(item, key) for item in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return repr(value) if value is None or isinstance(value, str | bool | int | float) else "..."


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _snake(name: str) -> str:
    found = _CAMEL.sub("_", name).lower()
    return f"{found}_" if keyword.iskeyword(found) else found


def _identifier(name: str) -> str:
    found = _STRANGE.sub("_", name)
    return f"_{found}" if found[:1].isdigit() else found
