"""Inputs made complete: apiVersion and kind, a name, a namespace, secrets marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kube.errors import NoKind
from engine.provider_api import CheckFailure, CheckReply, CheckRequest
from engine.values import UNKNOWN, Secret
from providers.kubernetes import marks
from providers.kubernetes.errors import ClusterUnreachable, KubernetesProviderError, answers_about
from providers.kubernetes.manifest import Object, pruned, secret_data
from providers.kubernetes.normal import is_definition, normal
from providers.kubernetes.settings import Settings
from providers.kubernetes.token import Token, parse
from providers.plain import reveal


def check(settings: Settings, request: CheckRequest) -> CheckReply:
    """The inputs as they will be applied and kept."""
    token = parse(request.type, request.news)
    inputs: Object = pruned({k: v for k, v in request.news.items() if not k.startswith("__")})
    inputs = {"apiVersion": token.api_version, **inputs, "kind": token.kind}
    meta = reveal(inputs.get("metadata") or {})
    if meta is UNKNOWN:
        return CheckReply(inputs=secret_data(inputs))
    if not isinstance(meta, Mapping):
        return CheckReply(inputs=inputs, failures=[CheckFailure("metadata", "metadata must be a map")])
    if token.patch and not meta.get("name"):
        failure = CheckFailure("metadata.name", "a patch must name the object that it changes")
        return CheckReply(inputs=inputs, failures=[failure])
    if meta.get("generateName") and not meta.get("name"):
        failure = CheckFailure("metadata.generateName", "server-side apply needs a name; leave both out for a made one")
        return CheckReply(inputs=inputs, failures=[failure])
    given = inputs.get("metadata") or {}
    secret = isinstance(given, Secret)
    complete = _placed(_named(dict(meta if secret else given), request, token), settings, token)
    whole = normal({**inputs, "metadata": Secret(complete) if secret else complete})
    _remember(settings, whole)
    return CheckReply(inputs=secret_data(whole))


def _named(meta: dict[str, Any], request: CheckRequest, token: Token) -> dict[str, Any]:
    """A name of the provider's making where the program gives none; on updates the old one stays."""
    if meta.get("name") or token.patch:
        return meta
    old = reveal((request.olds or {}).get("metadata")) or {}
    adopted = old.get("name") if marks.flag({"metadata": old}, marks.AUTONAMED) else None
    meta["name"] = adopted or f"{request.name}-{request.random_seed[:4].hex()}"
    meta["annotations"] = {**(reveal(meta.get("annotations")) or {}), marks.AUTONAMED: "true"}
    return meta


def _placed(meta: dict[str, Any], settings: Settings, token: Token) -> dict[str, Any]:
    """The default namespace, or none where the kind has none."""
    if not _is_namespaced(settings, token):
        return {k: v for k, v in meta.items() if k != "namespace"}
    if not meta.get("namespace"):
        meta["namespace"] = settings.namespace
    return meta


def is_namespaced(settings: Settings, token: Token) -> bool | None:
    """Whether objects of the kind live in namespaces; None where neither the cluster nor this run can tell."""
    known = settings.defined.get((token.api_version.rpartition("/")[0], token.kind))
    if known is not None:
        return known
    try:
        with answers_about(f"kind {token.kind}"):
            return settings.kube.kinds.get(token.api_version, token.kind).namespaced
    except KubernetesProviderError as exc:
        if isinstance(exc.__cause__, NoKind) or (settings.render_to and isinstance(exc, ClusterUnreachable)):
            return None
        raise


def _is_namespaced(settings: Settings, token: Token) -> bool:
    scope = is_namespaced(settings, token)
    if scope is None and settings.reject_unknown:
        raise KubernetesProviderError(
            f"the cluster serves no {token.kind} of {token.api_version}, and rejectUnknownResources is set"
        )
    return scope is not False  # its definition comes in this very run; most are, and creation corrects it if not


def _remember(settings: Settings, inputs: Object) -> None:
    """What is defined in this run may be used in it before the cluster knows it."""
    spec = reveal(inputs.get("spec"))
    if is_definition(inputs) and isinstance(spec, Mapping) and isinstance(spec.get("names"), Mapping):
        settings.defined[str(spec.get("group")), str(spec["names"].get("kind"))] = spec.get("scope") != "Cluster"
