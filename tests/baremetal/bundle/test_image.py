"""Image archives: the structure that container tools expect, and digests that stay."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from baremetal.bundle.image import Image, ImageConfig, full_name, pack, write_archive
from baremetal.bundle.layer import Layer, LayerWriter


def layer(path: Path, text: str) -> Layer:
    with LayerWriter(path) as writer:
        writer.text("etc/motd", text)
        return writer.finish()


def image(reference: str, *layers: Layer) -> Image:
    config = ImageConfig(entrypoint=("/tool",), env={"HOME": "/app"}, user="1000:1000", workdir="/app", ports=(8080,))
    return Image(reference=reference, layers=layers, config=config)


def read(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {entry.name: stream.read() for entry in tar if (stream := tar.extractfile(entry))}


def document(files: dict[str, bytes], digest: str) -> Any:
    return json.loads(files["blobs/" + digest.replace(":", "/")])


def test_archive_is_an_oci_layout_whose_blobs_are_what_their_names_say(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar", [pack(image("mf/tool:1", layer(tmp_path / "l", "hello")))])
    files = read(tmp_path / "a.tar")
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    blobs = {name: data for name, data in files.items() if name.startswith("blobs/")}
    assert len(blobs) == 3
    assert all(name == f"blobs/sha256/{hashlib.sha256(data).hexdigest()}" for name, data in blobs.items())


def test_index_leads_to_manifest_config_and_layer(tmp_path: Path) -> None:
    bottom = layer(tmp_path / "l", "hello")
    digests = write_archive(tmp_path / "a.tar", [pack(image("mf/tool:1", bottom))])
    files = read(tmp_path / "a.tar")
    (entry,) = json.loads(files["index.json"])["manifests"]
    assert entry["annotations"]["io.containerd.image.name"] == "docker.io/mf/tool:1"
    assert digests == {"mf/tool:1": entry["digest"]}
    manifest = document(files, entry["digest"])
    assert [part["digest"] for part in manifest["layers"]] == [bottom.digest]
    config = document(files, manifest["config"]["digest"])
    assert config["rootfs"] == {"type": "layers", "diff_ids": [bottom.digest]}
    assert config["config"] == {
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/app"],
        "WorkingDir": "/app",
        "Entrypoint": ["/tool"],
        "User": "1000:1000",
        "ExposedPorts": {"8080/tcp": {}},
    }


def test_same_image_has_the_same_digest_on_every_machine(tmp_path: Path) -> None:
    packed = pack(image("mf/tool:1", layer(tmp_path / "l", "hello")))
    assert packed.manifest.digest == "sha256:e2d37cf724fa4a3b0f095bee71c07594a360d861d538d5d678b9e28caf92a7dd"


def test_images_of_one_archive_share_their_layers(tmp_path: Path) -> None:
    shared = layer(tmp_path / "shared", "shared")
    images = [pack(image("mf/a:1", shared)), pack(image("mf/b:1", shared, layer(tmp_path / "own", "own")))]
    write_archive(tmp_path / "a.tar", images)
    with tarfile.open(tmp_path / "a.tar") as tar:
        names = tar.getnames()
    assert names.count("blobs/" + shared.digest.replace(":", "/")) == 1
    docker = json.loads(read(tmp_path / "a.tar")["manifest.json"])
    assert [entry["RepoTags"] for entry in docker] == [["mf/a:1"], ["mf/b:1"]]


@pytest.mark.parametrize(
    ("reference", "full"),
    [
        ("busybox:1", "docker.io/library/busybox:1"),
        ("microfoundry/python:3.11", "docker.io/microfoundry/python:3.11"),
        ("registry.k8s.io/pause:3.10.2", "registry.k8s.io/pause:3.10.2"),
        ("localhost/tool:1", "localhost/tool:1"),
        ("127.0.0.1:30500/app:1", "127.0.0.1:30500/app:1"),
    ],
)
def test_reference_gets_the_name_that_runtimes_know(reference: str, full: str) -> None:
    assert full_name(reference) == full
