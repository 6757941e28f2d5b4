"""Pods: which belong to an owner, whether they are ready, and what is wrong with those that are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import TEN_MINUTES, Trouble, condition, holds

_NEVER_BETTER = (
    "not found",
    "no such",
    "does not exist",
    "manifest unknown",
    "name unknown",
    "unauthorized",
    "authorization failed",
    "access denied",
    "invalid reference",
)
_WRAPPING = re.compile(
    r'^(Back-off pulling image "[^"]*"(: |$)|ErrImagePull: |rpc error: code = \w+ desc = '
    r'|failed to pull and unpack image "[^"]*": |failed to resolve reference "[^"]*": )+'
)
"""What runtime and kubelet put before the cause; the image is named anyway."""

_START_FAILED = "unable to start container process: "
"""What comes before it names only the layers that passed the error on."""

_CRASHES = 3
"""Ends of a container after which it is not expected to stay up."""

_HOPELESS_STATES = {"InvalidImageName": 0.0, "ErrImageNeverPull": 0.0}
_SETUP_STATES = {
    "CreateContainerConfigError": 20.0,
    "CreateContainerError": 20.0,
    "RunContainerError": 10.0,
    "PreCreateHookError": 20.0,
    "PostStartHookError": 10.0,
}


def selector_text(selector: Mapping[str, Any] | None) -> str:
    """A label selector as the API takes it in a query."""
    selector = selector or {}
    parts = [f"{k}={v}" for k, v in (selector.get("matchLabels") or {}).items()]
    for item in selector.get("matchExpressions") or []:
        key, operator = item["key"], item["operator"]
        values = ",".join(item.get("values") or [])
        forms = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        parts.append(forms.get(operator, f"!{key}"))
    return ",".join(parts)


def selected_by(obj: Object) -> Selection:
    """The pods that a workload selects."""
    return Selection("v1", "Pod", obj["metadata"].get("namespace"), labels=selector_text(obj["spec"].get("selector")))


def owned_by(uid: str, objects: Iterable[Object]) -> list[Object]:
    """Those of the objects that the owner made."""
    return [o for o in objects if any(r.get("uid") == uid for r in o["metadata"].get("ownerReferences") or ())]


def is_ready(pod: Object) -> bool:
    """Whether the pod serves, or has done its work."""
    return holds(pod, "Ready") or pod.get("status", {}).get("phase") == "Succeeded"


def troubles(pods: Iterable[Object]) -> list[Trouble]:
    """What is wrong, worst first."""
    found = [t for pod in pods if not pod["metadata"].get("deletionTimestamp") for t in _of_pod(pod)]
    return sorted(found, key=lambda t: (t.grace, t.pod))


def _of_pod(pod: Object) -> Iterator[Trouble]:
    name, status = pod["metadata"]["name"], pod.get("status") or {}
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable":
        text = f"no node can take it: {scheduled.get('message', 'no reason given')}"
        yield Trouble(pod=name, container="", cause="unschedulable", text=text, grace=120)
    if status.get("phase") == "Failed" and status.get("reason"):
        text = f"failed: {status['reason']} {status.get('message', '')}".strip()
        yield Trouble(pod=name, container="", cause="failed", text=text, grace=30)
    for state in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        trouble = _of_container(name, state, pod.get("spec", {}).get("restartPolicy", "Always"))
        if trouble:
            yield trouble


def _of_container(pod: str, status: Mapping[str, Any], restart_policy: str) -> Trouble | None:
    state, name = status.get("state") or {}, str(status.get("name"))
    waiting = state.get("waiting") or {}
    reason, message = waiting.get("reason", ""), waiting.get("message") or ""
    if reason in ("ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable"):
        return _image(pod, status, message)
    if reason in _HOPELESS_STATES:
        text = f"image {status.get('image')}: {message or reason}"
        return Trouble(pod=pod, container=name, cause="image", text=text, grace=_HOPELESS_STATES[reason])
    if reason in _SETUP_STATES:
        cause = message.rpartition(_START_FAILED)[2] or reason
        text = f"cannot be started: {cause}"
        return Trouble(pod=pod, container=name, cause="setup", text=text, grace=_SETUP_STATES[reason])
    ended = state.get("terminated") or (status.get("lastState") or {}).get("terminated")
    if ended and (reason == "CrashLoopBackOff" or _has_failed(state, restart_policy)):
        return _crash(pod, status, ended)
    return None


def _has_failed(state: Mapping[str, Any], restart_policy: str) -> bool:
    code = (state.get("terminated") or {}).get("exitCode")
    return code is not None and (code != 0 or restart_policy == "Always")


def _image(pod: str, status: Mapping[str, Any], message: str) -> Trouble:
    hopeless = any(sign in message.lower() for sign in _NEVER_BETTER)
    cause = _WRAPPING.sub("", message).removeprefix(f"{status.get('image')}: ") or "no reason given"
    text = f"image {status.get('image')} cannot be pulled: {cause}"
    return Trouble(pod=pod, container=str(status.get("name")), cause="image", text=text, grace=3 if hopeless else 90)


def _crash(pod: str, status: Mapping[str, Any], ended: Mapping[str, Any]) -> Trouble:
    ends = int(status.get("restartCount") or 0) + 1
    why = f"exit code {ended.get('exitCode')}" + (f", {ended['reason']}" if ended.get("reason") else "")
    detail = f": {ended['message'].strip()}" if ended.get("message") else ""
    text = f"crashed {ends} times ({why}){detail}" if ends > 1 else f"crashed ({why}){detail}"
    is_down = (status.get("state") or {}).get("terminated") is not None
    return Trouble(
        pod=pod,
        container=str(status.get("name")),
        cause="crash",
        text=text,
        grace=0 if ends >= _CRASHES else TEN_MINUTES,
        crashed=True,
        restarted=not is_down,
    )


def summary(pods: Sequence[Object]) -> str:
    """What the pods that are not ready are doing, in a few words."""
    for pod in pods:
        if is_ready(pod) or pod["metadata"].get("deletionTimestamp"):
            continue
        for status in pod.get("status", {}).get("containerStatuses") or []:
            state = status.get("state") or {}
            doing = (state.get("waiting") or {}).get("reason") or ("running, not ready" if "running" in state else "")
            if doing and not status.get("ready"):
                return f"pod {pod['metadata']['name']}, container {status['name']}: {doing}"
        return f"pod {pod['metadata']['name']}: {pod.get('status', {}).get('phase', 'no status yet')}"
    return ""
