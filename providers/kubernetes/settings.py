"""The provider's configuration: which cluster, which defaults, which behaviour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.kube.client import Kube
from engine.provider_api import CheckFailure
from engine.values import UNKNOWN, Props
from providers.kubernetes.errors import answers_about
from providers.plain import reveal

Environment: TypeAlias = Mapping[str, str]

_CONTEXT_VARIABLE = "MF_KUBE_CONTEXT"
_ENVIRONMENT = {
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "skipUpdateUnreachable": "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
    "clusterIdentifier": "PULUMI_K8S_CLUSTER_IDENTIFIER",
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


def settings(inputs: Props, environment: Environment) -> Settings:
    """Settings from the provider's inputs; reads the kubeconfig, but asks no server."""
    given = completed(inputs, environment)
    with answers_about("provider kubernetes"):
        kube = load_kube(given)
    return Settings(
        kube=kube,
        namespace=given.get("namespace") or kube.default_namespace,
        patch_force=_flag(given, "enablePatchForce"),
        upsert=_flag(given, "upsertExistingObjects"),
        config_map_mutable=_flag(given, "enableConfigMapMutable"),
        secret_mutable=_flag(given, "enableSecretMutable"),
        delete_unreachable=_flag(given, "deleteUnreachable"),
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


def load_kube(given: Mapping[str, Any]) -> Kube:
    """A client for the `kubeconfig` (its content, or paths) and `context` of the provider's settings."""
    kubeconfig, context = given.get("kubeconfig") or "", given.get("context") or None
    if isinstance(kubeconfig, Mapping):
        kubeconfig = json.dumps(kubeconfig)
    if not kubeconfig:
        return Kube.load(context=context)
    if "\n" in kubeconfig.strip() or kubeconfig.lstrip().startswith("{"):
        return Kube.load(content=kubeconfig, context=context)
    return Kube.load(kubeconfig, context=context)


def refusals(inputs: Props, environment: Environment) -> list[CheckFailure]:
    """Settings that change what this provider would have to do in a way that it does not."""
    given = completed(inputs, environment)
    found = []
    if not _flag(given, "enableServerSideApply", default=True):
        found.append(CheckFailure("enableServerSideApply", "only server-side apply is done; leave it out or set true"))
    found += [
        CheckFailure(key, "this provider does not do that; leave it out")
        for key in ("renderYamlToDirectory", "alwaysRender", "cluster")
        if given.get(key) not in (None, "", "false", False)
    ]
    return found


def cluster_of(inputs: Props, environment: Environment) -> str:
    """What tells one cluster from another: the identifier if one is set, else the cluster's name in the kubeconfig."""
    given = completed(inputs, environment)
    if given.get("clusterIdentifier"):
        return f"identifier {given['clusterIdentifier']}"
    with answers_about("provider kubernetes"):
        return f"cluster {load_kube(given).access.cluster}"


def is_unknown_cluster(inputs: Props) -> bool:
    """Whether it can't be said yet which cluster the inputs mean."""
    return any(reveal(inputs.get(key)) is UNKNOWN for key in ("kubeconfig", "context", "clusterIdentifier"))


def _flag(given: Mapping[str, Any], key: str, *, default: bool = False) -> bool:
    value = given.get(key)
    return default if value in (None, "") else str(value).lower() in ("true", "1")
