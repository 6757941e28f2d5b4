"""Engine events in Pulumi's JSON shape; nothing secret is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.deploy.api import ConfigValue, Event
from engine.deploy.decide.step import MECHANICAL, Op, Step
from engine.deploy.step_event import StepEvent
from engine.policy.model import Finding, PackInfo, Remedy
from engine.provider_api import Severity
from engine.state.model import Resource
from engine.values import Props
from engine.values_walk import masked

_SEVERITY: Final = {
    Severity.DEBUG: "debug",
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
}
_PREFIX: Final = {"debug": "debug: ", "warning": "warning: ", "error": "error: "}


def prelude(config: Mapping[str, ConfigValue]) -> Event:
    """The first event: the configuration."""
    shown = {key: "[secret]" if value.secret else value.value for key, value in config.items()}
    return {"preludeEvent": {"config": shown}}


def before(step: Step, *, planning: bool) -> Event:
    """A step begins."""
    return StepEvent({"resourcePreEvent": {"metadata": _metadata(step), "planning": planning}}, step)


def after(step: Step, *, planning: bool) -> Event:
    """A step is done."""
    return StepEvent({"resOutputsEvent": {"metadata": _metadata(step), "planning": planning}}, step)


def failed(step: Step) -> Event:
    """A step failed."""
    return StepEvent({"resOpFailedEvent": {"metadata": _metadata(step), "status": 1, "steps": 0}}, step)


def diagnostic(severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> Event:
    """A line for people."""
    word = _SEVERITY[severity]
    line: dict[str, Any] = {"message": message + "\n", "color": "never", "severity": word}
    if word in _PREFIX:
        line["prefix"] = _PREFIX[word]
    if urn:
        line["urn"] = urn
    if ephemeral:
        line["ephemeral"] = True
    return {"diagnosticEvent": line}


def stdout(text: str) -> Event:
    """What the program printed."""
    return {"stdoutEvent": {"message": text, "color": "never"}}


def cancelled() -> Event:
    """The update is being cancelled."""
    return {"cancelEvent": {}}


def summary(
    changes: Mapping[str, int],
    *,
    seconds: float,
    preview: bool,
    succeeded: bool,
    corrupt: bool,
    packs: Mapping[str, str],
) -> Event:
    """The last event: what was done."""
    return {
        "summaryEvent": {
            "maybeCorrupt": corrupt,
            "durationSeconds": round(seconds),
            "resourceChanges": dict(changes),
            "PolicyPacks": dict(packs),
            "isPreview": preview,
            "result": "succeeded" if succeeded else "failed",
        }
    }


def violation(pack: PackInfo, finding: Finding, urn: str) -> Event:
    """A policy is violated."""
    body = {"resourceUrn": urn, "message": finding.message or finding.description, "color": "never"}
    return {"policyEvent": {**body, **_policy(pack, finding.policy), "enforcementLevel": finding.level.value}}


def remediation(pack: PackInfo, remedy: Remedy, urn: str, change: tuple[Props, Props]) -> Event:
    """A policy changed a resource's inputs."""
    before, after = (masked(props) for props in change)
    body = {"resourceUrn": urn, "color": "never", **_policy(pack, remedy.policy), "before": before, "after": after}
    return {"policyRemediationEvent": body}


def _policy(pack: PackInfo, policy: str) -> dict[str, Any]:
    return {
        "policyName": policy,
        "policyPackName": pack.name,
        "policyPackVersion": pack.version,
        "policyPackVersionTag": pack.version,
    }


def _metadata(step: Step) -> dict[str, Any]:
    resource = step.resource
    old = _state(step.old) if step.old is not None else None
    # A resource that stays the same is shown once; walking its values twice would cost a third of a no-op update.
    new = old if step.op is Op.SAME and old is not None else _state(step.new) if step.new is not None else None
    metadata: dict[str, Any] = {
        "op": step.op.value,
        "urn": resource.urn,
        "type": resource.type,
        "old": old,
        "new": new,
        "detailedDiff": None,
        "provider": resource.provider,
        "logical": step.op not in MECHANICAL,
    }
    if step.keys:
        metadata["keys"] = list(step.keys)
    if step.diffs:
        metadata["diffs"] = list(step.diffs)
    if step.detailed:
        metadata["detailedDiff"] = {
            path: {"diffKind": one.kind.value, "inputDiff": one.input_diff} for path, one in step.detailed.items()
        }
    return metadata


def _state(resource: Resource) -> dict[str, Any]:
    state: dict[str, Any] = {
        "type": resource.type,
        "urn": resource.urn,
        "custom": resource.custom,
        "id": resource.id,
        "parent": resource.parent,
        "inputs": masked(resource.inputs),
        "outputs": masked(resource.outputs),
        "provider": resource.provider,
    }
    flags = {
        "delete": resource.delete,
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "taint": resource.taint,
        "initErrors": list(resource.init_errors),
    }
    return state | {key: value for key, value in flags.items() if value}
