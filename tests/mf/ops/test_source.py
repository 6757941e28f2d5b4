"""Which files make up a source, and when two sources are the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mf.ops import source
from mf.ops.source import SourceError


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


IGNORES = [
    ({".gitignore": "*.log\n", "a.log": "", "b.py": ""}, {".gitignore", "b.py"}),
    ({".mfignore": "docs/\n", "docs/x.md": "", "b.py": ""}, {"b.py"}),
    ({".gitignore": "*.js\n", ".mfignore": "!keep.js\n", "keep.js": "", "drop.js": ""}, {".gitignore", "keep.js"}),
    ({"sub/.gitignore": "/x\n", "sub/x": "", "sub/y": "", "x": ""}, {"sub/.gitignore", "sub/y", "x"}),
    ({".git/config": "", "node_modules/a/b.js": "", "__pycache__/a.pyc": "", "c.py": ""}, {"c.py"}),
    ({".mfignore": "!node_modules/\n", "node_modules/a.js": ""}, {"node_modules/a.js"}),
]


@pytest.mark.parametrize(("files", "kept"), IGNORES)
def test_ignore_files_decide_as_in_git(tmp_path: Path, files: dict[str, str], kept: set[str]) -> None:
    assert source.collect(write(tmp_path, files)).names == kept


def test_times_and_place_do_not_change_the_digest(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", {"a/b": "x", "c": "y"}), write(tmp_path / "two", {"c": "y", "a/b": "x"})
    os.utime(one / "c", (1, 1))
    assert source.collect(one).digest == source.collect(two).digest


@pytest.mark.parametrize("change", ["content", "name", "mode", "link"])
def test_content_name_mode_and_links_change_the_digest(tmp_path: Path, change: str) -> None:
    root = write(tmp_path, {"a": "x", "b": "y"})
    before = source.collect(root).digest
    match change:
        case "content":
            (root / "a").write_text("z")
        case "name":
            (root / "a").rename(root / "c")
        case "mode":
            (root / "a").chmod(0o755)
        case "link":
            (root / "c").symlink_to("a")
    assert source.collect(root).digest != before


def test_a_staged_copy_is_the_same_source_with_times_of_its_content(tmp_path: Path) -> None:
    root = write(tmp_path / "app", {"run.sh": "x", "sub/b": "y"})
    (root / "run.sh").chmod(0o700)
    (root / "link").symlink_to("sub/b")
    found = source.collect(root)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        found.stage(tmp_path / name)
    copy = source.collect(tmp_path / "first")
    assert copy.digest == found.digest
    times = [(tmp_path / name / "sub/b").stat().st_mtime for name in ("first", "second")]
    assert times[0] == times[1] != (tmp_path / "first/run.sh").stat().st_mtime


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "app", {"a": "x"})
    (root / "out").symlink_to("../secret")
    with pytest.raises(SourceError, match=r"out is a link that leaves the folder \(../secret\)"):
        source.collect(root)


def test_an_ignore_file_that_is_no_text_is_named_and_a_folder_of_its_name_is_none(tmp_path: Path) -> None:
    root = write(tmp_path, {"a": "x", ".gitignore/b": "y"})
    assert source.collect(root).names == {"a", ".gitignore/b"}
    (root / ".mfignore").write_bytes(b"\xff\xfe*\n")
    with pytest.raises(SourceError, match=r"cannot read .*/\.mfignore: not UTF-8 text"):
        source.collect(root)


@pytest.mark.parametrize("name", [b"\xff.txt", b"two\nlines"])
def test_a_file_whose_name_is_no_plain_text_is_named(tmp_path: Path, name: bytes) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_text("x")
    with pytest.raises(SourceError, match="whose name is no plain text"):
        source.collect(tmp_path)


def test_a_source_over_the_limit_names_its_largest_part(tmp_path: Path) -> None:
    root = write(tmp_path, {"data/big": "x" * 5000, "a.py": "y"})
    with pytest.raises(SourceError, match=r"the largest part is data .* in .mfignore"):
        source.collect(root, max_bytes=4000)


def test_folders_that_are_not_there_or_empty_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no folder"):
        source.collect(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="has no files to push"):
        source.collect(tmp_path)


def test_ten_thousand_files_are_read_within_a_few_seconds(tmp_path: Path) -> None:
    for folder in range(100):
        (tmp_path / str(folder)).mkdir()
        for number in range(100):
            (tmp_path / str(folder) / f"{number}.py").write_bytes(b"x" * 500)
    begun = time.monotonic()
    found = source.collect(tmp_path)
    assert len(found.entries) == 10_000
    assert found.digest
    assert time.monotonic() - begun < 5  # about half a second on an idle core; tests share theirs
