"""Kubernetes objects as resources of the `kubernetes` provider, for programs that must start at once.

They are what `pulumi_kubernetes` registers, token for token and field for field (a test compares the two), without
its 80,000 lines of types, which take longer to import than an app takes to deploy. See docs/adr/0004.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.document import Document

SDK_VERSION: Final = "4.34.2"
"""The version of pulumi_kubernetes whose types these are; the provider's version in state."""


class KubernetesObject(pulumi.CustomResource):
    """One object; `document` is what stands beside apiVersion and kind in a manifest."""

    metadata: pulumi.Output[Any]

    def __init__(self, name: str, kind: str, document: Document, opts: pulumi.ResourceOptions) -> None:
        api_version = kind.rpartition("/")[0]
        group = api_version if "/" in api_version else f"core/{api_version}"
        props = {"apiVersion": api_version, "kind": kind.rpartition("/")[2], **document}
        super().__init__(f"kubernetes:{group}:{props['kind']}", name, props, _with_version(opts))


class Secret(pulumi.CustomResource):
    """A Secret, its content hidden in state."""

    metadata: pulumi.Output[Any]
    data: pulumi.Output[dict[str, str]]

    def __init__(self, name: str, document: Document, opts: pulumi.ResourceOptions) -> None:
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["data", "stringData"])
        merged = pulumi.ResourceOptions.merge(_with_version(opts), hidden)
        super().__init__("kubernetes:core/v1:Secret", name, document, merged)


def secret(name: str, document: Document, opts: pulumi.ResourceOptions) -> Secret:
    """A Secret to make; `document` is its metadata, type and data."""
    data = pulumi.Output.secret(document["data"])
    return Secret(name, {"apiVersion": "v1", "kind": "Secret", **document, "data": data}, opts)


def find_secret(name: str, namespace: str, opts: pulumi.ResourceOptions) -> Secret:
    """A Secret that others made."""
    there = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=f"{namespace}/{name}"))
    return Secret(name, {"apiVersion": None, "kind": None, "metadata": None, "data": None}, there)


def _with_version(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=SDK_VERSION))
