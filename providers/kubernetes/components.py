"""The package's components: sets of objects out of YAML, kustomizations and charts, registered in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.component_api import ConstructReply, ConstructRequest
from engine.provider_api import Severity
from engine.values import UNKNOWN, Props, ResourceRef, Secret
from engine.wire.monitor import Registered
from engine.wire.monitor_client import MonitorClient
from engine.wire.registration import ProviderChoice, Registration
from providers.kubernetes import documents, helm_chart, kustomize, marks
from providers.kubernetes.check import is_namespaced
from providers.kubernetes.context import Context
from providers.kubernetes.errors import RefusedType
from providers.kubernetes.manifest import Object
from providers.kubernetes.normal import is_definition
from providers.kubernetes.order import defined, dependencies, ordered
from providers.kubernetes.token import Token
from providers.plain import is_secret, is_unknown, reveal

_MOST_AT_ONCE: Final = 64
_INCOMPLETE: Final = "Required input properties have unknown values. Preview is incomplete."


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Objects that belong together, and where those go that name no namespace."""

    objects: Sequence[Object]
    namespace: str = ""
    keep: bool = False
    """Whether objects may say that they outlive the set (as charts' may)."""


def _config_group(context: Context, _name: str, inputs: Mapping[str, Any]) -> Set:
    files = documents.from_files(inputs.get("files") or (), context.host.directory, patterns=True)
    texts = documents.decoded(inputs.get("yaml") or "", "yaml")
    return Set(objects=[*files, *texts, *(inputs.get("objs") or ())])


def _config_file(context: Context, _name: str, inputs: Mapping[str, Any]) -> Set:
    return Set(objects=documents.from_files([inputs["file"]], context.host.directory, patterns=False))


def _directory(context: Context, _name: str, inputs: Mapping[str, Any]) -> Set:
    text = kustomize.build(context.host, inputs["directory"])
    return Set(objects=documents.decoded(text, "the kustomization"), namespace=inputs.get("namespace") or "")


def _chart(context: Context, name: str, inputs: Mapping[str, Any]) -> Set:
    text = helm_chart.render(context, name, inputs)
    return Set(objects=documents.decoded(text, "the chart"), namespace=inputs.get("namespace") or "", keep=True)


_SOURCES: Final[Mapping[str, Callable[[Context, str, Mapping[str, Any]], Set]]] = {
    "kubernetes:yaml/v2:ConfigGroup": _config_group,
    "kubernetes:yaml/v2:ConfigFile": _config_file,
    "kubernetes:kustomize/v2:Directory": _directory,
    "kubernetes:helm.sh/v4:Chart": _chart,
}


def construct(context: Context, request: ConstructRequest, version: str) -> ConstructReply:
    """Register the component and all of its objects."""
    source = _SOURCES.get(request.type)
    if source is None:
        raise RefusedType(f"'{request.type}' is no component of this provider; it has {', '.join(_SOURCES)}")
    with MonitorClient(request.surroundings.monitor) as monitor:
        urn = monitor.register_component(request)
        if is_unknown(request.inputs):
            text = f"{request.type}:{request.name} -- {_INCOMPLETE}"
            context.host.log(Severity.WARNING, text, urn=urn)
            return ConstructReply(urn=urn, outputs={"resources": UNKNOWN})
        inputs = reveal(request.inputs)
        found = source(context, request.name, inputs)
        objects = _placed(context, found, urn)
        prefix = request.name if inputs.get("resourcePrefix") is None else inputs["resourcePrefix"]
        wanted = [_registration(obj, prefix, skip_await=bool(inputs.get("skipAwait"))) for obj in objects]
        choice = ProviderChoice(version=version)
        wanted = [
            replace(one, parent=urn, provider=choice, inputs=_hidden(one.inputs, request.inputs)) for one in wanted
        ]
        if found.keep:
            wanted = [_kept(one, obj) for one, obj in zip(wanted, objects, strict=True)]
        made = _registered(monitor, wanted, dependencies(objects))
    references = [ResourceRef(urn=one.urn, id=one.id or UNKNOWN, package_version=version) for one in made]
    return ConstructReply(
        urn=urn, outputs={"resources": references}, dependencies={"resources": [one.urn for one in made]}
    )


def _placed(context: Context, found: Set, urn: str) -> list[Object]:
    """The objects with their namespaces; definitions in the set tell the scope of what they define."""
    objects = list(documents.expanded(found.objects))
    known = {defined(obj): (obj.get("spec") or {}).get("scope") != "Cluster" for obj in objects if is_definition(obj)}
    unclear = set()
    for obj in objects:
        if obj["metadata"].get("namespace"):
            continue
        token = Token(obj["apiVersion"], obj["kind"])
        scope = known.get((token.api_version.rpartition("/")[0], token.kind))
        scope = is_namespaced(context.settings, token) if scope is None else scope
        if scope is None:
            unclear.add(f"{token.api_version}, Kind={token.kind}")
        elif scope:
            obj["metadata"]["namespace"] = found.namespace or context.settings.namespace
    if unclear:
        text = f"no cluster and no definition tells whether these kinds have namespaces: {'; '.join(sorted(unclear))}"
        context.host.log(Severity.WARNING, text, urn=urn)
    return objects


def _registration(obj: Object, prefix: str, *, skip_await: bool) -> Registration:
    meta = obj["metadata"]
    name = f"{meta['namespace']}/{meta['name']}" if meta.get("namespace") else str(meta["name"])
    if skip_await:
        obj = {
            **obj,
            "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), marks.SKIP_AWAIT: "true"}},
        }
    version, kind = str(obj["apiVersion"]), str(obj["kind"])
    is_a_secret = (version, kind) == ("v1", "Secret")
    held = [key for key in ("data", "stringData") if is_a_secret and key in obj]
    return Registration(
        type=f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}",
        name=f"{prefix}:{name}" if prefix else name,
        custom=True,
        inputs={**obj, **{key: Secret(obj[key]) for key in held}},
        additional_secret_outputs=("data", "stringData") if is_a_secret else (),
    )


def _hidden(inputs: Props, given: Props) -> Props:
    """All but the names is secret where anything was that the objects come from."""
    if not is_secret(given):
        return inputs
    shown = ("apiVersion", "kind", "metadata")
    return {key: value if key in shown or isinstance(value, Secret) else Secret(value) for key, value in inputs.items()}


def _kept(wanted: Registration, obj: Object) -> Registration:
    return replace(wanted, retain_on_delete=True) if marks.text(obj, "helm.sh/resource-policy") == "keep" else wanted


def _registered(monitor: MonitorClient, wanted: Sequence[Registration], needs: Sequence[set[int]]) -> list[Registered]:
    """All at once, but for what has to wait: each waits only for those before it, so no thread is missing."""
    futures: dict[int, Future[Registered]] = {}

    def register(place: int) -> Registered:
        urns = tuple(sorted(futures[other].result().urn for other in needs[place]))
        return monitor.register(replace(wanted[place], dependencies=urns))

    with ThreadPoolExecutor(max_workers=_MOST_AT_ONCE, thread_name_prefix="kubernetes-component") as pool:
        for place in ordered(needs):
            futures[place] = pool.submit(register, place)
        return [futures[place].result() for place in range(len(wanted))]
