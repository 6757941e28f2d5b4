"""Layers: the same content gives the same bytes; a copied root keeps what matters."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path

from baremetal.bundle.debian_layer import write_difference
from baremetal.bundle.layer import Layer, LayerWriter


def small_layer(path: Path, program: Path) -> Layer:
    with LayerWriter(path) as writer:
        writer.program("usr/local/bin/tool", program)
        writer.text("etc/tool.conf", "x = 1\n")
        writer.link("usr/local/bin/alias", "tool")
        writer.folder("tmp", mode=0o1777)
        return writer.finish()


def entries(path: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(path) as tar:
        return {entry.name: entry for entry in tar.getmembers()}


def test_same_content_gives_the_same_digest_whenever_it_is_written(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_bytes(b"\x7fELF")
    first = small_layer(tmp_path / "a.tar", program)
    os.utime(program, (1, 1))
    assert small_layer(tmp_path / "b.tar", program).digest == first.digest


def test_digest_and_size_are_those_of_the_file(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_bytes(b"\x7fELF" * 1000)
    layer = small_layer(tmp_path / "a.tar", program)
    data = layer.path.read_bytes()
    assert (layer.digest, layer.size) == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))


def test_entries_have_their_folders_modes_and_owners(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_bytes(b"\x7fELF")
    found = entries(small_layer(tmp_path / "a.tar", program).path)
    assert list(found) == [
        "usr", "usr/local", "usr/local/bin", "usr/local/bin/tool", "etc", "etc/tool.conf", "usr/local/bin/alias", "tmp",
    ]  # fmt: skip
    assert found["usr/local/bin/tool"].mode == 0o755
    assert found["etc/tool.conf"].mode == 0o644
    assert found["usr/local/bin/alias"].linkname == "tool"
    assert found["tmp"].mode == 0o1777
    assert {(entry.uid, entry.mtime) for entry in found.values()} == {(0, 0)}


def test_copied_root_keeps_hard_links_and_times(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "one").write_text("same")
    (root / "two").hardlink_to(root / "one")
    os.utime(root / "one", (1234, 1234))
    with LayerWriter(tmp_path / "a.tar") as writer:
        writer.copy(root, ["one", "two"])
    found = entries(tmp_path / "a.tar")
    assert found["one"].mtime == 1234
    assert found["two"].islnk()
    assert found["two"].linkname == "one"


def test_difference_holds_what_was_added_or_changed_and_hides_what_was_removed(tmp_path: Path) -> None:
    base, root = tmp_path / "base", tmp_path / "root"
    for folder in (base, root):
        (folder / "etc").mkdir(parents=True)
        for name in ("same", "changed", "removed"):
            (folder / "etc" / name).write_text(name)
            os.utime(folder / "etc" / name, (1000, 1000))
    (root / "etc/changed").write_text("anew")
    (root / "etc/removed").unlink()
    (root / "etc/added").write_text("added")
    write_difference(base, root, tmp_path / "layer.tar")
    assert sorted(entries(tmp_path / "layer.tar")) == ["etc/.wh.removed", "etc/added", "etc/changed"]


def test_difference_hides_a_removed_folder_once(tmp_path: Path) -> None:
    base, root = tmp_path / "base", tmp_path / "root"
    (base / "opt/deep").mkdir(parents=True)
    (base / "opt/deep/file").write_text("x")
    root.mkdir()
    write_difference(base, root, tmp_path / "layer.tar")
    assert list(entries(tmp_path / "layer.tar")) == [".wh.opt"]
