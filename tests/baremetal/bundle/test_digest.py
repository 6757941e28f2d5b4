"""Content hashes."""

from __future__ import annotations

from pathlib import Path

from baremetal.bundle import digest


def test_recipe_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest.of_recipe({"a": 1, "b": (2, 3)}) == digest.of_recipe({"b": [2, 3], "a": 1})


def test_recipe_digest_changes_with_a_value_deep_inside() -> None:
    assert digest.of_recipe({"a": {"b": ["x"]}}) != digest.of_recipe({"a": {"b": ["y"]}})


def test_file_digest_is_sha256(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert digest.of_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_tree_digest_notices_a_renamed_file(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("same")
    before = digest.of_tree(tmp_path)
    (tmp_path / "one").rename(tmp_path / "two")
    assert digest.of_tree(tmp_path) != before
