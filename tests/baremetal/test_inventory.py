"""What a cluster could leave behind is seen, and said shortly."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from baremetal import inventory
from baremetal.transport import LocalTransport


def test_machine_that_did_not_change_has_no_differences() -> None:
    before = {"interfaces": ("eth0", "lo"), "rules": ()}
    assert inventory.compare(before, {"interfaces": ("lo", "eth0"), "rules": ()}) == []


def test_differences_name_their_topic_and_direction() -> None:
    before = {"interfaces": ("lo",), "sysctls": ("vm/panic_on_oom = 0",)}
    after = {"interfaces": ("lo", "cni0"), "sysctls": ("vm/panic_on_oom = 1",)}
    assert inventory.compare(before, after) == [
        "interfaces: new: cni0",
        "sysctls: new: vm/panic_on_oom = 1",
        "sysctls: gone: vm/panic_on_oom = 0",
    ]


def test_folder_that_was_left_is_named_once_and_not_file_by_file() -> None:
    after = {"files": ("/var/lib/etcd", "/var/lib/etcd/member", "/var/lib/etcd/member/wal", "/etc/cni/net.d")}
    assert inventory.compare({"files": ()}, after) == ["files: new: /etc/cni/net.d", "files: new: /var/lib/etcd"]


def test_real_machine_is_read_topic_by_topic() -> None:
    taken = inventory.take(LocalTransport())
    assert set(taken) == set(inventory.TOPICS)
    assert "lo" in taken["interfaces"]
    assert any(line.startswith("vm/overcommit_memory = ") for line in taken["sysctls"])
    assert "/" in taken["mounts"]


def test_port_that_is_listened_on_is_in_the_inventory() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        suffix = f":{server.getsockname()[1]:04X}"
        assert any(line.endswith(suffix) for line in inventory.take(LocalTransport())["ports"])


def test_diff_against_a_saved_file_fails_when_something_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inventory, "TOPICS", {"files": f"ls -d {tmp_path}/left* 2>/dev/null"})
    saved = tmp_path / "before.json"
    assert inventory.main(["save", str(saved)]) == 0
    assert inventory.main(["diff", str(saved)]) == 0
    (tmp_path / "left-behind").touch()
    assert inventory.main(["diff", str(saved)]) == 1
    assert capsys.readouterr().out.endswith(f"files: new: {tmp_path}/left-behind\n")


def test_file_that_is_no_inventory_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text(json.dumps({})[:1])
    assert inventory.main(["diff", str(tmp_path / "x.json")]) == 2
    assert "error:" in capsys.readouterr().err
