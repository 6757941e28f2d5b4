"""Why a new version does not come up, told from its pods; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.app_spec import AppSpec
from mf.ops.build.cause import cause

Object = Mapping[str, Any]
IMAGE_REASONS = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError")
CONFIG_REASONS = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
_MISSING = ("not found", "404", "manifest unknown", "does not exist", "name unknown")
REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"
_START_FAILED = "unable to start container process: "
"""What comes before it names only the layers that passed the error on."""
SHELL_EXITS = {126: "the command can't be executed", 127: "the command was not found in the image"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong; `logs` says whether the last log lines help, `fatal` whether waiting could."""

    text: str
    hint: str = ""
    logs: bool = False
    fatal: bool = True


def newest(replica_sets: Sequence[Object]) -> Object | None:
    """The ReplicaSet of the newest revision."""
    return max(replica_sets, key=_revision, default=None)


def serving(replica_sets: Sequence[Object]) -> Object | None:
    """The newest ReplicaSet that has a ready pod."""
    return max(
        (item for item in replica_sets if (item.get("status") or {}).get("readyReplicas")), key=_revision, default=None
    )


def pods_of(pods: Sequence[Object], replica_set: Object | None) -> list[Object]:
    """A ReplicaSet's pods."""
    if replica_set is None:
        return []
    wanted = replica_set["metadata"]["labels"].get(HASH)
    return [pod for pod in pods if (pod["metadata"].get("labels") or {}).get(HASH) == wanted]


def judge(
    pod: Object, spec: AppSpec, *, log: Sequence[str] = (), ports: Mapping[int, bool] | None = None
) -> Verdict | None:
    """What is wrong with one pod; None when nothing is, or not yet."""
    status = pod.get("status") or {}
    containers = status.get("containerStatuses") or []
    for container in containers:
        if container.get("ready"):
            continue
        verdict = _waiting(container, spec) or _ended(container, spec, log)
        if verdict:
            return verdict
    if any("running" in (item.get("state") or {}) and not item.get("ready") for item in containers):
        return _deaf(spec, ports)
    return _unscheduled(status, spec)


def _waiting(container: Object, spec: AppSpec) -> Verdict | None:
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason, message = waiting.get("reason", ""), waiting.get("message", "")
    if reason in IMAGE_REASONS:
        if any(sign in message.lower() for sign in _MISSING):
            return Verdict(text=f"image {spec.image} does not exist, or this cluster may not pull it")
        return Verdict(text=f"image {spec.image} can't be pulled: {_short(message) or reason}", fatal=bool(message))
    if reason in CONFIG_REASONS:
        return Verdict(text=f"{spec.name} can't be started: {_short(message) or reason}")
    return None


def _ended(container: Object, spec: AppSpec, log: Sequence[str]) -> Verdict | None:
    now = (container.get("state") or {}).get("terminated")
    ended = now or ((container.get("lastState") or {}).get("terminated"))
    if not ended:
        return None
    waiting = (container.get("state") or {}).get("waiting") or {}
    fatal = waiting.get("reason") == "CrashLoopBackOff" or int(container.get("restartCount") or 0) >= 2
    if ended.get("reason") == "OOMKilled":
        hint = f"give it more: mf push {spec.name} -m SIZE"
        return Verdict(
            text=f"{spec.name} was killed for using more than its {spec.memory} of memory", hint=hint, fatal=fatal
        )
    if ended.get("reason") == "StartError":
        why = str(ended.get("message", "")).rpartition(_START_FAILED)[2]
        return Verdict(text=f"{spec.name} can't be started: {_short(why) or 'no reason given'}", fatal=fatal)
    code = int(ended.get("exitCode") or 0)
    if code == 0:
        text, hint = (
            f"{spec.name} ended by itself (exit code 0)",
            "an app has to go on running; check its start command",
        )
        return Verdict(text=text, hint=hint, logs=True, fatal=fatal)
    why = SHELL_EXITS.get(code) or (cause(log, at_end=True) if log else "")
    return Verdict(text=f"{spec.name} crashed with exit code {code}{f': {why}' if why else ''}", logs=True, fatal=fatal)


def _deaf(spec: AppSpec, ports: Mapping[int, bool] | None) -> Verdict | None:
    """Running, but not ready: on the wrong port, on loopback only, or just not yet."""
    if ports is None or spec.health.kind == "process":
        return None
    if spec.port in ports:
        if ports[spec.port]:
            text = f"{spec.name} listens on port {spec.port} of 127.0.0.1 only, where nobody can reach it"
            return Verdict(text=text, hint="let it listen on 0.0.0.0", logs=True)
        if spec.health.kind == "http":
            text = f"{spec.name} listens on port {spec.port}, but GET {spec.health.path} does not give a good answer"
            return Verdict(text=text, logs=True, fatal=False)
        return None
    others = sorted(port for port in ports)
    if not others:
        return Verdict(text=f"{spec.name} runs, but does not listen on port {spec.port} yet", logs=True, fatal=False)
    listed = " and ".join(map(str, others))
    return Verdict(
        text=f"{spec.name} listens on port {listed}, not on port {spec.port}",
        hint=f"let it listen on $PORT, or say which port it has: mf push {spec.name} --port {others[0]}",
        logs=True,
    )


def _unscheduled(status: Object, spec: AppSpec) -> Verdict | None:
    conditions = status.get("conditions") or []
    unmet = next((c for c in conditions if c.get("type") == "PodScheduled" and c.get("status") == "False"), None)
    if unmet is None:
        return None
    return Verdict(text=f"no node has room for {spec.name}: {_short(str(unmet.get('message', '')))}", fatal=False)


def _short(message: str) -> str:
    line = message.strip().splitlines()[0] if message.strip() else ""
    return line if len(line) <= 240 else f"{line[:237]}…"


def _revision(replica_set: Object) -> int:
    return int((replica_set["metadata"].get("annotations") or {}).get(REVISION) or 0)
