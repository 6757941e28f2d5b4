"""What a change of the provider's own settings means for everything that it manages."""

from __future__ import annotations

from engine.provider_api import DiffChanges, DiffReply, DiffRequest
from engine.values import UNKNOWN, Props
from engine.wire.diff import diff_props
from providers.kubernetes.errors import ClusterUnreachable
from providers.kubernetes.settings import Environment, cluster_of
from providers.plain import reveal

_IDENTIFIER = "clusterIdentifier"
_CLUSTER = ("kubeconfig", "context", "cluster")


def diff_config(request: DiffRequest, environment: Environment) -> DiffReply:
    """Another cluster means other objects; the same one reached in another way does not.

    An identifier decides alone while it stays; giving one for the first time, or none any more, replaces nothing.
    """
    olds, news = request.old_inputs, request.news
    changed = {path.split(".")[0].split("[")[0] for path in diff_props(olds, news)}
    if not changed:
        return DiffReply(changes=DiffChanges.NONE)
    before, now = reveal(olds.get(_IDENTIFIER)) or "", reveal(news.get(_IDENTIFIER)) or ""
    replaces = {_IDENTIFIER} if before and now and before != now else set()
    unknown = [key for key in _CLUSTER if reveal(news.get(key)) is UNKNOWN]
    if unknown:
        replaces |= {unknown[0]}
    else:
        replaces |= changed & {"renderYamlToDirectory"}
        if _has_moved(olds, news, environment):
            replaces |= changed & set(_CLUSTER)
    if now and before == now:
        replaces = set()
    return DiffReply(changes=DiffChanges.SOME, replaces=sorted(replaces), diffs=sorted(changed))


def _has_moved(olds: Props, news: Props, environment: Environment) -> bool:
    """Whether both settings lead somewhere, and not to the same cluster."""
    try:
        return cluster_of(olds, environment) != cluster_of(news, environment)
    except ClusterUnreachable:
        return False
