"""Pulumi's file layout: what is written where, and what happens when two want the same stack."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.backend.api import LockWish
from engine.backend.file import FileBackend
from engine.backend.holder import Holder
from engine.deploy.api import StackId
from engine.errors import EngineError, StackExists, StackLocked, StackNotFound, StateError, UsageError

STACK = StackId(project="shop", name="dev")
CHECKPOINT = '{"version": 3, "checkpoint": {"stack": "organization/shop/dev"}}'

HOLD = """
import sys
from pathlib import Path
from engine.backend.api import LockWish
from engine.backend.file import FileBackend
from engine.deploy.api import StackId
with FileBackend(sys.argv[1]).lock(StackId(project="shop", name="dev"), LockWish()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def backend(tmp_path) -> FileBackend:
    backend = FileBackend(f"file://{tmp_path}")
    backend.create(STACK, CHECKPOINT)
    return backend


@pytest.fixture
def other_process(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, f"file://{tmp_path}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_files_lie_where_pulumi_looks_for_them(backend, tmp_path):
    backend.write(STACK, CHECKPOINT + " ")
    backend.conclude(STACK, CHECKPOINT, {"kind": "update"})
    backend.set_tags(STACK, {"a": "b"})
    root = tmp_path / ".pulumi"
    assert (root / "meta.yaml").read_text() == "version: 1\n"
    assert (root / "stacks/shop/dev.json").read_text() == CHECKPOINT
    assert (root / "stacks/shop/dev.json.bak").read_text() == CHECKPOINT + " "
    assert json.loads((root / "stacks/shop/dev.pulumi-tags").read_text()) == {"version": 1, "tags": {"a": "b"}}
    history = sorted(path.name for path in (root / "history/shop/dev").iterdir())
    assert [name.split(".", 1)[1] for name in history] == ["checkpoint.json", "history.json"]
    assert len(list((root / "backups/shop/dev").glob("dev.*.json"))) == 1
    assert not [path for path in root.rglob(".*") if path.is_file()]


def test_a_folder_written_by_others_is_taken_over(tmp_path):
    path = tmp_path / ".pulumi/stacks/shop/dev.json.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(CHECKPOINT.encode()))
    (tmp_path / ".pulumi/meta.yaml").write_text("version: 1\n")
    backend = FileBackend(f"file://{tmp_path}")
    backend.write(STACK, CHECKPOINT + "\n")
    assert gzip.decompress(path.read_bytes()).decode() == CHECKPOINT + "\n"
    assert [item.stack for item in backend.stacks("shop")] == [STACK]


def test_the_old_flat_layout_is_refused(tmp_path):
    path = tmp_path / ".pulumi/stacks/dev.json"
    path.parent.mkdir(parents=True)
    path.write_text(CHECKPOINT)
    with pytest.raises(StateError, match="old layout"):
        FileBackend(f"file://{tmp_path}").stacks()


def test_unknown_and_doubled_stacks_are_told(backend):
    with pytest.raises(StackExists, match="already exists"):
        backend.create(STACK, CHECKPOINT)
    with pytest.raises(StackNotFound, match="no stack named 'qa' found"):
        backend.read(replace(STACK, name="qa"))


def test_history_is_newest_first(backend):
    for number in range(3):
        backend.conclude(STACK, None, {"number": number})
    assert [entry["number"] for entry in backend.history(STACK)] == [2, 1, 0]


def test_removing_a_stack_leaves_a_copy_and_its_backups_unless_those_are_to_go_too(backend, tmp_path):
    backend.conclude(STACK, CHECKPOINT, {})
    backend.remove(STACK)
    assert _files(tmp_path) == {"backups", "meta.yaml", "stacks"}
    assert (tmp_path / ".pulumi/stacks/shop/dev.json.bak").read_text() == CHECKPOINT
    assert backend.stacks() == []
    backend.create(STACK, CHECKPOINT)
    backend.remove(STACK, backups=True)
    assert _files(tmp_path) == {"meta.yaml"}


def test_a_renamed_stack_keeps_its_history_and_tags(backend, tmp_path):
    backend.conclude(STACK, CHECKPOINT, {"number": 1})
    backend.set_tags(STACK, {"a": "b"})
    new = StackId(project="mall", name="dev-2")
    backend.rename(STACK, new, CHECKPOINT + " ")
    assert backend.read(new) == CHECKPOINT + " "
    assert (backend.history(new)[0]["number"], backend.tags(new)) == (1, {"a": "b"})
    assert [item.stack for item in backend.stacks()] == [new]
    backend.create(STACK, CHECKPOINT)
    with pytest.raises(StackExists):
        backend.rename(STACK, new, CHECKPOINT)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_files_are_read_and_stay_compressed(tmp_path, suffix):
    name = {".gz": "GZIP", ".zst": "ZSTD"}[suffix]
    packed = FileBackend(f"file://{tmp_path}", environment={f"PULUMI_DIY_BACKEND_{name}": "true"})
    packed.create(STACK, CHECKPOINT)
    plain = FileBackend(f"file://{tmp_path}")
    plain.write(STACK, CHECKPOINT + " ")
    plain.conclude(STACK, CHECKPOINT + "  ", {"number": 1})
    assert plain.read(STACK) == CHECKPOINT + "  "
    assert plain.history(STACK)[0]["number"] == 1
    names = {path.name for path in (tmp_path / ".pulumi/stacks/shop").iterdir()}
    assert names == {f"dev.json{suffix}", f"dev.json{suffix}.bak"}
    assert all(path.name.endswith(suffix) for path in (tmp_path / ".pulumi/history").rglob("*.json*"))


def test_a_state_changes_its_compression_when_that_is_asked_for(backend, tmp_path):
    FileBackend(f"file://{tmp_path}", environment={"PULUMI_DIY_BACKEND_ZSTD": "1"}).write(STACK, CHECKPOINT + " ")
    names = {path.name for path in (tmp_path / ".pulumi/stacks/shop").iterdir()}
    assert names == {"dev.json.zst", "dev.json.bak"}
    assert backend.read(STACK) == CHECKPOINT + " "
    both = {"PULUMI_DIY_BACKEND_GZIP": "1", "PULUMI_SELF_MANAGED_STATE_ZSTD": "1"}
    with pytest.raises(UsageError, match="cannot both be enabled"):
        FileBackend(f"file://{tmp_path}", environment=both)


def test_the_newer_of_two_variants_counts(backend, tmp_path):
    other = tmp_path / ".pulumi/stacks/shop/dev.json.gz"
    other.write_bytes(gzip.compress(b"{}"))
    os.utime(other, (1, 1))
    assert backend.read(STACK) == CHECKPOINT
    os.utime(other, (9e9, 9e9))
    assert backend.read(STACK) == "{}"
    assert len(backend.stacks()) == 1


def test_every_checkpoint_is_retained_and_none_is_backed_up_on_wish(tmp_path):
    environment = {
        "PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS": "1",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
    }
    backend = FileBackend(f"file://{tmp_path}", environment=environment)
    backend.create(STACK, CHECKPOINT)
    backend.write(STACK, CHECKPOINT)
    backend.conclude(STACK, None, {})
    assert len(list((tmp_path / ".pulumi/stacks/shop").glob("dev.json.[0-9]*"))) == 2
    assert not (tmp_path / ".pulumi/backups").exists()
    assert len(backend.stacks()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 0", "old layout"),
        ("version: 2", "version .2. is not supported"),
        ("", "missing version"),
        ("[", "YAML"),
    ],
)
def test_a_store_of_another_layout_is_refused(backend, tmp_path, text, words):
    (tmp_path / ".pulumi/meta.yaml").write_text(text)
    with pytest.raises(EngineError, match=words):
        FileBackend(f"file://{tmp_path}").read(STACK)


def test_damaged_files_are_named(backend, tmp_path):
    state = tmp_path / ".pulumi/stacks/shop/dev.json"
    for data in (b"\xff\xfe", b"\x1f\x8bnonsense", b"\x28\xb5\x2f\xfdnonsense"):
        state.write_bytes(data)
        with pytest.raises(StateError, match=r"dev\.json is damaged"):
            backend.read(STACK)
    for text in ("", "[1]", '{"checkpoint": [1]}', '{"checkpoint": {"latest": {"resources": 5}}}'):
        state.write_text(text)
        with pytest.raises(StateError, match=r"dev\.json"):
            backend.stacks()


def test_an_unknown_parameter_of_the_url_is_refused(tmp_path):
    with pytest.raises(UsageError, match="unknown parameter 'colour'"):
        FileBackend(f"file://{tmp_path}?colour=red")


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder / ".pulumi").parts[0] for path in (folder / ".pulumi").rglob("*") if path.is_file()}


