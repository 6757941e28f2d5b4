"""The provider's own settings: which of them go together, and what is not done here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.provider_api import CheckFailure, CheckRequest
from providers.kubernetes.settings import Environment, completed, flag
from providers.plain import reveal

_ELSEWHERE = ("kubeconfig", "context", "cluster")


def failures(request: CheckRequest, environment: Environment) -> list[CheckFailure]:
    """What is wrong with the settings."""
    given = completed(request.news, environment)
    if flag(given, "strictMode"):
        found = _strict(request)
        if found:
            return found
    found = _rendering(request, given, environment)
    if not flag(given, "enableServerSideApply", default=True):
        found.append(CheckFailure("enableServerSideApply", "only server-side apply is done; leave it out or set true"))
    return found


def _strict(request: CheckRequest) -> list[CheckFailure]:
    """Nothing may depend on what happens to be configured on the machine."""
    found = []
    if request.urn.rpartition("::")[2].startswith("default"):
        found.append(CheckFailure("", "strict mode prohibits default provider"))
    found += [
        CheckFailure(key, f'strict mode requires Provider "{key}" argument')
        for key in ("kubeconfig", "context")
        if not request.news.get(key)
    ]
    return found


def _rendering(request: CheckRequest, given: Mapping[str, Any], environment: Environment) -> list[CheckFailure]:
    """Files belong to no cluster; the SDKs fill the kubeconfig of the machine in by themselves."""
    if not given.get("renderYamlToDirectory"):
        reason = '"alwaysRender" requires "renderYamlToDirectory" to be set'
        return [CheckFailure("alwaysRender", reason)] if flag(given, "alwaysRender") else []
    own = {key: reveal(request.news.get(key)) for key in _ELSEWHERE}
    if own["kubeconfig"] == environment.get("KUBECONFIG"):
        own["kubeconfig"] = None
    reason = '"{}" arg is not compatible with "renderYamlToDirectory" arg'
    return [CheckFailure(key, reason.format(key)) for key in ("cluster", "context", "kubeconfig") if own[key]]
