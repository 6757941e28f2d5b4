"""Between the engine's values and plain JSON trees in which signatures mark the special ones."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.values import UNKNOWN, Archive, Asset, OutputValue, ResourceRef, Secret, Value
from engine.wire import signatures as sig

_DROP: Final = object()
"""Stands for a value that the reader may not see: it is left out of the object or list around it."""

_SAFE_INTEGER: Final = float(2**53)

_EMPTY_TEXT: Final = hashlib.sha256(b"").hexdigest()
_EMPTY_TAR: Final = hashlib.sha256(bytes(1024)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Which special values the reader of a folded tree understands; the others are simplified or left out."""

    unknowns: bool = False
    secrets: bool = False
    resources: bool = False
    outputs: bool = False
    seal: Callable[[Any], Any] | None = None
    """What stands for a secret instead of its signature and plain tree; called with the plain tree."""

    def inside_seal(self) -> Keep:
        """The same within a sealed secret: secrets that are nested in it stay plain."""
        return replace(self, secrets=False, seal=None)


def number(value: float) -> int | float:
    """The number as JSON prints it: an integer where nothing is lost."""
    if value.is_integer() and -_SAFE_INTEGER <= value <= _SAFE_INTEGER:
        return int(value)
    return value


def fold(value: Value, keep: Keep) -> Any:
    """The plain tree of one value; None where the value itself has to be left out."""
    folded = _fold(value, keep)
    return None if folded is _DROP else folded


def fold_map(props: Mapping[str, Value], keep: Keep) -> dict[str, Any]:
    """The plain tree of an object, without the members that `keep` forbids."""
    folded = ((key, _fold(item, keep)) for key, item in props.items())
    return {key: item for key, item in folded if item is not _DROP}


def unfold_object(tree: dict[str, Any]) -> Value:
    """The value of an object whose members are unfolded already: itself, or the special value that it stands for."""
    kind = tree.get(sig.SIGNATURE)
    build = _UNFOLD.get(kind) if isinstance(kind, str) else None
    return tree if build is None else build(tree)


def unfold(tree: Any) -> Value:
    """The value of a plain tree with signatures."""
    if isinstance(tree, str):
        return UNKNOWN if tree in sig.UNKNOWNS else tree
    if isinstance(tree, float):
        return number(tree)
    if isinstance(tree, list):
        return [unfold(item) for item in tree]
    if isinstance(tree, Mapping):
        return unfold_object({key: unfold(item) for key, item in tree.items()})
    return tree


def _fold(value: Value, keep: Keep) -> Any:
    special = _FOLD.get(type(value))
    if special is not None:
        return special(value, keep)
    if isinstance(value, Mapping):
        return fold_map(value, keep)
    if isinstance(value, tuple):
        return _fold_list(list(value), keep)
    return value


def _fold_list(value: list[Value], keep: Keep) -> list[Any]:
    return [item for item in (_fold(item, keep) for item in value) if item is not _DROP]


def _fold_unknown(_value: Value, keep: Keep) -> Any:
    return sig.UNKNOWN_STRING if keep.unknowns else _DROP


def _fold_secret(value: Secret, keep: Keep) -> Any:
    if keep.seal is not None:
        return keep.seal(fold(value.value, keep.inside_seal()))
    inner = _fold(value.value, keep)
    if not keep.secrets or inner is _DROP:
        return inner
    return {sig.SIGNATURE: sig.SECRET, "value": inner}


def _fold_asset(value: Asset, _keep: Keep) -> Any:
    parts = {"path": value.path, "text": value.text, "uri": value.uri}
    known = {key: part for key, part in parts.items() if part is not None}
    return {sig.SIGNATURE: sig.ASSET, **({"hash": value.hash} if value.hash else {}), **known}


def _fold_archive(value: Archive, keep: Keep) -> Any:
    tree: dict[str, Any] = {sig.SIGNATURE: sig.ARCHIVE}
    if value.hash:
        tree["hash"] = value.hash
    if value.assets is not None:
        tree["assets"] = fold_map(value.assets, keep)
    for key, part in (("path", value.path), ("uri", value.uri)):
        if part is not None:
            tree[key] = part
    return tree


