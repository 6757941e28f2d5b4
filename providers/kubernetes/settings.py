"""The provider's configuration: which cluster, which defaults, which behaviour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.kube.client import Kube
from engine.kube.config import Access
from engine.values import Props
from providers.kubernetes.errors import ClusterUnreachable, answers_about
from providers.plain import reveal

Environment: TypeAlias = Mapping[str, str]

_CONTEXT_VARIABLE = "MF_KUBE_CONTEXT"
_MAY_BE_GONE = ("deleteUnreachable", "skipUpdateUnreachable")
_NOWHERE = "http://127.0.0.1:9"
_ENVIRONMENT = {
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "skipUpdateUnreachable": "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
    "clusterIdentifier": "PULUMI_K8S_CLUSTER_IDENTIFIER",
    "suppressDeprecationWarnings": "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
    "suppressHelmHookWarnings": "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configured provider's cluster and switches."""

    kube: Kube
    namespace: str
    patch_force: bool = False
    upsert: bool = False
    config_map_mutable: bool = False
    secret_mutable: bool = False
    delete_unreachable: bool = False
    skip_unreachable: bool = False
    reject_unknown: bool = False
    render_to: str = ""
    always_render: bool = False
    defined: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Of the kinds that this run defines, by group and name: whether they live in namespaces."""


def settings(inputs: Props, environment: Environment) -> Settings:
    """Settings from the provider's inputs; reads the kubeconfig, but asks no server."""
    given = completed(inputs, environment)
    kube = _kube(given)
    return Settings(
        kube=kube,
        namespace=given.get("namespace") or kube.default_namespace,
        patch_force=flag(given, "enablePatchForce"),
        upsert=flag(given, "upsertExistingObjects"),
        config_map_mutable=flag(given, "enableConfigMapMutable"),
        secret_mutable=flag(given, "enableSecretMutable"),
        delete_unreachable=flag(given, "deleteUnreachable"),
        skip_unreachable=flag(given, "skipUpdateUnreachable"),
        reject_unknown=flag(given, "rejectUnknownResources"),
        render_to=str(given.get("renderYamlToDirectory") or ""),
        always_render=flag(given, "alwaysRender"),
    )


def completed(inputs: Props, environment: Environment) -> dict[str, Any]:
    """The inputs with secrets opened; what they leave out comes from the run's environment."""
    given = dict(reveal(inputs))
    for key, variable in _ENVIRONMENT.items():
        if given.get(key) in (None, "") and environment.get(variable):
            given[key] = environment[variable]
    if not given.get("kubeconfig") and environment.get(_CONTEXT_VARIABLE):
        given.setdefault("context", environment[_CONTEXT_VARIABLE])
    return {"kubeconfig": environment.get("KUBECONFIG", ""), **given}


def _kube(given: Mapping[str, Any]) -> Kube:
    """The cluster's client; one that reaches nothing where the settings allow for a cluster that is gone."""
    try:
        with answers_about("provider kubernetes"):
            return load_kube(given)
    except ClusterUnreachable as exc:
        if not given.get("renderYamlToDirectory") and not any(flag(given, key) for key in _MAY_BE_GONE):
            raise
        return Kube(Access(server=_NOWHERE, source=exc.message))


def load_kube(given: Mapping[str, Any]) -> Kube:
    """A client for the `kubeconfig` (its content, or paths), `context` and `cluster` of the provider's settings."""
    kubeconfig = given.get("kubeconfig") or ""
    names = {key: given.get(key) or None for key in ("context", "cluster")}
    if isinstance(kubeconfig, Mapping):
        kubeconfig = json.dumps(kubeconfig)
    if not kubeconfig:
        return Kube.load(**names)
    if "\n" in kubeconfig.strip() or kubeconfig.lstrip().startswith("{"):
        return Kube.load(content=kubeconfig, **names)
    return Kube.load(kubeconfig, **names)


def cluster_of(inputs: Props, environment: Environment) -> tuple[object, ...]:
    """What tells one cluster from another in kubeconfigs: where it is and how it proves itself."""
    with answers_about("provider kubernetes"):
        access = load_kube(completed(inputs, environment)).access
    return access.server, access.ca, access.insecure, access.tls_server_name, access.proxy_url


def flag(given: Mapping[str, Any], key: str, *, default: bool = False) -> bool:
    """Whether a setting is on; the SDKs send texts."""
    value = given.get(key)
    return default if value in (None, "") else str(value).lower() in ("true", "1")
