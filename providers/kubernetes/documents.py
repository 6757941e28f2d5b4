"""YAML text and files of Kubernetes objects, in the shape in which they can be registered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from engine.errors import EngineError
from engine.wire.content import fetched
from providers.kubernetes.errors import KubernetesProviderError
from providers.kubernetes.manifest import Object

_PATTERN = re.compile(r"(?:^|[^\\])[*?\[]")
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # one of two classes, by what is installed
    """Dates stay texts: Kubernetes has no others."""

    yaml_implicit_resolvers = {  # noqa: RUF012 the class attribute that PyYAML looks at
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in _BASE.yaml_implicit_resolvers.items()
    }


def decoded(text: str, source: str = "the text") -> list[Object]:
    """The documents of a text; empty ones are left out."""
    try:
        documents = [document for document in yaml.load_all(text, Loader=_Loader) if document]
    except yaml.YAMLError as exc:
        raise KubernetesProviderError(f"{source} is not YAML: {exc}") from exc
    for document in documents:
        if not isinstance(document, dict):
            raise KubernetesProviderError(f"{source} holds a document that is no object: {str(document)[:100]}")
    return documents


def from_files(names: Sequence[str], directory: str, *, patterns: bool) -> list[Object]:
    """The documents of files and URLs; with `patterns`, of all files that match a name."""
    found: list[Object] = []
    for name in names:
        if urlsplit(name).scheme in ("http", "https"):
            found += decoded(_fetched(name).decode("utf-8", "replace"), name)
            continue
        for path in _paths(name, directory, patterns):
            found += decoded(_text(path), str(path))
    return found


def expanded(objects: Iterable[Any]) -> Iterator[Object]:
    """Every object by itself, lists opened; what can't be an object is refused."""
    for obj in objects:
        if not isinstance(obj, Mapping):
            raise KubernetesProviderError(f"a Kubernetes object is a map, not a {type(obj).__name__}")
        if isinstance(obj.get("items"), list) and str(obj.get("kind", "")).endswith("List"):
            yield from expanded(obj["items"])
            continue
        if not obj.get("kind") or not obj.get("apiVersion"):
            raise KubernetesProviderError(f"Kubernetes resources require a kind and apiVersion: `{_short(obj)}`")
        meta = obj.get("metadata")
        if not isinstance(meta, Mapping) or not meta.get("name"):
            raise KubernetesProviderError(f"Kubernetes resources require a .metadata.name: `{_short(obj)}`")
        version = str(obj["apiVersion"])
        yield {**obj, "apiVersion": version.removeprefix("core/"), "metadata": dict(meta)}


def _fetched(url: str) -> bytes:
    try:
        return fetched(url)
    except EngineError as exc:
        raise KubernetesProviderError(f"{url} cannot be fetched: {exc.message}") from exc


def _paths(name: str, directory: str, patterns: bool) -> list[Path]:
    if patterns and _PATTERN.search(name):
        root = Path("/") if name.startswith("/") else Path(directory)
        return sorted(root.glob(name.lstrip("/")))
    return [Path(directory, name)]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise KubernetesProviderError(f"{path} cannot be read: {exc.strerror}") from exc


def _short(obj: Mapping[str, Any]) -> str:
    """The beginning of an object; what a Secret holds is none of it."""
    shown = {key: value for key, value in obj.items() if key in ("apiVersion", "kind", "metadata")}
    return str(shown)[:100]
