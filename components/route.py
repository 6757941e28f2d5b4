"""One address of an app."""

from __future__ import annotations

import pulumi

from components import names
from components.app_documents import metadata, route_spec
from components.app_spec import AppSpec
from components.app_spec import Route as RouteSpec
from components.kubernetes_object import KubernetesObject


def route(spec: AppSpec, address: RouteSpec, opts: pulumi.ResourceOptions) -> KubernetesObject:
    """The HTTPRoute of one address of the app."""
    name = address.object_name(spec.name)
    about = metadata(spec, name, {names.ROUTE: address.text})
    document = {"metadata": about, "spec": route_spec(spec, address)}
    return KubernetesObject(name, "gateway.networking.k8s.io/v1/HTTPRoute", document, opts)
