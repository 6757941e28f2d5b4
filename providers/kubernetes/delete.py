"""Objects deleted with what belongs to them, and waited for until they are gone."""

from __future__ import annotations

import time

from engine.kube.errors import KubeError, NotFound
from engine.provider_api import DeleteRequest, Severity
from providers.kubernetes import marks, ownership
from providers.kubernetes.context import Context
from providers.kubernetes.errors import ClusterUnreachable, KubernetesProviderError, answers_about
from providers.kubernetes.manifest import FIELD_MANAGER, INPUTS, Object, split_id
from providers.kubernetes.readiness.feed import Feed, Selection
from providers.kubernetes.token import Token, parse
from providers.plain import reveal

_TIMEOUT = 600.0
_CHILDLESS = {"ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}
"""Kinds that own nothing: deleting them in the foreground would only cost a round through the garbage collector."""

_NEED_NOT_WAIT = {"Namespace", "Pod", "ReplicationController", "DaemonSet", "Deployment", "StatefulSet", "Job"}


def delete(context: Context, request: DeleteRequest) -> None:
    """Remove the object (a patch: give its fields back); absent counts as removed."""
    token = parse(request.type, request.inputs or reveal(request.outputs.get(INPUTS)))
    namespace, name = split_id(request.id)
    try:
        with answers_about(f"{token.kind} {request.id}"):
            if token.patch:
                _relinquish(context, token, request)
                return
            live = context.kube.find(token.api_version, token.kind, name, namespace=namespace)
            if live is not None:
                _remove(context, live, request)
    except ClusterUnreachable:
        if not context.settings.delete_unreachable:
            raise
        text = f"{token.kind} {request.id} is forgotten without being deleted: the cluster cannot be reached"
        context.host.log(Severity.WARNING, text, urn=request.urn)


def _remove(context: Context, live: Object, request: DeleteRequest) -> None:
    meta, kind = live["metadata"], live["kind"]
    asked = reveal(request.inputs) or live
    try:
        context.kube.delete(
            live["apiVersion"],
            kind,
            meta["name"],
            namespace=meta.get("namespace"),
            propagation=marks.propagation(asked, default="Background" if kind in _CHILDLESS else "Foreground"),
        )
    except NotFound:
        return
    if kind in _NEED_NOT_WAIT and marks.flag(asked, marks.SKIP_AWAIT):
        return
    _until_gone(context, live, request, marks.timeout(asked, asked=request.timeout, default=_TIMEOUT))


def _until_gone(context: Context, live: Object, request: DeleteRequest, limit: float) -> None:
    deadline = time.monotonic() + limit
    meta = live["metadata"]
    selection = Selection(
        live["apiVersion"], live["kind"], meta.get("namespace"), fields=f"metadata.name={meta['name']}"
    )
    show = context.progress(request.urn)
    with Feed(context.kube, {"main": selection}) as feed:
        while not _is_gone(feed, meta["uid"]):
            if context.cancelled():
                raise KubernetesProviderError(f"stopped while waiting until {live['kind']} {request.id} is gone")
            if time.monotonic() > deadline:
                raise KubernetesProviderError(_still_there(feed, live, limit))
            feed.wait(0.3)
            show("; ".join(_blockers(feed.objects("main"))))


def _is_gone(feed: Feed, uid: str) -> bool:
    return feed.complete("main") and all(o["metadata"]["uid"] != uid for o in feed.objects("main"))


def _still_there(feed: Feed, live: Object, limit: float) -> str:
    why = "; ".join(_blockers(feed.objects("main"))) or "no reason is given"
    meta = live["metadata"]
    return f"{live['kind']} {meta.get('namespace', '')}/{meta['name']} is not gone after {limit:.0f} s: {why}"


def _blockers(objects: list[Object]) -> list[str]:
    found = []
    for obj in objects:
        finalizers = obj["metadata"].get("finalizers") or []
        if finalizers == ["foregroundDeletion"]:
            found.append("what belongs to it goes first")
        elif finalizers:
            found.append(f"finalizers {', '.join(finalizers)}")
        conditions = (obj.get("status") or {}).get("conditions") or []
        if obj["kind"] == "Namespace":
            found += [c["message"] for c in conditions if c.get("status") == "True" and c.get("message")]
    return found


def _relinquish(context: Context, token: Token, request: DeleteRequest) -> None:
    """Give the fields back; the last owner of a field that must be there cannot."""
    namespace, name = split_id(request.id)
    manager = str(reveal(request.outputs.get(FIELD_MANAGER)) or "")
    try:
        live = context.kube.find(token.api_version, token.kind, name, namespace=namespace)
        if manager and live is not None:
            ownership.relinquish(context.kube, live, manager)
    except NotFound:
        return
    except KubeError as exc:
        required = [c for c in exc.details.get("causes") or () if c.get("reason") == "FieldValueRequired"]
        if not required:
            raise
        raise KubernetesProviderError(
            f"{token.kind} {request.id}: this patch alone manages the required field {required[0].get('field')}",
            hint="set the option retainOnDelete, or let somebody else own the field first",
        ) from exc
