"""What creating or changing an object would give, asked of the server without doing it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kube.errors import AlreadyExists, Conflict, Forbidden, KubeError, NotFound
from engine.provider_api import CreateReply, CreateRequest, UpdateReply, UpdateRequest
from engine.values import Props
from providers.kubernetes import ownership
from providers.kubernetes.apply import addressed, forced
from providers.kubernetes.context import Context
from providers.kubernetes.errors import answers_about
from providers.kubernetes.manifest import Object, field_manager, manifest, outputs, secret_data, subject
from providers.kubernetes.normal import is_definition
from providers.kubernetes.token import parse
from providers.plain import is_unknown, secret_texts

_NO_DRY_RUN = "does not support dry run"


def create(context: Context, request: CreateRequest) -> CreateReply:
    """The outputs to expect; the inputs where the server can't tell yet."""
    if is_unknown(request.inputs) or parse(request.type, request.inputs).patch:
        return CreateReply(id="", outputs=_as_given(request.inputs))
    obj = manifest(request.inputs)
    manager = field_manager(obj, request.urn)
    with answers_about(subject(request.inputs), secret_texts(request.inputs)):
        try:
            if context.settings.upsert:
                live = context.kube.apply(obj, field_manager=manager, force=forced(context, obj), dry_run=True)
            else:
                live = context.kube.create(obj, dry_run=True, field_manager=manager)
        except AlreadyExists:
            # Either a replacement whose forerunner is deleted first, or a clash that the update will report.
            return CreateReply(id="", outputs=_as_given(request.inputs))
        except KubeError as exc:
            if not _is_inconclusive(exc):
                raise
            return CreateReply(id="", outputs=_as_given(request.inputs))
    return CreateReply(id="", outputs=_expected(live, request.inputs, manager=manager))


def update(context: Context, request: UpdateRequest) -> UpdateReply:
    """The outputs to expect; the inputs where the server can't tell yet."""
    if is_unknown(request.news):
        return UpdateReply(outputs=_as_given(request.news))
    obj = addressed(manifest(request.news), request.id)
    manager = field_manager(obj, request.urn, request.olds)
    with answers_about(subject(request.news), secret_texts(request.news)):
        try:
            live = _foreseen(context, obj, manager, request.ignore_changes)
        except KubeError as exc:
            if not _is_inconclusive(exc):
                raise
            return UpdateReply(outputs=_as_given(request.news))
    return UpdateReply(outputs=_expected(live, request.news, manager=manager, olds=request.olds))


def _foreseen(context: Context, obj: Object, manager: str, ignored: Sequence[str]) -> Object:
    """What the update would give; a dry run can't take over what creation set, and would conflict with ourselves."""
    meta = obj["metadata"]
    address = obj["apiVersion"], obj["kind"], meta["name"]
    if is_definition(obj) or ignored:
        live = context.kube.get(*address, namespace=meta.get("namespace"))
        if is_definition(obj):
            version = {"resourceVersion": live["metadata"]["resourceVersion"]}
            return context.kube.replace({**obj, "metadata": {**meta, **version}}, dry_run=True, field_manager=manager)
        obj = ownership.following(obj, live, manager, ignored)
    try:
        return context.kube.apply(obj, field_manager=manager, force=forced(context, obj), dry_run=True)
    except Conflict:
        if not ownership.has_forerunners(context.kube.get(*address, namespace=meta.get("namespace")), manager):
            raise
        return context.kube.apply(obj, field_manager=manager, force=True, dry_run=True)


def _is_inconclusive(exc: KubeError) -> bool:
    """The kind or namespace comes in this very run, or the server may not or cannot try."""
    return isinstance(exc, (NotFound, Forbidden)) or _NO_DRY_RUN in exc.message


def _expected(live: Object, inputs: Props, *, manager: str, olds: Props | None = None) -> Object:
    """The server's answer without what only the real run will tell; programs may rely on there being a uid."""
    told = {k: v for k, v in live.items() if k != "status"}
    return outputs(told, inputs, manager=manager, olds=olds)


def _as_given(inputs: Props) -> Props:
    return secret_data({k: v for k, v in inputs.items() if k != "status"})
