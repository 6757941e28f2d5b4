"""Names of resources (URNs) and references to providers: build them and take them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.errors import StateError

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_PREFIX: Final = "pulumi:providers:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urn:
    """The parts of `urn:pulumi:STACK::PROJECT::QUALIFIED$TYPE::NAME`."""

    stack: str
    project: str
    qualified_type: str
    name: str

    @property
    def type(self) -> str:
        """The resource's own type, without those of its parents."""
        return self.qualified_type.rpartition("$")[2]

    def __str__(self) -> str:
        return f"urn:pulumi:{self.stack}::{self.project}::{self.qualified_type}::{self.name}"


def parse(text: str) -> Urn:
    """The parts of a URN; the name may itself hold `::`."""
    parts = text.removeprefix("urn:pulumi:").split("::", 3)
    if not text.startswith("urn:pulumi:") or len(parts) != 4:
        raise StateError(f"'{text}' is no URN; one looks like urn:pulumi:STACK::PROJECT::TYPE::NAME")
    return Urn(stack=parts[0], project=parts[1], qualified_type=parts[2], name=parts[3])


def build(stack: str, project: str, type: str, *, name: str, parent: str = "") -> str:
    """The URN of a resource; the parent's types go before its own, unless the parent is the root stack."""
    above = parse(parent).qualified_type if parent else ""
    qualified = f"{above}${type}" if above and above != STACK_TYPE else type
    return str(Urn(stack=stack, project=project, qualified_type=qualified, name=name))


def type_of(urn: str) -> str:
    """The type that a URN names."""
    return parse(urn).type


def name_of(urn: str) -> str:
    """The name that a URN ends with."""
    return parse(urn).name


def is_provider_type(type: str) -> bool:
    """Whether a type is that of a provider resource."""
    return type.startswith(PROVIDER_PREFIX)


def provider_package(type: str) -> str:
    """`pulumi:providers:aws` → `aws`."""
    return type.removeprefix(PROVIDER_PREFIX)


def package_of(type: str) -> str:
    """The package that serves a resource type: the part before the first colon."""
    return provider_package(type) if is_provider_type(type) else type.partition(":")[0]


def is_default_provider(urn: str) -> bool:
    """Whether a URN names a provider that the engine made by itself."""
    parts = parse(urn)
    return is_provider_type(parts.type) and parts.name.startswith("default")


def provider_reference(urn: str, id: str) -> str:
    """The text by which a resource refers to its provider."""
    return f"{urn}::{id}"


def split_provider_reference(reference: str) -> tuple[str, str]:
    """URN and id of a provider reference; the id is what follows the last `::`."""
    urn, separator, id = reference.rpartition("::")
    if not separator or not urn.startswith("urn:pulumi:"):
        raise StateError(f"'{reference}' is no provider reference; one looks like URN::ID")
    return urn, id