def _fold_resource(value: ResourceRef, keep: Keep) -> Any:
    if not keep.resources:
        return _fold(value.urn if value.id is None else value.id, keep)
    tree = {sig.SIGNATURE: sig.RESOURCE, "urn": value.urn}
    if value.id is not None:
        tree["id"] = sig.UNKNOWN_STRING if value.id is UNKNOWN else value.id
    if value.package_version:
        tree["packageVersion"] = value.package_version
    return tree


def _fold_output(value: OutputValue, keep: Keep) -> Any:
    if not keep.outputs:
        return _fold(Secret(value.value) if value.secret else value.value, keep)
    tree: dict[str, Any] = {sig.SIGNATURE: sig.OUTPUT}
    if value.value is not UNKNOWN:
        tree["value"] = fold(value.value, keep)
    if value.secret:
        tree["secret"] = True
    if value.dependencies:
        tree["dependencies"] = list(value.dependencies)
    return tree


_FOLD: Final[dict[type, Callable[[Any, Keep], Any]]] = {
    dict: fold_map,
    list: _fold_list,
    type(UNKNOWN): _fold_unknown,
    Secret: _fold_secret,
    Asset: _fold_asset,
    Archive: _fold_archive,
    ResourceRef: _fold_resource,
    OutputValue: _fold_output,
}


def _unfold_secret(tree: dict[str, Any]) -> Value:
    inner = tree.get("value")
    return inner if isinstance(inner, Secret) else Secret(inner)


def _unfold_asset(tree: dict[str, Any]) -> Asset:
    path, text, uri, hash = tree.get("path"), tree.get("text"), tree.get("uri"), tree.get("hash") or ""
    if not (path or text or uri):
        # Others leave out what is empty: then the hash tells an empty text from one that is not known.
        return Asset(text="" if hash in ("", _EMPTY_TEXT) else None, hash=hash)
    return Asset(path=path or None, text=text or None, uri=uri or None, hash=hash)


def _unfold_archive(tree: dict[str, Any]) -> Archive:
    path, assets, uri, hash = tree.get("path"), tree.get("assets"), tree.get("uri"), tree.get("hash") or ""
    if not (path or assets or uri):
        return Archive(assets={} if hash in ("", _EMPTY_TAR) else None, hash=hash)
    return Archive(path=path or None, assets=assets or None, uri=uri or None, hash=hash)


def _unfold_resource(tree: dict[str, Any]) -> ResourceRef:
    # An empty id means "not known yet", a missing one "a component".
    id = UNKNOWN if tree.get("id") == "" else tree.get("id")
    return ResourceRef(urn=tree["urn"], id=id, package_version=tree.get("packageVersion") or "")


def _unfold_output(tree: dict[str, Any]) -> OutputValue:
    return OutputValue(
        value=tree.get("value", UNKNOWN),
        secret=bool(tree.get("secret")),
        dependencies=tuple(tree.get("dependencies") or ()),
    )


def _unfold_float(tree: dict[str, Any]) -> float:
    return float(struct.unpack(">d", bytes.fromhex(tree["value"].rjust(16, "0")))[0])


def fold_float(value: float) -> Any:
    """A float as JSON can hold it: NaN and the infinities by their bits."""
    if math.isfinite(value):
        return value
    return {sig.SIGNATURE: sig.FLOAT, "value": struct.pack(">d", value).hex()}


_UNFOLD: Final[dict[str, Callable[[dict[str, Any]], Value]]] = {
    sig.SECRET: _unfold_secret,
    sig.ASSET: _unfold_asset,
    sig.ARCHIVE: _unfold_archive,
    sig.RESOURCE: _unfold_resource,
    sig.OUTPUT: _unfold_output,
    sig.FLOAT: _unfold_float,
}
