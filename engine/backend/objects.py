"""Blobs as objects of a bucket: S3, Google Cloud Storage or Azure, through one library."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore import exceptions

from engine.backend.blobs import Blob
from engine.errors import StateError, UsageError

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

_T = TypeVar("_T")


class Objects:
    """The objects of one bucket, beneath a prefix that the store knows."""

    parallel = 10

    def __init__(self, store: S3Store | GCSStore | AzureStore, url: str) -> None:
        self._store = store
        self._url = url

    def name(self, key: str) -> str:
        return f"{self._url.partition('?')[0].rstrip('/')}/{key}"

    def get(self, key: str) -> bytes:
        return self._try(key, lambda: bytes(obstore.get(self._store, key).bytes()))

    def put(self, key: str, data: bytes, *, sync: bool = False) -> None:
        # A store answers only once an object is durable.
        del sync
        self._try(key, lambda: obstore.put(self._store, key, data))

    def copy(self, source: str, target: str) -> None:
        try:
            self._try(source, lambda: obstore.copy(self._store, source, target))
        except FileNotFoundError:
            return

    def keep(self, key: str) -> None:
        self.copy(key, f"{key}.bak")

    def delete(self, key: str) -> None:
        try:
            self._try(key, lambda: obstore.delete(self._store, key))
        except FileNotFoundError:
            return

    def find(self, keys: Sequence[str]) -> list[Blob]:
        with ThreadPoolExecutor(len(keys)) as pool:
            return [blob for blob in pool.map(self._head, keys) if blob is not None]

    def list(self, folder: str) -> list[Blob]:
        try:
            rows = self._try(folder, lambda: obstore.list(self._store, folder).collect())
        except FileNotFoundError as exc:
            raise StateError(f"there is no bucket or container behind {self.name('')}") from exc
        return sorted((Blob(row["path"], row["last_modified"].timestamp()) for row in rows), key=lambda blob: blob.key)

    def _head(self, key: str) -> Blob | None:
        try:
            row = self._try(key, lambda: obstore.head(self._store, key))
        except FileNotFoundError:
            return None
        return Blob(key, row["last_modified"].timestamp())

    def _try(self, key: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except FileNotFoundError:
            raise
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as exc:
            raise StateError(
                f"no access to {self.name(key)}: {_short(exc)}", hint="check the credentials in the environment"
            ) from None
        except (exceptions.BaseError, OSError, ValueError) as exc:
            raise StateError(f"{self.name(key)} cannot be reached: {_short(exc)}") from None


def opened(url: str, build: Callable[[], _T]) -> _T:
    """What `build` makes; UsageError where the library cannot make sense of a parameter or credential."""
    try:
        return build()
    except (exceptions.BaseError, OSError, ValueError) as exc:
        raise UsageError(f"unable to open bucket {url.partition('?')[0]}: {_short(exc)}") from None


def _short(exc: Exception) -> str:
    """The library's own first words; what follows a `?` in a URL may be a signature."""
    text = " ".join(str(exc).partition("Debug source")[0].split())
    return re.sub(r"\?[^\s\"')]*", "", text)[:300]
