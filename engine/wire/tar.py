"""The tar stream, byte for byte as Go's archive/tar writes it, that the hash of an archive is made of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

_BLOCK: Final = 512
_NAME: Final = 100
_PREFIX: Final = 155
_LARGEST: Final = 8 * 1024**3
_END: Final = bytes(2 * _BLOCK)


def tar_stream(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Files without owner and time; of several with one name only the first counts."""
    seen: set[str] = set()
    for name, content in files:
        if name in seen:
            continue
        seen.add(name)
        yield _headers(os.fsencode(name), len(content))
        yield content
        yield bytes(-len(content) % _BLOCK)
    yield _END


def _headers(name: bytes, size: int) -> bytes:
    if size >= _LARGEST:
        raise ValueError(f"the file '{os.fsdecode(name)}' has 8 GiB or more")
    if name.isascii() and len(name) <= _NAME:
        return _header(name, size)
    prefix, suffix = _split(name)
    if suffix:
        return _header(suffix, size, prefix=prefix)
    # What fits into no old header is told by an extended one before it.
    record = _record(name)
    folder, _, file = name.rpartition(b"/")
    extended = b"/".join(part for part in (folder, b"PaxHeaders.0", file) if part)
    filled = record + bytes(-len(record) % _BLOCK)
    shown = _header(_ascii(extended)[:_NAME].rstrip(b"/"), len(record), kind=b"x", mode=0)
    plain = _ascii(name)
    # Only a name that is cut short must not look like a folder's.
    return shown + filled + _header(plain[:_NAME].rstrip(b"/") if len(plain) > _NAME else plain, size)


def _split(name: bytes) -> tuple[bytes, bytes]:
    """A long name as the two fields that an old header has for it; empty where it does not fit."""
    cut = name.rfind(b"/", 0, _PREFIX + 1)
    prefix, suffix = name[:cut], name[cut + 1 :]
    fits = cut > 0 and 0 < len(suffix) <= _NAME and name.isascii()
    return (prefix, suffix) if fits else (b"", b"")


def _record(name: bytes) -> bytes:
    """`LENGTH path=NAME`, where the length counts itself."""
    rest = b" path=" + name + b"\n"
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest


def _ascii(name: bytes) -> bytes:
    return bytes(byte for byte in name if 0 < byte < 128)


def _header(name: bytes, size: int, *, prefix: bytes = b"", kind: bytes = b"0", mode: int = 0o600) -> bytes:
    # Extended headers name no device; plain ones name device 0.
    device = bytes(16) if kind == b"x" else b"0000000\0" * 2
    head = name.ljust(_NAME, b"\0") + b"%07o\0" % mode + b"0000000\0" * 2
    tail = b"%011o\0" % size + b"%011o\0" % 0
    rest = kind + bytes(100) + b"ustar\x0000" + bytes(64) + device + prefix.ljust(_PREFIX + 12, b"\0")
    checksum = sum(head) + sum(tail) + sum(rest) + 8 * ord(" ")
    return head + tail + b"%06o\0 " % checksum + rest
