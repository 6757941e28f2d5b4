"""Dynamic volumes on the node's own disk, by the local-path provisioner; the cluster's default storage class."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.document import Document
from components.names import SYSTEM_NAMESPACE, component_labels
from components.platform.access import Access, AccessArgs

NAME = "local-path"
PROVISIONER = "rancher.io/local-path"
ACCOUNT = "local-path-provisioner"


@dataclass(frozen=True, kw_only=True)
class LocalStorageArgs:
    """`directory` is where on the node the volumes lie; images are references that the nodes can run."""

    image: str
    helper_image: str
    directory: str = "/var/lib/microfoundry/volumes"


class LocalStorage(pulumi.ComponentResource):
    """The provisioner and its storage class `local-path`."""

    def __init__(self, name: str, args: LocalStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:LocalStorage", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        access = Access(f"{name}-access", access_args(), opts=child)
        config = k8s.core.v1.ConfigMap(
            f"{name}-config", metadata=_metadata("local-path-config"), data=config_documents(args), opts=child
        )
        k8s.apps.v1.Deployment(
            f"{name}-provisioner",
            metadata=_metadata("local-path-provisioner"),
            spec=deployment_spec(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access, config]),
        )
        storage_class = k8s.storage.v1.StorageClass(
            f"{name}-class",
            metadata=_class_metadata(),
            provisioner=PROVISIONER,
            volume_binding_mode="WaitForFirstConsumer",
            reclaim_policy="Delete",
            opts=child,
        )
        self.storage_class = storage_class.metadata.name
        self.register_outputs({"storageClass": self.storage_class})


def config_documents(args: LocalStorageArgs) -> dict[str, str]:
    """The provisioner's settings: where volumes lie, and the scripts and pod that make and remove them."""
    paths = {"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": [args.directory]}]}
    helper = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "helper-pod"},
        "spec": {
            "priorityClassName": "system-node-critical",
            "tolerations": [{"operator": "Exists"}],
            "containers": [
                {"name": "helper-pod", "image": args.helper_image, "imagePullPolicy": "IfNotPresent", "resources": {}}
            ],
        },
    }
    return {
        "config.json": json.dumps(paths),
        "setup": '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
        "teardown": '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
        "helperPod.yaml": json.dumps(helper),
    }


def deployment_spec(args: LocalStorageArgs) -> Document:
    """One small provisioner pod."""
    labels = component_labels("storage")
    command = ["local-path-provisioner", "start", "--config", "/etc/config/config.json"]
    container = {
        "name": "provisioner",
        "image": args.image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*command, "--provisioner-name", PROVISIONER],
        "env": [
            {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            {"name": "CONFIG_MOUNT_PATH", "value": "/etc/config/"},
            {"name": "SERVICE_ACCOUNT_NAME", "value": ACCOUNT},
        ],
        "resources": {"requests": {"cpu": "5m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "volumeMounts": [{"name": "config", "mountPath": "/etc/config/"}],
    }
    return {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {
                "serviceAccountName": ACCOUNT,
                "containers": [container],
                "volumes": [{"name": "config", "configMap": {"name": "local-path-config"}}],
            },
        },
    }


def access_args() -> AccessArgs:
    """What the provisioner may do: make and remove volumes, and run the pods that do it, in its own namespace."""
    read = ["get", "list", "watch"]
    wide = [
        {"apiGroups": [""], "resources": ["nodes", "persistentvolumeclaims", "configmaps", "pods/log"], "verbs": read},
        {"apiGroups": [""], "resources": ["pods"], "verbs": read},
        {
            "apiGroups": [""],
            "resources": ["persistentvolumes"],
            "verbs": [*read, "create", "patch", "update", "delete"],
        },
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
        {"apiGroups": ["storage.k8s.io"], "resources": ["storageclasses"], "verbs": read},
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": [*read, "create", "update"]},
        {"apiGroups": [""], "resources": ["endpoints"], "verbs": [*read, "create", "update", "patch"]},
    ]
    own = [{"apiGroups": [""], "resources": ["pods"], "verbs": [*read, "create", "delete"]}]
    return AccessArgs(account=ACCOUNT, component="storage", cluster_rules=wide, namespace_rules=own)


def _metadata(name: str) -> Document:
    return {"name": name, "namespace": SYSTEM_NAMESPACE, "labels": component_labels("storage")}


def _class_metadata() -> Document:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"}
    return {"name": NAME, "labels": component_labels("storage"), "annotations": annotations}
