"""What an update would change, and whether it needs a new object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kube.errors import KubeError
from engine.provider_api import DiffChanges, DiffKind, DiffReply, DiffRequest, PropertyDiff
from engine.values import UNKNOWN, Props
from engine.wire.diff import diff_props
from engine.wire.paths import get
from engine.wire.paths import parse as parse_path
from providers.kubernetes import marks
from providers.kubernetes.manifest import BOOKKEEPING, split_id
from providers.kubernetes.normal import is_same, normal
from providers.kubernetes.replacement import replacing
from providers.kubernetes.settings import Settings
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
    olds, news = normal(_own(request.old_inputs)), normal(_own(request.news))
    changes = diff_props(olds, news, ignore=tuple(request.ignore_changes))
    changes = {path: kind for path, kind in changes.items() if not _is_none(path, kind, olds, news)}
    patch = parse(request.type, request.news).patch
    replaces = replacing(changes, reveal(olds), reveal(news), settings) if not patch else _identity(changes)
    detailed = {p: PropertyDiff(_REPLACE[kind] if p in replaces else kind) for p, kind in changes.items()}
    if _is_unready_job(settings, request):
        replaces |= {f'metadata.annotations["{marks.REPLACE_UNREADY}"]'}
    return DiffReply(
        changes=DiffChanges.SOME if changes or replaces or _is_rendered_anew(settings) else DiffChanges.NONE,
        replaces=sorted(replaces),
        delete_before_replace=bool(replaces) and _same_place(reveal(olds), reveal(news)),
        diffs=sorted({path.split(".")[0].split("[")[0] for path in changes}),
        detailed=detailed,
    )


def _is_rendered_anew(settings: Settings) -> bool:
    return bool(settings.render_to) and settings.always_render


def _own(inputs: Props) -> Props:
    return {k: v for k, v in inputs.items() if k not in BOOKKEEPING and k != "status"}


def _is_none(path: str, kind: DiffKind, olds: Props, news: Props) -> bool:
    """apiVersion and kind filled in since are no change, and neither is an amount written in another way."""
    if kind is DiffKind.ADD:
        return path in _STABLE_DEFAULTS
    steps = parse_path(path)
    return kind is DiffKind.UPDATE and is_same(steps, get(olds, steps), get(news, steps))


def _identity(changes: Mapping[str, DiffKind]) -> set[str]:
    return {path for path in changes if path in ("metadata.name", "metadata.namespace")}


def _same_place(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether old and new object would have the same name, given by the user: the old one must go first."""
    old_meta, new_meta = old.get("metadata") or {}, new.get("metadata") or {}
    if new_meta is UNKNOWN or marks.flag(new, marks.AUTONAMED) or not new_meta.get("name"):
        return False
    return all(old_meta.get(key) == new_meta.get(key) for key in ("name", "namespace"))


def _is_unready_job(settings: Settings, request: DiffRequest) -> bool:
    """Whether a Job that wants it has to be made anew; what cannot be asked stays."""
    news = reveal(request.news)
    if news.get("kind") != "Job" or not marks.flag(news, marks.REPLACE_UNREADY):
        return False
    namespace, name = split_id(request.id)
    try:
        live = settings.kube.find(news["apiVersion"], "Job", name, namespace=namespace)
    except KubeError:
        return False
    conditions = ((live or {}).get("status") or {}).get("conditions") or []
    return live is not None and not any(c.get("type") == "Complete" and c.get("status") == "True" for c in conditions)
