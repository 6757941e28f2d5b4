"""A running app: Deployment, Service, routes, and what its bindings give."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components import app_documents, names
from components.app_spec import AppSpec
from components.document import Document
from components.kubernetes_object import KubernetesObject, Secret, find_secret, secret
from components.route import route
from components.vcap import BoundService, services_environment


class App(pulumi.ComponentResource):
    """Deploys the spec; instances of the app are there when the component is."""

    routes: Sequence[str]

    def __init__(self, name: str, spec: AppSpec, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:index:App", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload, needs = _workload(spec, child)
        deployment = {"metadata": app_documents.deployment_metadata(spec), "spec": workload}
        after = pulumi.ResourceOptions(parent=self, depends_on=needs)
        KubernetesObject(spec.name, "apps/v1/Deployment", deployment, after)
        # Nothing to wait for: an app may be scaled to none, and whether it serves is the Deployment's to say.
        about = app_documents.metadata(spec, spec.name, {"pulumi.com/skipAwait": "true"})
        service = {"metadata": about, "spec": app_documents.service_spec(spec)}
        KubernetesObject(spec.name, "v1/Service", service, child)
        for address in spec.routes:
            route(spec, address, child)
        self.routes = [address.text for address in spec.routes]
        self.register_outputs({"routes": self.routes})


def _workload(spec: AppSpec, opts: pulumi.ResourceOptions) -> tuple[Document, list[pulumi.Resource]]:
    """The Deployment's spec, and what must be there before it."""
    if not spec.bindings:
        return app_documents.deployment_spec(spec), []
    environment = _environment(spec, opts)
    digest = environment.apply(lambda it: app_documents.services_digest(list(it.items())))
    workload = digest.apply(lambda it: app_documents.deployment_spec(spec, services_digest=it))
    return pulumi.Output.unsecret(workload), [_services_secret(spec, environment, opts)]


def _environment(spec: AppSpec, opts: pulumi.ResourceOptions) -> pulumi.Output[dict[str, str]]:
    """What the app's bindings give, read from their Secrets."""
    secrets = []
    for instance in spec.bindings:
        name = names.binding_secret(spec.name, instance)
        secrets.append(find_secret(name, spec.namespace, opts))
    documents = [pulumi.Output.all(found.metadata["annotations"], found.data) for found in secrets]
    return pulumi.Output.all(*documents).apply(_variables)


def _variables(documents: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    return services_environment([BoundService.of_secret(about, data) for about, data in documents])


def _services_secret(spec: AppSpec, environment: pulumi.Output[dict[str, str]], opts: pulumi.ResourceOptions) -> Secret:
    name = names.services_secret(spec.name)
    data = environment.apply(lambda it: {key: base64.b64encode(value.encode()).decode() for key, value in it.items()})
    return secret(name, {"metadata": app_documents.metadata(spec, name), "data": data}, opts)
