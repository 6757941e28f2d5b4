"""One run of `mf`: cluster, org and space, and the platform's settings, each looked up when first needed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.kube.client import Kube
from mf.errors import NoCluster, NoPlatform
from mf.ops import places, settings, target
from mf.ops.progress import Report, silent

WAIT_FOR_LOCK = 60.0
"""Seconds that a command waits for another one that changes the same thing."""


@dataclass(kw_only=True)
class Session:
    """Holds no state of its own; empty fields fall back to `$KUBECONFIG` and what `mf target` chose.

    `report` hears what operations do while they do it; `wait` is how long they wait for others' locks.
    """

    kubeconfig: str = ""
    org: str = ""
    space: str = ""
    report: Report = silent
    wait: float = WAIT_FOR_LOCK

    @cached_property
    def target(self) -> target.Target:
        """Org, space and perhaps the kubeconfig, after flags."""
        return target.chosen(target.load(), org=self.org, space=self.space)

    @property
    def namespace(self) -> str:
        """The namespace of the targeted space."""
        return self.target.namespace

    @cached_property
    def kubeconfig_path(self) -> str:
        """The kubeconfig in use, by the order of docs/architecture.md."""
        named = self.kubeconfig or os.environ.get("KUBECONFIG", "") or self.target.kubeconfig
        if named:
            return _existing(named)
        found = next((path for path in usual_kubeconfigs() if path.is_file()), None)
        if found is None:
            raise NoCluster("there is no cluster to talk to yet", hint="make one on this machine: mf up")
        return str(found)

    @cached_property
    def kube(self) -> Kube:
        """The Kubernetes client; nothing is sent before its first call."""
        return Kube.load(self.kubeconfig_path, context=self.target.context or None)

    @cached_property
    def settings(self) -> settings.Settings:
        """The platform's settings; NoPlatform when the cluster has none."""
        found = self.kube.find("v1", "ConfigMap", settings.SETTINGS_NAME, namespace=settings.SYSTEM_NAMESPACE)
        if found is None:
            raise NoPlatform(
                f"MicroFoundry is not on the cluster at {self.kube.host}",
                hint=f"put it there: mf up --kubeconfig {self.kubeconfig_path}",
            )
        return settings.parse(found.get("data") or {})

    def environment(self) -> dict[str, str]:
        """What a child process or an engine needs to reach the same cluster."""
        context = {"MF_KUBE_CONTEXT": self.target.context} if self.target.context else {}
        return {"KUBECONFIG": self.kubeconfig_path, **context}


def usual_kubeconfigs() -> tuple[Path, ...]:
    """Where a kubeconfig is looked for when none is named."""
    return places.local_kubeconfig(), places.home() / ".kube" / "config"


def _existing(named: str) -> str:
    """The name as given, as `$KUBECONFIG` may list several files; NoCluster when none of them is there."""
    try:
        found = any(Path(part).expanduser().is_file() for part in named.split(os.pathsep) if part)
    except PermissionError as exc:
        raise NoCluster(f"the kubeconfig {named} may not be read by this user", hint="name one that may") from exc
    if not found:
        raise NoCluster(f"there is no kubeconfig at {named}", hint="name one that exists, or make a cluster: mf up")
    return named
