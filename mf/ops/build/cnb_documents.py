"""The Job that runs a Cloud Native Buildpacks builder in the cluster; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components import names as keys

Document = dict[str, Any]
SOURCE, BUILD = "source", "build"
BUILD_LABEL = f"{keys.PREFIX}build"
READY = "/ready/done"
UNPACK = ("sh", "-c", f"tar -xf - -C /workspace && touch {READY}")
_PLATFORM_API = "0.13"
_MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CnbBuild:
    """One build: `image` and `helper` are as pods of the cluster pull and push them, `registry` as they reach it."""

    name: str
    app: str
    namespace: str
    builder: str
    helper: str
    registry: str
    repository: str

    @property
    def image(self) -> str:
        """What the lifecycle pushes."""
        return f"{self.registry}/{self.repository}:latest"


def job(build: CnbBuild) -> Document:
    """Wait for the source, then detect, build and export with the lifecycle's `creator`; tried once."""
    labels = {**keys.MANAGED_BY, BUILD_LABEL: build.app}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": build.name, "namespace": build.namespace, "labels": labels},
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": _MINUTES * 60,
            "ttlSecondsAfterFinished": 3600,
            "template": {"metadata": {"labels": labels}, "spec": _pod(build)},
        },
    }


def _pod(build: CnbBuild) -> Document:
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000},
        "initContainers": [_source(build)],
        "containers": [_creator(build)],
        "volumes": [{"name": name, "emptyDir": {}} for name in ("workspace", "layers", "ready")],
    }


def _source(build: CnbBuild) -> Document:
    """Holds the build back until `mf` has unpacked the source into the shared folder."""
    return {
        "name": SOURCE,
        "image": build.helper,
        "command": ["sh", "-c", f"until [ -f {READY} ]; do sleep 1; done"],
        "securityContext": _unprivileged(),
        "volumeMounts": [_mount("workspace"), _mount("ready")],
    }


def _creator(build: CnbBuild) -> Document:
    return {
        "name": BUILD,
        "image": build.builder,
        "command": ["/cnb/lifecycle/creator"],
        "args": [
            "-app=/workspace",
            "-layers=/layers",
            f"-cache-image={build.registry}/{build.repository}-cache:latest",
            f"-insecure-registry={build.registry}",
            "-process-type=web",
            build.image,
        ],
        "env": [{"name": "CNB_PLATFORM_API", "value": _PLATFORM_API}],
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "4Gi"}},
        "securityContext": _unprivileged(),
        "volumeMounts": [_mount("workspace"), _mount("layers")],
    }


def _unprivileged() -> Document:
    return {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def _mount(name: str) -> Document:
    return {"name": name, "mountPath": f"/{name}"}
