"""Hashes of assets and archives."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pytest

from engine.values import Archive, Asset, Secret
from engine.wire.assets import AssetError, _tar, hash_props, hashed


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
    data = b"".join(_tar(Archive(assets={"a/b": Asset(text="hello")}), tmp_path))
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
