"""Debian packages: where from, what is refused beforehand, what a root tells about itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from baremetal.bundle import debian
from baremetal.bundle.debian_root import quoted, tree_names
from baremetal.errors import NotRoot, ToolMissing

TARGET = "/dists/{}/main/binary-amd64/Packages\n"


def indextargets(output: str) -> object:
    return lambda *args, **rest: subprocess.CompletedProcess(args, 0, stdout=output, stderr="")


def test_mirror_of_the_machine_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(
        subprocess,
        "run",
        indextargets(
            f"http://other.example/x{TARGET.format('stable')}http://mirror.example/debian{TARGET.format('bookworm')}"
        ),
    )
    assert [line.split("] ")[1] for line in debian.source_lines()] == [
        "http://mirror.example/debian bookworm main",
        "http://mirror.example/debian bookworm-updates main",
        "http://mirror.example/debian-security bookworm-security main",
    ]


def test_machine_of_another_release_is_told_to_name_a_mirror_and_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(subprocess, "run", indextargets(f"http://mirror.example/ubuntu{TARGET.format('jammy')}"))
    with pytest.raises(ToolMissing, match="set MF_DEBIAN_ARCHIVE to the URL of one that has bookworm"):
        debian.source_lines()
    monkeypatch.setenv("MF_DEBIAN_ARCHIVE", "http://named.example/debian")
    assert "http://named.example/debian bookworm main" in debian.source_lines()[0]


def test_machine_without_apt_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    with pytest.raises(ToolMissing, match=r"apt-get is not installed.*Debian or Ubuntu"):
        debian.require_tools()


def test_other_users_are_told_that_this_takes_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keyring = tmp_path / "keyring"
    keyring.touch()
    monkeypatch.setattr(debian, "KEYRING", str(keyring))
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotRoot, match="only root can do this: install Debian packages"):
        debian.require_tools()


def test_versions_are_read_from_the_status_of_the_root(tmp_path: Path) -> None:
    status = tmp_path / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text("Package: apt\nStatus: ok\nVersion: 2.6.2\n\nPackage: tar\nVersion: 1.34\n")
    assert debian.installed(tmp_path) == {"apt": "2.6.2", "tar": "1.34"}


def test_passing_things_of_a_root_stay_out_of_its_layer(tmp_path: Path) -> None:
    for name in ("etc/resolv.conf", "etc/passwd", "var/log/dpkg.log", "tmp/x", "run/postgresql/keep", "dev/null"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    files = [name for name in tree_names(tmp_path) if (tmp_path / name).is_file()]
    assert files == ["etc/passwd", "run/postgresql/keep"]
    assert {"dev", "tmp", "var/log"} <= set(tree_names(tmp_path))


def test_quoted_script_survives_the_shell() -> None:
    script = "echo 'it is' \"$0\""
    answer = subprocess.run(["sh", "-c", f"sh -c {quoted(script)} x"], capture_output=True, text=True, check=True)
    assert answer.stdout == "it is x\n"
