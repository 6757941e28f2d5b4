"""Official files and images, fetched from a server that behaves like the real ones."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from baremetal.bundle.download import fetch, is_reachable
from baremetal.bundle.image import write_archive
from baremetal.bundle.official import OfficialFiles
from baremetal.bundle.registry_pull import Puller
from baremetal.bundle.work import Job
from baremetal.errors import ChecksumMismatch, PartFailed, RegistryRefused
from tests.baremetal.bundle.conftest import Reply

Serve = Callable[[Callable[[str, str, Mapping[str, str], bytes], Reply]], str]
KUBELET = b"\x7fELF kubelet"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def release_site(checksum: str = sha256(KUBELET)) -> Callable[[str, str, Mapping[str, str], bytes], Reply]:
    files = {"/kubelet": KUBELET, "/kubelet.sha256": checksum.encode(), "/": b""}

    def answer(_method: str, path: str, _headers: Mapping[str, str], _body: bytes) -> Reply:
        return Reply(files[path]) if path in files else Reply(status=404)

    return answer


def test_released_program_is_checked_and_executable(serve: Serve, new_job: Callable[..., Job]) -> None:
    site = serve(release_site())
    source = OfficialFiles(files={"kubelet": f"http://{site}/kubelet"})
    job = new_job()
    assert source.reachable()
    assert source.make(job).files == {"kubelet": "kubelet"}
    path = job.folder / "kubelet"
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (KUBELET, 0o755)


def test_program_that_is_not_what_was_published_is_refused(serve: Serve, tmp_path: Path) -> None:
    site = serve(release_site(checksum="0" * 64))
    with pytest.raises(ChecksumMismatch, match=sha256(KUBELET)):
        fetch(f"http://{site}/kubelet", tmp_path / "kubelet")
    assert not (tmp_path / "kubelet").exists()


def test_missing_release_is_named(serve: Serve, tmp_path: Path) -> None:
    site = serve(release_site())
    with pytest.raises(PartFailed, match=r"kubectl.*HTTP 404"):
        fetch(f"http://{site}/kubectl", tmp_path / "kubectl")


def test_site_that_answers_without_the_file_is_out_of_reach(serve: Serve) -> None:
    site = serve(release_site())
    assert is_reachable(f"http://{site}/kubelet")
    assert not is_reachable(f"http://{site}/kubectl")


def test_site_that_does_not_answer_is_out_of_reach() -> None:
    assert not is_reachable("http://127.0.0.1:9/kubelet")


class FakeRegistry:
    """A public registry: asks for a token, offers two architectures, keeps blobs by digest."""

    def __init__(self, *, blobs_answer: bool = True) -> None:
        self.blobs_answer = blobs_answer
        self.address = ""
        layer, config = b"layer", b'{"os":"linux"}'
        self.blobs = {f"sha256:{sha256(data)}": data for data in (layer, config)}
        media = "application/vnd.oci.image.manifest.v1+json"
        self.manifest = json.dumps(
            {
                "mediaType": media,
                "config": {"digest": f"sha256:{sha256(config)}", "size": len(config)},
                "layers": [{"digest": f"sha256:{sha256(layer)}", "size": len(layer), "mediaType": "…tar+gzip"}],
            }
        ).encode()
        entries = [("arm64", "sha256:" + "0" * 64), ("amd64", f"sha256:{sha256(self.manifest)}")]
        self.index = json.dumps(
            {"manifests": [{"digest": d, "platform": {"os": "linux", "architecture": a}} for a, d in entries]}
        ).encode()

    def __call__(self, _method: str, path: str, headers: Mapping[str, str], _body: bytes) -> Reply:
        if path.startswith("/token"):
            assert "scope=repository%3Ateam%2Ftool%3Apull" in path
            return Reply(b'{"token": "anybody"}')
        if headers.get("Authorization") != "Bearer anybody":
            challenge = f'Bearer realm="http://{self.address}/token",service="r",scope="repository:team/tool:pull"'
            return Reply(status=401, headers={"WWW-Authenticate": challenge})
        return self._content(path.removeprefix("/v2/team/tool/"))

    def _content(self, path: str) -> Reply:
        kind, _, name = path.partition("/")
        if kind == "blobs":
            return Reply(self.blobs[name]) if self.blobs_answer else Reply(status=503)
        if name == f"sha256:{sha256(self.manifest)}":
            return Reply(self.manifest)
        return Reply(self.index) if name == "1.0" else Reply(status=404)


def registry(serve: Serve, *, blobs_answer: bool = True) -> FakeRegistry:
    fake = FakeRegistry(blobs_answer=blobs_answer)
    fake.address = serve(fake)
    return fake


def test_image_is_pulled_for_this_architecture_under_our_name(serve: Serve, tmp_path: Path) -> None:
    fake = registry(serve)
    packed = Puller(f"{fake.address}/team/tool:1.0", scheme="http").pull(tmp_path, name="mf/tool:1")
    assert packed.manifest.data == fake.manifest
    write_archive(tmp_path / "a.tar", [packed])
    with tarfile.open(tmp_path / "a.tar") as tar:
        names = tar.getnames()
    assert {"blobs/" + digest.replace(":", "/") for digest in fake.blobs} <= set(names)


def test_registry_whose_blobs_lie_out_of_reach_counts_as_out_of_reach(serve: Serve) -> None:
    good, bad = registry(serve), registry(serve, blobs_answer=False)
    assert Puller(f"{good.address}/team/tool:1.0", scheme="http").reachable()
    assert not Puller(f"{bad.address}/team/tool:1.0", scheme="http").reachable()


def test_unknown_tag_is_named(serve: Serve, tmp_path: Path) -> None:
    fake = registry(serve)
    with pytest.raises(RegistryRefused, match=r"team/tool manifests/9\.9: HTTP 404"):
        Puller(f"{fake.address}/team/tool:9.9", scheme="http").pull(tmp_path, name="mf/tool:1")


def test_blob_that_is_not_what_its_digest_says_is_refused(serve: Serve, tmp_path: Path) -> None:
    fake = registry(serve)
    fake.blobs = dict.fromkeys(fake.blobs, b"something else")
    with pytest.raises(ChecksumMismatch):
        Puller(f"{fake.address}/team/tool:1.0", scheme="http").pull(tmp_path, name="mf/tool:1")
