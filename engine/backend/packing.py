"""Compressed files of a store: read by what they are, written by what their name says."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from types import ModuleType
from typing import Final

from engine.errors import StateError, UsageError

SUFFIXES: Final = ("", ".gz", ".zst")
"""What may follow `.json`."""

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


def suffix_of(key: str) -> str:
    """The compression's suffix of a key; empty for none."""
    return next((suffix for suffix in SUFFIXES[1:] if key.endswith(suffix)), "")


def pack(text: str, key: str) -> bytes:
    """The bytes to store under a key."""
    data = text.encode()
    if key.endswith(".gz"):
        return gzip.compress(data, mtime=0)
    return _zstd().compress(data) if key.endswith(".zst") else data


def unpack(data: bytes, name: str) -> str:
    """The text in stored bytes, whatever compression they have; StateError where they are damaged."""
    try:
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
        elif data.startswith(_ZSTD):
            data = _unzstd(data)
        return data.decode()
    except (OSError, EOFError, zlib.error, ValueError) as exc:
        raise StateError(f"{name} is damaged: {exc}", hint=f"{name}.bak is the one before it") from exc


def wanted(environment: Mapping[str, str]) -> str | None:
    """The suffix that the user asked for; None to keep what is there."""
    asked = [suffix for suffix, name in ((".gz", "GZIP"), (".zst", "ZSTD")) if on(environment, f"DIY_BACKEND_{name}")]
    if len(asked) > 1:
        raise UsageError("DIY_BACKEND_GZIP and DIY_BACKEND_ZSTD cannot both be enabled")
    return asked[0] if asked else None


def on(environment: Mapping[str, str], name: str) -> bool:
    """Whether one of Pulumi's switches is set; those of the store also go by their older name."""
    older = name.replace("DIY_BACKEND", "SELF_MANAGED_STATE")
    value = environment.get(f"PULUMI_{name}") or environment.get(f"PULUMI_{older}") or ""
    return value.lower() in ("1", "true", "t")


def _unzstd(data: bytes) -> bytes:
    zstd = _zstd()
    try:
        plain: bytes = zstd.decompress(data)
    except zstd.ZstdError as exc:
        raise ValueError(str(exc)) from exc
    return plain


def _zstd() -> ModuleType:
    import sys

    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    found: ModuleType = zstd
    return found