def test_a_live_process_keeps_others_out(backend, other_process):
    with (
        pytest.raises(StackLocked, match=rf"currently locked by 1 lock.*\n.*pid {other_process.pid}"),
        backend.lock(STACK, LockWish()),
    ):
        pass


def test_the_lock_of_a_killed_process_is_taken_over(backend, other_process, tmp_path):
    other_process.kill()
    other_process.wait()
    said: list[str] = []
    with backend.lock(STACK, LockWish(say=said.append)):
        assert len(list((tmp_path / ".pulumi/locks").rglob("*.json"))) == 1
    assert f"pid {other_process.pid}" in said[0]


def test_a_stale_lock_of_another_machine_is_left_and_named(backend, tmp_path):
    lock = tmp_path / ".pulumi/locks/organization/shop/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps(replace(Holder.me(), hostname="elsewhere", pid=4242).tree()))
    with pytest.raises(StackLocked, match=r"@elsewhere \(pid 4242\)"), backend.lock(STACK, LockWish()):
        pass
    assert backend.break_lock(STACK) == 1


def test_a_pid_that_was_given_out_again_does_not_count_as_alive():
    holder = replace(Holder.me(), pid=os.getpid(), timestamp="2001-01-01T00:00:00Z", boot="")
    assert holder.is_gone()
    assert not Holder.me().is_gone()


def test_a_lock_is_free_after_an_error_inside(backend):
    with pytest.raises(ZeroDivisionError), backend.lock(STACK, LockWish()):
        _ = 1 / 0
    with backend.lock(STACK, LockWish()):
        pass
