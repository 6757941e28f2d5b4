"""Hashes of assets and archives."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile

import pytest

from engine.values import Archive, Asset, Secret
from engine.wire.archive import archive_files
from engine.wire.assets import hash_props, hashed
from engine.wire.content import AssetError
from engine.wire.tar import tar_stream


def test_a_text_asset_hashes_its_bytes(tmp_path):
    assert hashed(Asset(text="hü"), tmp_path).hash == hashlib.sha256("hü".encode()).hexdigest()


def test_a_file_and_the_same_text_hash_alike(tmp_path):
    (tmp_path / "f").write_text("x")
    assert hashed(Asset(path="f"), tmp_path).hash == hashed(Asset(text="x"), tmp_path).hash


def test_a_folder_hashes_by_names_and_contents(tmp_path):
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "d" / "e" / "f").write_text("x")
    same = Archive(assets={"e": Archive(assets={"f": Asset(text="x")})})
    assert hashed(Archive(path="d"), tmp_path).hash == hashed(same, tmp_path).hash


def test_what_is_hashed_is_a_tar_that_others_can_read(tmp_path):
    data = b"".join(tar_stream([("a/b", b"hello"), ("a/b", b"again")]))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert tar.getnames() == ["a/b"]
        member = tar.extractfile("a/b")
        assert member is not None
        assert member.read() == b"hello"


def test_nested_assets_get_hashes_and_plain_properties_are_not_copied(tmp_path):
    props = {"a": [1, {"b": "c"}]}
    assert hash_props(props, tmp_path) is props
    assert hash_props({"s": Secret([Asset(text="x")])}, tmp_path)["s"].value[0].hash


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(AssetError, match="nowhere"):
        hashed(Asset(path="nowhere"), tmp_path)


ORDER = ("a", "a/b", "a.b", "A", "é", "z")
PUBLISHED = {
    "simple": (
        Archive(assets={"a/b": Asset(text="hello")}),
        "dbf0a70d1faacddcbd1e676f04505817207f465ef189cf9207ad4821fbe9c51a",
    ),
    "empty": (Archive(assets={}), "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"),
    "accents": (
        Archive(assets={"ü.txt": Asset(text="hello"), "dir/ü.txt": Asset(text="x")}),
        "2c168fd6881fdb387209bb98f5d7c7247d3ff5db2b65dbec24ced41f67e1ad97",
    ),
    "two-parts": (
        Archive(assets={"d" * 80 + "/" + "e" * 60: Asset(text="x")}),
        "eb41a6401ef496b64313b07a1fbb017306c43059b497d705e7d0eaae88fa07f7",
    ),
    "long-name": (
        Archive(assets={"n" * 120: Asset(text="x")}),
        "4edae971477175b68bfaae1bff7876eca066f070f2da55c367628310f36632bb",
    ),
    "longest-name": (
        Archive(assets={"n" * 100: Asset(text="x")}),
        "c947a00bf2f5ef902e20488de87314fdf83c9d55d2675ee74f0efe30a842adb8",
    ),
    "long-path": (
        Archive(assets={"abcdefghi/" * 30 + "f": Asset(text="x")}),
        "8c47d5e9190eb37b73fe7d0a94237ee12ecf42529300b6fb6d341ec99ecbd709",
    ),
    "long-folder": (
        Archive(assets={"d" * 160 + "/f": Asset(text="x")}),
        "ef79ebbc149762a8db36024e958ba0834e4842a795c5b7373c82f3129bf535e2",
    ),
    "long-accents": (
        Archive(assets={"ü/" * 80 + "f": Asset(text="x")}),
        "b4e63dcab091f9cc6e2d333284c93431bce7c48c7047a5f87043f5ae63f9713c",
    ),
    "order": (
        Archive(assets={name: Asset(text=text) for name, text in zip(ORDER, "123456", strict=True)}),
        "091473b3e012990c297da79c8f52465d5efa9c3fb9f661b788346e3ff49b8f16",
    ),
}
"""Hashes by the module `sdk/go/common/resource/archive` of Pulumi's Go SDK 3.210.0."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_archives_hash_as_pulumi_hashes_them(tmp_path, name):
    archive, expected = PUBLISHED[name]
    assert hashed(archive, tmp_path).hash == expected


def test_folders_hash_as_pulumi_hashes_them(tmp_path):
    (tmp_path / "d" / "a" / "deep").mkdir(parents=True)
    (tmp_path / "d" / ".pulumi").mkdir()
    files = {"a/b": "1", "a.txt": "2", "a-": "3", "a/deep/x": "4" * 600, ".pulumi/x": "no", ".hidden": "5", "ü": "6"}
    for name, text in {**files, "Z": "7"}.items():
        (tmp_path / "d" / name).write_text(text)
    (tmp_path / "d" / "link").symlink_to("a.txt")
    (tmp_path / "d" / "dirlink").symlink_to("a")
    expected = "9191528c1b060d6a3bfa73e0aaf52f81dcb57e5c97ced1734a08449cc36f847d"
    assert hashed(Archive(path="d"), tmp_path).hash == expected
    # What is in the folder comes first; another file of the same name counts no more.
    double = Archive(assets={"d": Archive(path="d"), "d/a.txt": Asset(text="other")})
    assert hashed(double, tmp_path).hash == "389666cea37395c73ef0d3e714164245df08a99034fe7800caa976c208efbc27"


def test_an_archive_file_hashes_as_it_is(tmp_path):
    for name in ("x.zip", "x.tgz", "x.tar.gz", "x.tar", "x.jar"):
        (tmp_path / name).write_bytes(b"whatever")
        assert hashed(Archive(path=name), tmp_path).hash == hashlib.sha256(b"whatever").hexdigest()


def test_an_archive_file_inside_an_archive_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as file:
        file.writestr("q/", "")
        file.writestr("q/1", "one")
        file.writestr("./2", "two")
    with tarfile.open(tmp_path / "t.tgz", "w:gz") as tar:
        folder, one = tarfile.TarInfo("dir"), tarfile.TarInfo("./dir/f")
        folder.type, one.size = tarfile.DIRTYPE, 3
        tar.addfile(folder)
        tar.addfile(one, io.BytesIO(b"abc"))
    packed = Archive(assets={"z": Archive(path="z.zip"), "t": Archive(path="t.tgz")})
    assert list(archive_files(packed, tmp_path)) == [("t/dir/f", b"abc"), ("z/q/1", b"one"), ("z/2", b"two")]


@pytest.mark.parametrize(
    ("archive", "told"),
    [
        (Archive(path="f"), "neither a recognized archive type nor a directory"),
        (Archive(path="none"), "couldn't read archive path"),
        (Archive(uri="file:///f.txt"), "not a recognized archive format"),
        (Archive(assets={"x": Asset(path="d")}), "is a directory; try using an archive"),
        (Archive(assets={"x": Archive(path="bad.zip")}), "cannot be unpacked"),
        (Archive(assets={"x": Asset(uri="ftp://x/y")}), "unknown scheme"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, archive, told):
    (tmp_path / "f").write_text("x")
    (tmp_path / "bad.zip").write_text("x")
    (tmp_path / "d").mkdir()
    with pytest.raises(AssetError, match=told):
        hashed(archive, tmp_path)
