"""The provider's configuration: which cluster, which defaults, which behaviour."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kube.client import Kube
from engine.provider_api import CheckFailure
from engine.values import UNKNOWN, Props
from providers.kubernetes.errors import answers_about
from providers.plain import reveal

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


def settings(inputs: Props) -> Settings:
    """Settings from the provider's inputs; reads the kubeconfig, but asks no server."""
    given = reveal(inputs)
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


def load_kube(given: Mapping[str, Any]) -> Kube:
    """A client for the `kubeconfig` (its content, or a path) and `context` of the provider's inputs."""
    kubeconfig, context = given.get("kubeconfig") or "", given.get("context") or None
    if isinstance(kubeconfig, Mapping):
        kubeconfig = json.dumps(kubeconfig)
    if not kubeconfig:
        return Kube.load(context=context)
    if "\n" in kubeconfig.strip() or kubeconfig.lstrip().startswith("{"):
        return Kube.load(content=kubeconfig, context=context)
    return Kube.load(str(Path(kubeconfig).expanduser()), context=context)


def refusals(inputs: Props) -> list[CheckFailure]:
    """Settings that change what this provider would have to do in a way that it does not."""
    given = reveal(inputs)
    found = []
    if not _flag(given, "enableServerSideApply", default=True):
        found.append(CheckFailure("enableServerSideApply", "only server-side apply is done; leave it out or set true"))
    found += [
        CheckFailure(key, "this provider does not do that; leave it out")
        for key in ("renderYamlToDirectory", "alwaysRender", "cluster")
        if given.get(key) not in (None, "", "false", False)
    ]
    return found


def cluster_of(inputs: Props) -> str:
    """What tells one cluster from another: the identifier if one is set, else the cluster's name in the kubeconfig."""
    given = reveal(inputs)
    identifier = given.get("clusterIdentifier") or os.environ.get(_ENVIRONMENT["clusterIdentifier"])
    if identifier:
        return f"identifier {identifier}"
    with answers_about("provider kubernetes"):
        return f"cluster {load_kube(given).access.cluster}"


def is_unknown_cluster(inputs: Props) -> bool:
    """Whether it can't be said yet which cluster the inputs mean."""
    return any(reveal(inputs.get(key)) is UNKNOWN for key in ("kubeconfig", "context", "clusterIdentifier"))


def _flag(given: Mapping[str, Any], key: str, *, default: bool = False) -> bool:
    value = given.get(key)
    if value is None:
        value = os.environ.get(_ENVIRONMENT.get(key, ""), "")
    return default if value == "" else str(value).lower() in ("true", "1")
