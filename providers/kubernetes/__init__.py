"""The Kubernetes provider: any kind that the API server serves, for the resources of the `kubernetes` package."""

from __future__ import annotations

from providers.kubernetes.provider import KubernetesProvider

__all__ = ["KubernetesProvider"]
