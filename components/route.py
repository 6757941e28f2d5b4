"""One address of an app."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from components import names
from components.app_documents import metadata, route_spec
from components.app_spec import AppSpec
from components.app_spec import Route as RouteSpec


def route(spec: AppSpec, address: RouteSpec, opts: pulumi.ResourceOptions) -> CustomResource:
    """The HTTPRoute of one address of the app."""
    name = address.object_name(spec.name)
    return CustomResource(
        name,
        api_version="gateway.networking.k8s.io/v1",
        kind="HTTPRoute",
        metadata=metadata(spec, name, {names.ROUTE: address.text}),
        spec=route_spec(spec, address),
        opts=opts,
    )
