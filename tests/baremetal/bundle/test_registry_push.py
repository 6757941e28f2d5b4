"""Pushing: blobs first, the manifest last, nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from baremetal.bundle.image import Image, ImageConfig, pack, write_archive
from baremetal.bundle.layer import LayerWriter
from baremetal.bundle.registry_push import await_registry, push
from baremetal.errors import BundleError, RegistryRefused
from tests.baremetal.bundle.conftest import Reply

Serve = Callable[[Callable[[str, str, Mapping[str, str], bytes], Reply]], str]


class FakeRegistry:
    """Takes blobs whose digest is right, and manifests."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.log: list[str] = []

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        target = urlsplit(path)
        self.log.append(method)
        if path == "/v2/":
            return Reply()
        if method == "HEAD":
            return Reply(status=200 if target.path.rpartition("/")[2] in self.blobs else 404)
        if method == "POST":
            return Reply(status=202, headers={"Location": f"{path}one?state=x"})
        if "/manifests/" in target.path:
            self.manifests[target.path.rpartition("/")[2]] = body
            return Reply(status=201)
        return self._take(parse_qs(target.query), body)

    def _take(self, query: dict[str, list[str]], body: bytes) -> Reply:
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        if self.full:
            return Reply(b"no space left on device", status=500)
        if query != {"state": ["x"], "digest": [digest]}:
            return Reply(status=400)
        self.blobs[digest] = body
        return Reply(status=201)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with LayerWriter(tmp_path / "layer") as writer:
        writer.text("etc/motd", "hello")
        layer = writer.finish()
    image = Image(reference="microfoundry/tool:1", layers=(layer,), config=ImageConfig())
    write_archive(tmp_path / "images.tar", [pack(image)])
    return tmp_path / "images.tar"


def test_image_arrives_with_its_manifest_last(serve: Serve, archive: Path) -> None:
    registry = FakeRegistry()
    address = serve(registry)
    pushed = push(archive, "microfoundry/tool:1", address)
    assert pushed.pinned == f"{address}/microfoundry/tool@{pushed.digest}"
    assert pushed.digest == f"sha256:{hashlib.sha256(registry.manifests['1']).hexdigest()}"
    assert len(registry.blobs) == 2
    assert registry.log == ["HEAD", "POST", "PUT", "HEAD", "POST", "PUT", "PUT"]


def test_second_push_sends_no_blob_again(serve: Serve, archive: Path) -> None:
    registry = FakeRegistry()
    address = serve(registry)
    first, second = (push(archive, "microfoundry/tool:1", address) for _ in range(2))
    assert (first.digest, first.sent > 0, second.sent) == (second.digest, True, 0)
    assert registry.log.count("POST") == 2


def test_full_registry_is_told_with_its_own_words_and_no_manifest_appears(serve: Serve, archive: Path) -> None:
    registry = FakeRegistry(full=True)
    with pytest.raises(RegistryRefused, match="HTTP 500 no space left on device"):
        push(archive, "microfoundry/tool:1", serve(registry))
    assert registry.manifests == {}


def test_image_that_the_archive_does_not_hold_is_named_with_those_it_holds(archive: Path) -> None:
    with pytest.raises(BundleError, match=r"no image 'microfoundry/other:1'; it holds docker\.io/microfoundry/tool:1"):
        push(archive, "microfoundry/other:1", "127.0.0.1:9")


def test_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("no tar")
    with pytest.raises(BundleError, match=r"x\.tar is no readable image archive"):
        push(tmp_path / "x.tar", "microfoundry/tool:1", "127.0.0.1:9")


def test_registry_that_answers_is_waited_for_no_longer(serve: Serve) -> None:
    registry = FakeRegistry()
    await_registry(serve(registry), patience=0)
    assert registry.log == ["GET"]


def test_registry_that_never_answers_is_named() -> None:
    with pytest.raises(RegistryRefused, match=r"registry 127\.0\.0\.1:9 refused to answer"):
        await_registry("127.0.0.1:9", patience=0)
