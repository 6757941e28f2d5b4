"""One stack's checkpoint as Kubernetes Secrets: a head that names its chunks, all of one generation."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from engine.deploy.api import StackId
from engine.errors import StateError

TYPE: Final = "microfoundry.dev/pulumi-state"
PROJECT: Final = "pulumi.com/project"
STACK: Final = "pulumi.com/stack"
NAME: Final = "microfoundry.dev/stack"
PART: Final = "microfoundry.dev/part"
HISTORY_ENTRIES: Final = 10
CHUNK_BYTES: Final = 640 * 1024
"""Bytes of compressed state per Secret: base64 makes a third more of them, and a Secret ends at 1 MiB."""

_HISTORY_BYTES: Final = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stack as it rests in the cluster: what was read, and against which version of it to write."""

    stack: StackId
    text: str = ""
    generation: int = 0
    chunks: tuple[str, ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()
    """Chunks that no head refers to: left by a writer that was killed or overtaken."""

    version: str = ""
    """resourceVersion of the head; empty before it exists."""
    updated: float = 0

    def remembering(self, entry: Mapping[str, Any]) -> Stored:
        """The same with one more history entry, the oldest forgotten."""
        kept = [entry, *self.history][:HISTORY_ENTRIES]
        while len(kept) > 1 and len(_pack(json.dumps(kept))) > _HISTORY_BYTES:
            kept.pop()
        return replace(self, history=tuple(kept))


def object_name(stack: StackId) -> str:
    """The name of the head and of the lock: readable, legal, and unlike that of any other stack."""
    exact = f"{stack.project}/{stack.name}"
    plain = re.sub(r"[^a-z0-9.-]+", "-", f"{stack.project}-{stack.name}".lower())
    # No dot may stand beside another dot or a hyphen in a DNS name.
    readable = re.sub(r"[.-]*\.[.-]*", ".", plain)[:180].strip("-.")
    return f"pulumi-{readable}-{hashlib.sha256(exact.encode()).hexdigest()[:8]}"


def label(text: str) -> str:
    """A label value that stands for any text."""
    if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", text):
        return text
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def selector(stack: StackId | None = None, project: str | None = None) -> str:
    """The label selector of one stack's objects, of a project's heads, or of all heads."""
    if stack is not None:
        return f"{PROJECT}={label(stack.project)},{STACK}={label(stack.name)}"
    heads = f"{PART}=head"
    return f"{heads},{PROJECT}={label(project)}" if project is not None else heads


def manifests(stored: Stored, namespace: str) -> tuple[list[dict[str, Any]], dict[str, Any], Stored]:
    """The chunks to create first, the head that then makes them valid, and what is stored once it is written."""
    data = _pack(stored.text)
    generation = stored.generation + 1
    head_name = object_name(stored.stack)
    pieces = [data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES)]
    extra = pieces if len(pieces) > 1 else []
    # Named after this one write: a writer that was overtaken must not touch the chunks of the one after it.
    write = uuid.uuid4().hex[:8]
    names = tuple(f"{head_name}-g{generation}-{write}-{number}" for number in range(len(extra)))
    chunks = [
        _secret(stored.stack, namespace, name=name, part="chunk", data={"state": piece})
        for name, piece in zip(names, extra, strict=True)
    ]
    meta = {
        "generation": generation,
        "chunks": names,
        "sha256": hashlib.sha256(data).hexdigest(),
        "tags": dict(stored.tags),
        "updated": stored.updated,
    }
    parts = {"meta": json.dumps(meta).encode(), "history": _pack(json.dumps(stored.history))}
    if not extra:
        parts["state"] = data
    head = _secret(stored.stack, namespace, name=head_name, part="head", data=parts)
    if stored.version:
        head["metadata"]["resourceVersion"] = stored.version
    return chunks, head, replace(stored, generation=generation, chunks=names, orphans=())


def read(stack: StackId, secrets: Sequence[Mapping[str, Any]]) -> Stored | None:
    """The stack that a set of Secrets holds; None when its head is not among them."""
    by_name = {item["metadata"]["name"]: item for item in secrets}
    head = by_name.get(object_name(stack))
    if head is None:
        return None
    meta = json.loads(_data(head, "meta"))
    missing = [name for name in meta["chunks"] if name not in by_name]
    if missing:
        raise StateError(f"the state of stack {stack.name} is incomplete: Secret {missing[0]} is missing")
    pieces = [_data(by_name[name], "state") for name in meta["chunks"]]
    data = b"".join(pieces) if pieces else _data(head, "state")
    if hashlib.sha256(data).hexdigest() != meta["sha256"]:
        raise StateError(f"the state of stack {stack.name} is damaged: its checksum does not match")
    return Stored(
        stack=stack,
        text=_unpack(data),
        generation=meta["generation"],
        chunks=tuple(meta["chunks"]),
        orphans=tuple(sorted(by_name.keys() - {object_name(stack), *meta["chunks"]})),
        history=tuple(json.loads(_unpack(_data(head, "history")))),
        tags=meta["tags"],
        version=head["metadata"]["resourceVersion"],
        updated=meta["updated"],
    )


def identify(head: Mapping[str, Any]) -> StackId:
    """Which stack a head belongs to."""
    project, _, name = head["metadata"]["annotations"][NAME].partition("/")
    return StackId(project=project, name=name)


def _secret(stack: StackId, namespace: str, *, name: str, part: str, data: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": TYPE,
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {
                PROJECT: label(stack.project),
                STACK: label(stack.name),
                PART: part,
                "app.kubernetes.io/managed-by": "microfoundry",
            },
            "annotations": {NAME: f"{stack.project}/{stack.name}"},
        },
        "data": {key: base64.b64encode(item).decode() for key, item in data.items()},
    }


def _data(secret: Mapping[str, Any], key: str) -> bytes:
    return base64.b64decode((secret.get("data") or {}).get(key) or "")


def _pack(text: str) -> bytes:
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def _unpack(data: bytes) -> str:
    return gzip.decompress(data).decode()


def updated(head: Mapping[str, Any]) -> float:
    """When a stack was last updated, in seconds since 1970; 0 for never."""
    return float(json.loads(_data(head, "meta"))["updated"])
