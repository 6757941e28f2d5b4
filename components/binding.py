"""The right of one app to use one instance: credentials of its own, as a Secret that the app mounts."""

from __future__ import annotations

import base64
import json
from typing import Any

import pulumi

from catalog import registry
from catalog.model import BindRequest
from components import names, vcap
from components.document import Document
from components.instance_spec import BindingSpec
from components.kubernetes_object import secret


class Binding(pulumi.ComponentResource):
    """Makes the credentials and keeps them in `secret`; deleting it revokes them."""

    secret: str

    def __init__(self, name: str, spec: BindingSpec, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:index:Binding", name, {}, opts)
        service = registry.get(spec.service)
        child = pulumi.ResourceOptions(parent=self)
        request = BindRequest(
            name=f"{spec.app}-{spec.instance}",
            instance=spec.instance,
            namespace=spec.namespace,
            parameters=spec.parameters,
            opts=child,
        )
        credentials: Any = pulumi.Output.secret(service.form(spec.place).bind(request))
        self.secret = names.binding_secret(spec.app, spec.instance)
        kind = f"servicebinding.io/{service.kind.name}"
        secret(self.secret, {"type": kind, "metadata": metadata(spec), "data": credentials.apply(encoded)}, child)
        self.register_outputs({"secret": self.secret})


def metadata(spec: BindingSpec) -> Document:
    """Of the binding's Secret: whose it is, and what VCAP_SERVICES says of it."""
    labels = {
        **names.MANAGED_BY,
        names.ORG: spec.org,
        names.SPACE: spec.space,
        names.APP: spec.app,
        names.INSTANCE: spec.instance,
        names.SERVICE: spec.service,
        names.PLAN: spec.plan,
    }
    about = json.dumps(vcap.about(spec, registry.get(spec.service)), sort_keys=True, separators=(",", ":"))
    return {
        "name": names.binding_secret(spec.app, spec.instance),
        "namespace": spec.namespace,
        "labels": labels,
        "annotations": {names.BINDING: about},
    }


def encoded(credentials: dict[str, str]) -> dict[str, str]:
    """The data of a Secret."""
    return {key: base64.b64encode(value.encode()).decode() for key, value in credentials.items()}
