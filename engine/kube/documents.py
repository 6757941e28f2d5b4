"""YAML files of Kubernetes documents, applied or deleted as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from engine.kube.client import Kube
from engine.kube.errors import BadDocument, NoKind, NotFound

FIELD_MANAGER = "microfoundry"


def read(path: str) -> Iterator[dict[str, Any]]:
    """The documents of one file; raises BadDocument when it is not YAML of Kubernetes objects."""
    try:
        documents = list(yaml.load_all(Path(path).read_bytes(), Loader=_loader()))
    except OSError as exc:
        raise BadDocument(f"{path}: {exc.strerror}") from exc
    except yaml.YAMLError as exc:
        raise BadDocument(f"{path} is not YAML: {exc}") from exc
    for document in documents:
        if document is None:
            continue
        if not isinstance(document, dict) or not {"apiVersion", "kind", "metadata"} <= document.keys():
            raise BadDocument(f"{path} holds a document without apiVersion, kind and metadata")
        yield document


def apply(kube: Kube, paths: Sequence[str]) -> Iterator[str]:
    """Server-side apply of all documents; yields a line for each."""
    for document in _all(paths):
        kube.apply(document, field_manager=FIELD_MANAGER, force=True)
        yield f"{document['kind']} {document['metadata']['name']} applied"


def delete(kube: Kube, paths: Sequence[str]) -> Iterator[str]:
    """Delete all documents, last first; what is gone already is passed over."""
    for document in reversed(_all(paths)):
        metadata = document["metadata"]
        try:
            kube.delete(document["apiVersion"], document["kind"], metadata["name"], namespace=metadata.get("namespace"))
        except (NotFound, NoKind):
            continue
        yield f"{document['kind']} {metadata['name']} deleted"


def delete_pods(kube: Kube, namespace: str, selector: str) -> Iterator[str]:
    """Delete the pods that the labels select; their controllers make new ones."""
    for pod in kube.list("v1", "Pod", namespace=namespace, labels=selector):
        kube.delete("v1", "Pod", pod["metadata"]["name"], namespace=namespace)
        yield f"Pod {pod['metadata']['name']} deleted"


def _all(paths: Sequence[str]) -> list[dict[str, Any]]:
    return [document for path in paths for document in read(path)]


def _loader() -> Any:
    """libyaml's loader where it is there: these files have tens of thousands of lines."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
