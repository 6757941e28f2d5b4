"""Parts of the bundle are put where the shell steps expect them."""

from __future__ import annotations

import os
from pathlib import Path

from baremetal.bundle import Made
from baremetal.lay_out import lay_out


def made(folder: Path, content: bytes) -> Made:
    folder.mkdir(parents=True)
    (folder / "program").write_bytes(content)
    (folder / "program").chmod(0o755)
    (folder / "kubelet").symlink_to("program")
    (folder / "notes.yaml").write_text("a: b")
    (folder / "images.tar").write_bytes(b"tar")
    return Made(
        name="kubernetes",
        version="1",
        how="test",
        digest="0",
        folder=folder,
        files={"kubelet": folder / "kubelet", "notes.yaml": folder / "notes.yaml"},
        images={"a:1": folder / "images.tar", "b:1": folder / "images.tar"},
    )


def test_programs_outlive_the_cache_and_data_files_stay_in_it(tmp_path: Path) -> None:
    part = made(tmp_path / "cache", b"v1")
    lay_out(part, tmp_path / "parts", tmp_path / "bin")
    for path in sorted(part.folder.iterdir()):
        path.unlink()
    program = tmp_path / "bin" / "kubelet"
    assert (program.read_bytes(), os.access(program, os.X_OK), program.is_symlink()) == (b"v1", True, False)
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["kubelet"]


def test_archive_of_several_images_is_linked_once(tmp_path: Path) -> None:
    lay_out(made(tmp_path / "cache", b"v1"), tmp_path / "parts", tmp_path / "bin")
    (link,) = (tmp_path / "parts" / "kubernetes" / "images").iterdir()
    assert link.resolve() == tmp_path / "cache" / "images.tar"


def test_newer_part_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    lay_out(made(tmp_path / "old", b"v1"), tmp_path / "parts", tmp_path / "bin")
    newer = made(tmp_path / "new", b"v2")
    for _ in range(2):
        lay_out(newer, tmp_path / "parts", tmp_path / "bin")
    assert (tmp_path / "bin" / "kubelet").read_bytes() == b"v2"
    assert (tmp_path / "old" / "program").read_bytes() == b"v1"
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["kubelet"]
