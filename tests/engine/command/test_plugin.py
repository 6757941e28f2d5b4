"""`pulumi plugin`: what is found is listed, what is brought is installed, nothing is fetched."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from engine.providers import catalogue


def plugin_file(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\necho 1234\n")
    path.chmod(0o755)
    return path


def test_without_plugins_the_list_is_empty(pulumi):
    pulumi.environment["PATH"] = ""
    assert pulumi("plugin", "ls", "--json") == 0
    assert json.loads(pulumi.text) == []
    assert pulumi("plugin", "ls") == 0
    assert "TOTAL plugin cache size: 0 B" in pulumi.text


def test_plugins_of_folder_path_and_project_are_listed(pulumi, tmp_path):
    plugin_file(tmp_path / "home/plugins/resource-random-v4.21.4", "pulumi-resource-random")
    plugin_file(tmp_path / "home/plugins/resource-broken-v1.0.0.tmp123", "pulumi-resource-broken")
    plugin_file(tmp_path / "bin", "pulumi-resource-tls")
    plugin_file(pulumi.directory / "own", "pulumi-resource-mine")
    file = pulumi.directory / "Pulumi.yaml"
    file.write_text(file.read_text() + "plugins:\n  providers:\n    - {name: mine, path: own, version: 0.1.0}\n")
    pulumi.environment["PATH"] = str(tmp_path / "bin")
    assert pulumi("plugin", "ls", "--json") == 0
    rows = {row["name"]: row for row in json.loads(pulumi.text)}
    assert {name: (row["kind"], row.get("version")) for name, row in rows.items()} == {
        "random": ("resource", "4.21.4"),
        "tls": ("resource", None),
        "mine": ("resource", "0.1.0"),
    }
    assert all(row["size"] and row["lastUsedTime"].endswith("Z") for row in rows.values())
    assert pulumi("plugin", "ls", "--project") == 0
    assert "mine" in pulumi.text and "random" not in pulumi.text


def test_a_plugin_section_that_makes_no_sense_is_named(pulumi):
    file = pulumi.directory / "Pulumi.yaml"
    file.write_text("name: shop\nruntime: python\nplugins: {providers: [{name: mine}]}\n")
    assert pulumi("stack", "ls") == 1
    assert "names a plugin without 'name' or 'path'" in pulumi.complaint


def test_nothing_is_fetched(pulumi):
    assert pulumi("plugin", "install", "resource", "nowhere", "v4.0.0") == 1
    assert "nowhere 4.0.0 is not here, and this engine downloads nothing" in pulumi.complaint
    assert "--file ARCHIVE" in pulumi.complaint


def test_a_built_in_provider_needs_no_installing(pulumi, monkeypatch):
    monkeypatch.setitem(catalogue._REGISTERED, "sandwich", "nowhere:Sandwich")
    assert pulumi("plugin", "install", "resource", "sandwich", "v4.0.0") == 0
    assert "resource plugin sandwich is built in" in pulumi.text


def test_an_archive_that_was_brought_along_is_installed(pulumi, tmp_path):
    program = plugin_file(tmp_path, "pulumi-resource-random")
    with tarfile.open(tmp_path / "random.tar.gz", "w:gz") as archive:
        archive.add(program, arcname=program.name)
    for source in ("random.tar.gz", "pulumi-resource-random"):
        asked = ("plugin", "install", "resource", "random", "v4.21.4")
        assert pulumi(*asked, "--file", str(tmp_path / source)) == 0, pulumi.complaint
        installed = tmp_path / "home/plugins/resource-random-v4.21.4/pulumi-resource-random"
        assert installed.stat().st_mode & 0o777 == 0o755
        assert pulumi(*asked) == 0
        assert "Nothing to install" in pulumi.text
    assert [path.name for path in (tmp_path / "home/plugins").iterdir()] == ["resource-random-v4.21.4"]


def test_an_archive_that_reaches_outside_is_refused(pulumi, tmp_path):
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    assert pulumi("plugin", "install", "resource", "bad", "v1.0.0", "--file", str(tmp_path / "bad.tar.gz")) == 1
    assert "cannot be unpacked" in pulumi.complaint
    assert not list((tmp_path / "home/plugins").iterdir())


def test_removing_is_refused(pulumi):
    assert pulumi("plugin", "rm", "resource", "random") == 1
    assert "not supported" in pulumi.complaint
