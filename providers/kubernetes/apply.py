"""Objects made and changed, then waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.errors import InitFailed
from engine.kube.errors import AlreadyExists, Forbidden, NoKind, NotFound
from engine.provider_api import CreateReply, CreateRequest, UpdateReply, UpdateRequest
from engine.values import Props
from providers.kubernetes import marks, ownership
from providers.kubernetes.context import Context
from providers.kubernetes.errors import answers_about, hide
from providers.kubernetes.manifest import (
    FIELD_MANAGER,
    Object,
    field_manager,
    manifest,
    object_id,
    outputs,
    split_id,
    subject,
)
from providers.kubernetes.normal import is_definition
from providers.kubernetes.readiness import wait
from providers.kubernetes.token import parse
from providers.plain import reveal, secret_texts

_T = TypeVar("_T")
_RACE_PAUSES = (0.1, 0.3, 0.6, 1, 1, 2, 2, 3)
"""Seconds between tries while a definition, namespace or service account that was made just now appears."""


def create(context: Context, request: CreateRequest) -> CreateReply:
    """Make the object and wait until it is ready."""
    token = parse(request.type, request.inputs)
    obj = manifest(request.inputs)
    manager = field_manager(obj, request.urn)
    with answers_about(subject(request.inputs), secret_texts(request.inputs)):
        obj = placed(context, obj)
        if token.patch or context.settings.upsert:
            live = context.kube.apply(obj, field_manager=manager, force=forced(context, obj))
        else:
            live = _patient(context, lambda: _made(context, obj, manager))
        reasons, live = _waited(context, live, obj=obj, request=request)
    state = outputs(live, request.inputs, manager=manager)
    id = object_id(live)
    _raise_unready(id, state, reasons, request.inputs)
    return CreateReply(id=id, outputs=state)


def update(context: Context, request: UpdateRequest) -> UpdateReply:
    """Apply the new inputs and wait until the object is ready again."""
    obj = addressed(manifest(request.news), request.id)
    manager = field_manager(obj, request.urn, request.olds)
    with answers_about(subject(request.news), secret_texts(request.news) | secret_texts(request.olds)):
        patch = parse(request.type, request.news).patch
        live = _applied(context, placed(context, obj), manager, ignored=request.ignore_changes, patch=patch)
        _handed_over(context, live, request.olds, manager)
        reasons, live = _waited(context, live, obj=obj, request=request)
    state = outputs(live, request.news, manager=manager, olds=request.olds)
    _raise_unready(request.id, state, reasons, request.news)
    return UpdateReply(outputs=state)


def placed(context: Context, obj: Object) -> Object:
    """Without a namespace where the kind has none: Check could not know that for a kind defined in this run."""
    if not obj["metadata"].get("namespace"):
        return obj
    kind = _patient(context, lambda: context.kube.kinds.get(obj["apiVersion"], obj["kind"]))
    if kind.namespaced:
        return obj
    return {**obj, "metadata": {k: v for k, v in obj["metadata"].items() if k != "namespace"}}


def addressed(obj: Object, id: str) -> Object:
    """With the name that the server or an earlier run gave."""
    namespace, name = split_id(id)
    meta = {k: v for k, v in obj["metadata"].items() if k != "generateName"}
    meta.setdefault("name", name)
    if namespace:
        meta.setdefault("namespace", namespace)
    return {**obj, "metadata": meta}


def forced(context: Context, obj: Object) -> bool:
    """Whether fields may be taken from other owners."""
    return context.settings.patch_force or marks.flag(obj, marks.PATCH_FORCE)


def _made(context: Context, obj: Object, manager: str) -> Object:
    """The new object, or the one that an interrupted run of this same resource left behind."""
    try:
        return context.kube.create(obj, field_manager=manager)
    except AlreadyExists:
        live = context.kube.find(
            obj["apiVersion"], obj["kind"], obj["metadata"].get("name", ""), namespace=obj["metadata"].get("namespace")
        )
        if live is None or live["metadata"].get("deletionTimestamp"):
            raise NotFound(409, "Terminating", "the object of that name is still being deleted") from None
        if not ownership.is_ours(live, manager):
            raise
        return _applied(context, obj, manager)


def _applied(
    context: Context, obj: Object, manager: str, *, ignored: Sequence[str] = (), patch: bool = False
) -> Object:
    """A definition is put in the place of the old one; of all others those fields are set that we own."""
    meta = obj["metadata"]
    live = context.kube.find(obj["apiVersion"], obj["kind"], meta["name"], namespace=meta.get("namespace"))
    if live is not None and is_definition(obj):
        version = {"resourceVersion": live["metadata"]["resourceVersion"]}
        return context.kube.replace({**obj, "metadata": {**meta, **version}}, field_manager=manager)
    force = forced(context, obj)
    if live is not None:
        force = force or not live["metadata"].get("managedFields")
        if not patch:
            ownership.take_over(context.kube, live, manager)
        if ignored:
            obj = ownership.following(obj, live, manager, ignored)
    return context.kube.apply(obj, field_manager=manager, force=force)


def _handed_over(context: Context, live: Object, olds: Props, manager: str) -> None:
    """The annotation names another field manager than before: the former one gives up what it owns."""
    former = reveal(olds.get(FIELD_MANAGER))
    if isinstance(former, str) and former and former != manager:
        ownership.relinquish(context.kube, live, former)


def _patient(context: Context, attempt: Callable[[], _T]) -> _T:
    """Try again for a while when what is missing may just not have arrived yet."""
    for pause in _RACE_PAUSES:
        try:
            return attempt()
        except (NoKind, NotFound):
            context.pause(pause)
        except Forbidden as exc:
            if "serviceaccount" not in exc.message:
                raise
            context.pause(pause)
    return attempt()


def _waited(
    context: Context, live: Object, *, obj: Object, request: CreateRequest | UpdateRequest
) -> tuple[Sequence[str], Object]:
    """Why the object is not ready (nothing when it is), and its last known form."""
    outcome = wait.until_ready(
        context, live, asked=obj, timeout=request.timeout, progress=context.progress(request.urn)
    )
    return outcome.reasons, outcome.live


def _raise_unready(id: str, state: Object, reasons: Sequence[str], inputs: Props) -> None:
    if reasons:
        secrets = secret_texts(inputs)
        raise InitFailed(id=id, properties=state, reasons=[hide(text, secrets) for text in reasons], inputs=inputs)
