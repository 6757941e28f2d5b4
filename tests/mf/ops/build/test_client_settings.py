"""What a build is lent of the machine's ways to package registries."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.ops.build import client_settings
from mf.ops.build.client_settings import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root, home = tmp_path / "root", tmp_path / "me"
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    bundle.parent.mkdir(parents=True)
    bundle.write_text("CERTIFICATES")
    (home / ".config/pip").mkdir(parents=True)
    return Machine(home=home, environ={}, root=root)


def lend(machine: Machine, language: str, tmp_path: Path) -> dict[str, str]:
    """Target → content of the file, or `cache`."""
    folder = tmp_path / "lent"
    folder.mkdir()
    mounts = client_settings.mounts(machine, language, folder=folder, caches=tmp_path / "caches")
    return {m.target: "cache" if m.writable else m.source.read_text() for m in mounts}


def test_certificates_reach_every_build(machine: Machine, tmp_path: Path) -> None:
    assert lend(machine, "static", tmp_path) == {"/etc/ssl/certs/ca-certificates.crt": "CERTIFICATES"}


def test_pip_gets_index_and_certificate_but_no_folders_of_this_machine(machine: Machine, tmp_path: Path) -> None:
    (machine.home / ".config/pip/pip.conf").write_text("[global]\nindex-url = https://mirror/simple\nfind-links = /x\n")
    text = lend(machine, "python", tmp_path)["/etc/pip.conf"]
    assert "index-url = https://mirror/simple" in text
    assert "cert = /etc/ssl/certs/ca-certificates.crt" in text
    assert "find-links" not in text


def test_the_environment_wins_over_pip_s_files(machine: Machine, tmp_path: Path) -> None:
    (machine.home / ".config/pip/pip.conf").write_text("[global]\nindex-url = https://mirror/simple\n")
    told = Machine(home=machine.home, environ={"PIP_INDEX_URL": "https://other/simple"}, root=machine.root)
    assert "index-url = https://other/simple" in lend(told, "python", tmp_path)["/etc/pip.conf"]


def test_npm_keeps_registry_and_token_lines_and_drops_local_paths(machine: Machine, tmp_path: Path) -> None:
    (machine.home / ".npmrc").write_text(
        "registry=https://mirror/\n//mirror/:_authToken=t\nprefix=/home/me\ncafile=/x\n"
    )
    lines = lend(machine, "node", tmp_path)["/root/.npmrc"].splitlines()
    assert lines[:2] == ["registry=https://mirror/", "//mirror/:_authToken=t"]
    assert "cafile=/etc/ssl/certs/ca-certificates.crt" in lines
    assert not any(line.startswith("prefix") for line in lines)


def test_go_gets_its_proxy_and_both_caches(machine: Machine, tmp_path: Path) -> None:
    told = Machine(home=machine.home, environ={"GOPROXY": "https://proxy", "GOPRIVATE": "corp"}, root=machine.root)
    lent = lend(told, "go", tmp_path)
    assert lent["/root/.config/go/env"] == "GOPROXY=https://proxy\nGOPRIVATE=corp\n"
    assert lent["/root/go/pkg/mod"] == lent["/root/.cache/go-build"] == "cache"


def test_maven_gets_the_person_s_settings_where_there_are_any(machine: Machine, tmp_path: Path) -> None:
    (machine.home / ".m2").mkdir()
    (machine.home / ".m2/settings.xml").write_text("<settings/>")
    assert lend(machine, "java", tmp_path)["/root/.m2/settings.xml"] == "<settings/>"


def test_lent_files_are_for_their_owner_only(machine: Machine, tmp_path: Path) -> None:
    lend(machine, "dockerfile", tmp_path)
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "lent").iterdir()} == {0}
