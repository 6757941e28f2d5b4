"""Kustomizations, built by kustomize or by kubectl, which has it inside."""

from __future__ import annotations

from pathlib import Path

from engine.provider_api import Host
from providers.kubernetes import tool


def build(host: Host, directory: str) -> str:
    """The YAML text that a kustomization makes."""
    path = tool.found(host, ("kustomize", "kubectl"), "kustomizations")
    word = "build" if Path(path).name == "kustomize" else "kustomize"
    command = [path, word, "--load-restrictor=LoadRestrictionsNone", "--enable-helm", "--", directory]
    return tool.output(host, command, "kustomize build error")
