"""What a service instance and a binding are to be: all that is needed to make them again, and no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from catalog.model import Images
from components.label import check_label


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSpec:
    """One instance of a service of the catalog, in one space, at one place."""

    name: str
    org: str
    space: str
    namespace: str
    service: str
    plan: str
    place: str = "local"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    images: Images = field(default_factory=Images)

    def __post_init__(self) -> None:
        check_label("service instance", self.name)

    def to_json(self) -> str:
        """As the annotation has it."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> InstanceSpec:
        """The spec of an annotation."""
        document = json.loads(text)
        return cls(images=Images(**document.pop("images", {})), **document)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingSpec:
    """The right of one app to use one instance, with credentials of its own."""

    app: str
    instance: str
    org: str
    space: str
    namespace: str
    service: str
    plan: str
    place: str = "local"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    binding_name: str | None = None

    def __post_init__(self) -> None:
        check_label("app", self.app)
        check_label("service instance", self.instance)

    @classmethod
    def of(cls, instance: InstanceSpec, *, app: str, binding_name: str | None = None) -> BindingSpec:
        """The binding of an app in the instance's own space."""
        return cls(
            app=app,
            instance=instance.name,
            org=instance.org,
            space=instance.space,
            namespace=instance.namespace,
            service=instance.service,
            plan=instance.plan,
            place=instance.place,
            binding_name=binding_name,
        )
