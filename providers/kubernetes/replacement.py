"""Which fields of which kinds cannot be changed in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.wire.paths import contains, parse
from providers.kubernetes.settings import Settings

_IDENTITY = ("metadata.name", "metadata.namespace", "kind")
_VOLUME_SOURCES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs"
    " hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
)
_FIXED: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("spec.selector",),
    "DaemonSet": ("spec.selector",),
    "ReplicaSet": ("spec.selector",),
    "StatefulSet": (
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "Job": ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    "PersistentVolumeClaim": ("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"),
    "PersistentVolume": tuple(f"spec.{source}" for source in _VOLUME_SOURCES.split()),
    "Pod": ("spec",),
    "Service": ("spec.clusterIP",),
    "RoleBinding": ("roleRef",),
    "ClusterRoleBinding": ("roleRef",),
    "StorageClass": ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"),
    "ResourceQuota": ("spec.scopes",),
}
_POD_CHANGEABLE = (
    "spec.activeDeadlineSeconds",
    'spec.containers["*"].image',
    'spec.initContainers["*"].image',
    "spec.terminationGracePeriodSeconds",
    "spec.tolerations",
)
_GROUPS = ("v1", "apps/", "batch/", "rbac.authorization.k8s.io/", "storage.k8s.io/")


def replacing(paths: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], settings: Settings) -> set[str]:
    """Those of the changed paths that need a new object."""
    fixed = [parse(pattern) for pattern in _patterns(old, new, settings)]
    free = [parse(pattern) for pattern in _POD_CHANGEABLE] if new.get("kind") == "Pod" else []
    return {path for path in paths if _touches(path, fixed) and not any(contains(outer, parse(path)) for outer in free)}


def _touches(path: str, fixed: list[tuple[Any, ...]]) -> bool:
    """Below a fixed field, or so far above it that the field may change as well."""
    steps = parse(path)
    return any(contains(field, steps) or contains(steps, field) for field in fixed)


def _patterns(old: Mapping[str, Any], new: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    yield from _IDENTITY
    kind, api_version = new.get("kind"), str(new.get("apiVersion", ""))
    if not api_version.startswith(_GROUPS):
        return
    frozen = bool(old.get("immutable"))
    if kind == "ConfigMap" and (frozen or not settings.config_map_mutable):
        yield from ("data", "binaryData")
    if kind == "Secret":
        yield "type"
        if frozen or not settings.secret_mutable:
            yield from ("data", "stringData")
    if kind in ("ConfigMap", "Secret") and frozen:
        yield "immutable"
    yield from _FIXED.get(str(kind), ())
