"""Which rule judges which object."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes import marks
from providers.kubernetes.readiness.daemonset import DaemonSetRule
from providers.kubernetes.readiness.deployment import DeploymentRule
from providers.kubernetes.readiness.feed import Object
from providers.kubernetes.readiness.ingress import IngressRule
from providers.kubernetes.readiness.job import JobRule
from providers.kubernetes.readiness.pod import PodRule
from providers.kubernetes.readiness.replication_controller import ReplicationControllerRule
from providers.kubernetes.readiness.service import ServiceRule
from providers.kubernetes.readiness.simple import DefinitionRule, QuotaRule, TokenSecretRule
from providers.kubernetes.readiness.statefulset import StatefulSetRule
from providers.kubernetes.readiness.verdict import Rule
from providers.kubernetes.readiness.volumes import ClaimRule, VolumeRule
from providers.kubernetes.readiness.wait_for import WaitForRule

_RULES: Mapping[tuple[str, str], Rule] = {
    ("apps", "Deployment"): DeploymentRule(),
    ("apps", "StatefulSet"): StatefulSetRule(),
    ("apps", "DaemonSet"): DaemonSetRule(),
    ("apps", "ReplicaSet"): ReplicationControllerRule(),
    ("batch", "Job"): JobRule(),
    ("networking.k8s.io", "Ingress"): IngressRule(),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): DefinitionRule(),
    ("", "Pod"): PodRule(),
    ("", "ReplicationController"): ReplicationControllerRule(),
    ("", "Service"): ServiceRule(),
    ("", "PersistentVolumeClaim"): ClaimRule(),
    ("", "PersistentVolume"): VolumeRule(),
    ("", "ResourceQuota"): QuotaRule(),
}
_TOKEN_SECRET = "kubernetes.io/service-account-token"  # noqa: S105 the name of a type, no password


def rule_for(obj: Object, asked: Object) -> Rule | None:
    """The rule that the object's annotations or kind call for; None when being there is enough."""
    if marks.flag(asked, marks.SKIP_AWAIT):
        return None
    expressions = marks.wait_for(asked)
    if expressions:
        return WaitForRule(expressions)
    group = obj["apiVersion"].rpartition("/")[0]
    if not group and obj["kind"] == "Secret":
        return TokenSecretRule() if obj.get("type") == _TOKEN_SECRET else None
    return _RULES.get((group, obj["kind"]))
