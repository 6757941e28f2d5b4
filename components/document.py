"""The type of Kubernetes documents that components hand to the SDK."""

from __future__ import annotations

from typing import Any, TypeAlias

Document: TypeAlias = Any
"""A Kubernetes document, or a part of one, in the API's own spelling (camelCase).

The SDK's types know the snake_case spelling alone, though it passes this one through untouched; documents are kept as
the API reference prints them, so that pure functions can build them and tests can compare them.
"""
