"""Functions of the package: YAML text, charts and kustomizations as lists of objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.provider_api import InvokeReply, InvokeRequest
from providers.kubernetes import documents, helm_chart, kustomize
from providers.kubernetes.check import is_namespaced
from providers.kubernetes.context import Context
from providers.kubernetes.errors import KubernetesProviderError, RefusedType
from providers.kubernetes.manifest import Object
from providers.kubernetes.token import Token
from providers.plain import reveal


def _decode(context: Context, args: Mapping[str, Any]) -> list[Object]:
    return _placed(context, documents.decoded(_text(args, "text")), str(args.get("defaultNamespace") or ""))


def _kustomize(context: Context, args: Mapping[str, Any]) -> list[Object]:
    text = kustomize.build(context.host, _text(args, "directory"))
    return _placed(context, documents.decoded(text, "the kustomization"), "")


def _helm(context: Context, args: Mapping[str, Any]) -> list[Object]:
    try:
        options = json.loads(_text(args, "jsonOpts"))
    except ValueError as exc:
        raise KubernetesProviderError(f"failed to unmarshal 'jsonOpts': {exc}") from exc
    text = helm_chart.template(context, options)
    return _placed(context, documents.decoded(text, "the chart"), str(options.get("namespace") or ""))


_FUNCTIONS: Final[Mapping[str, Callable[[Context, Mapping[str, Any]], list[Object]]]] = {
    "kubernetes:yaml:decode": _decode,
    "kubernetes:helm:template": _helm,
    "kubernetes:kustomize:directory": _kustomize,
}


def invoke(context: Context, request: InvokeRequest) -> InvokeReply:
    """The objects that a function makes of its arguments."""
    function = _FUNCTIONS.get(request.token)
    if function is None:
        raise RefusedType(f"the function {request.token} is not done by this provider; it has {', '.join(_FUNCTIONS)}")
    return InvokeReply(result={"result": function(context, reveal(request.args))})


def _placed(context: Context, objects: list[Object], namespace: str) -> list[Object]:
    """Objects with kind and version, in the given namespace where they name none and can have one."""
    found = [obj for obj in objects if obj.get("kind") and obj.get("apiVersion")]
    for obj in found if namespace else []:
        meta = obj.get("metadata") or {}
        token = Token(str(obj["apiVersion"]), str(obj["kind"]))
        if not meta.get("namespace") and is_namespaced(context.settings, token) is not False:
            obj["metadata"] = {**meta, "namespace": namespace}
    return found


def _text(args: Mapping[str, Any], name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str):
        raise KubernetesProviderError(f"missing required field '{name}' of type string")
    return value
