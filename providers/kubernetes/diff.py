"""What an update would change, and whether it needs a new object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.provider_api import DiffChanges, DiffKind, DiffReply, DiffRequest, PropertyDiff
from engine.values import UNKNOWN, Props
from engine.wire.diff import diff_props
from providers.kubernetes import marks
from providers.kubernetes.errors import ClusterUnreachable
from providers.kubernetes.manifest import BOOKKEEPING
from providers.kubernetes.replacement import replacing
from providers.kubernetes.settings import Environment, Settings, cluster_of, is_unknown_cluster
from providers.kubernetes.token import parse
from providers.plain import reveal

_REPLACE = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}
_STABLE_DEFAULTS = frozenset({"apiVersion", "kind"})


def diff(settings: Settings, request: DiffRequest) -> DiffReply:
    """Old inputs against new ones: a refresh has put into the old inputs what changed in the cluster meanwhile."""
    olds, news = _own(request.old_inputs), _own(request.news)
    changes = diff_props(olds, news, ignore=tuple(request.ignore_changes))
    changes = {path: kind for path, kind in changes.items() if not _is_default(path, kind)}
    patch = parse(request.type, request.news).patch
    replaces = replacing(changes, reveal(olds), reveal(news), settings) if not patch else _identity(changes)
    detailed = {p: PropertyDiff(_REPLACE[kind] if p in replaces else kind) for p, kind in changes.items()}
    if _is_failed_job(request):
        replaces |= {"status"}
    return DiffReply(
        changes=DiffChanges.SOME if changes or replaces else DiffChanges.NONE,
        replaces=sorted(replaces),
        delete_before_replace=bool(replaces) and _same_place(reveal(olds), reveal(news)),
        diffs=sorted({path.split(".")[0].split("[")[0] for path in changes}),
        detailed=detailed,
    )


def diff_config(request: DiffRequest, environment: Environment) -> DiffReply:
    """Another cluster means other objects; the same one reached in another way does not."""
    if not diff_props(request.old_inputs, request.news):
        return DiffReply(changes=DiffChanges.NONE)
    if is_unknown_cluster(request.news):
        return DiffReply(changes=DiffChanges.SOME, replaces=["kubeconfig"], diffs=["kubeconfig"])
    if _cluster(request.old_inputs, environment) != cluster_of(request.news, environment):
        return DiffReply(changes=DiffChanges.SOME, replaces=["kubeconfig"], diffs=["kubeconfig"])
    return DiffReply(changes=DiffChanges.SOME)


def _cluster(inputs: Props, environment: Environment) -> str:
    """The old cluster; a kubeconfig that is gone leaves only the new one to go by."""
    try:
        return cluster_of(inputs, environment)
    except ClusterUnreachable:
        return ""


def _own(inputs: Props) -> Props:
    return {k: v for k, v in inputs.items() if k not in BOOKKEEPING and k != "status"}


def _is_default(path: str, kind: DiffKind) -> bool:
    """apiVersion and kind filled in since are no change."""
    return kind is DiffKind.ADD and path in _STABLE_DEFAULTS


def _identity(changes: Mapping[str, DiffKind]) -> set[str]:
    return {path for path in changes if path in ("metadata.name", "metadata.namespace")}


def _same_place(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether old and new object would have the same name, given by the user: the old one must go first."""
    old_meta, new_meta = old.get("metadata") or {}, new.get("metadata") or {}
    if new_meta is UNKNOWN or marks.flag(new, marks.AUTONAMED) or not new_meta.get("name"):
        return False
    return all(old_meta.get(key) == new_meta.get(key) for key in ("name", "namespace"))


def _is_failed_job(request: DiffRequest) -> bool:
    news, olds = reveal(request.news), reveal(request.olds)
    if news.get("kind") != "Job" or not marks.flag(news, marks.REPLACE_UNREADY):
        return False
    conditions = (olds.get("status") or {}).get("conditions") or []
    return any(c.get("type") == "Failed" and c.get("status") == "True" for c in conditions)
