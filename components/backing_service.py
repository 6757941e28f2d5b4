"""An instance of a service of the catalog, on one plan at one place."""

from __future__ import annotations

import pulumi

from catalog import registry
from catalog.model import Outputs, Request
from components import names
from components.instance_spec import InstanceSpec


class BackingService(pulumi.ComponentResource):
    """Makes the instance; `address` says where it is reached, and nothing secret."""

    address: Outputs

    def __init__(self, name: str, spec: InstanceSpec, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:index:BackingService", name, {}, opts)
        service = registry.get(spec.service)
        request = Request(
            name=spec.name,
            namespace=spec.namespace,
            plan=service.plan(spec.plan),
            parameters=service.check_parameters(spec.parameters),
            images=spec.images,
            labels=labels(spec),
            annotations={names.SPEC: spec.to_json()},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.address = service.form(spec.place).provision(request)
        self.register_outputs(dict(self.address))


def labels(spec: InstanceSpec) -> dict[str, str]:
    """On every object of the instance."""
    return {
        **names.MANAGED_BY,
        names.ORG: spec.org,
        names.SPACE: spec.space,
        names.INSTANCE: spec.name,
        names.SERVICE: spec.service,
        names.PLAN: spec.plan,
    }
