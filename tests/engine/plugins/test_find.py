"""Which plugin is taken, of those that are there."""

from __future__ import annotations

import os
from pathlib import Path

import pulumi
import pytest

import engine.providers
from engine.plugins.find import Plugin, ProjectPlugins, Wanted, find
from engine.plugins.version import parse_version
from tests.engine.deploy.cloud import CloudProvider
from tests.engine.deploy.stage import Stage
from tests.engine.plugins.conftest import CLOUDY, Workshop
from tests.engine.plugins.programs import Cloudy, one

CASES = {
    "": "2.1.0",
    "1.2.3": "1.2.3",
    "v1.2.3": "1.2.3",
    "1.2.3+build": "1.2.3",
    "2.0.0": None,
    "3.0.0-alpha.1": "3.0.0-alpha.1",
    "3.0.0-alpha.2": None,
}


@pytest.mark.parametrize("asked", CASES)
def test_the_very_version_is_taken_or_the_newest_stable_one(workshop: Workshop, asked: str) -> None:
    for version in ("1.2.3", "2.1.0", "1.10.0", "3.0.0-alpha.1"):
        workshop.install("cloudy", version)
    environment = {"PULUMI_HOME": str(workshop.folder)}
    found = find(Wanted(kind="resource", name="cloudy", version=asked), environment)
    assert (found.version if found else None) == CASES[asked]


def test_the_old_search_takes_newer_versions(workshop: Workshop) -> None:
    for version in ("1.2.3", "2.1.0", "3.0.0-alpha.1"):
        workshop.install("cloudy", version)
    environment = {"PULUMI_HOME": str(workshop.folder), "PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH": "1"}
    found = find(Wanted(kind="resource", name="cloudy", version="1.0.0"), environment)
    assert found and found.version == "2.1.0"
    assert find(Wanted(kind="resource", name="cloudy", version="4.0.0"), environment) is None


def test_versions_are_ordered_as_semver_says() -> None:
    texts = ["0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1", "1.0.1"]
    versions = [parse_version(text) for text in texts]
    assert sorted(versions, key=lambda one: one) == versions  # type: ignore[arg-type, return-value]  # none is None
    assert parse_version("latest") is None


def test_one_on_path_wins_whatever_its_version_and_says_so(stage: Stage, workshop: Workshop, tmp_path: Path) -> None:
    workshop.install("cloudy", "9.9.9", "/bin/false")
    path = workshop.program(tmp_path / "bin", "cloudy")
    stage.environment["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"

    def program() -> None:
        Cloudy("thing", pulumi.ResourceOptions(version="9.9.9"), value="nonsense")

    assert not stage.up(program).succeeded
    warnings = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    said = [one["message"].strip() for one in warnings if one["severity"] == "warning"]
    assert said == [f"using pulumi-resource-cloudy from $PATH at {path}"]
    # Which version it is only it can tell.
    assert f"plugin cloudy 1.2.3 ({path})" in stage.errors()[0]
    stage.environment["PULUMI_IGNORE_AMBIENT_PLUGINS"] = "true"
    assert not stage.up(program).succeeded
    assert "plugin cloudy 9.9.9" in stage.errors()[0]


def test_a_python_provider_comes_before_plugins_that_lie_about(stage: Stage, workshop: Workshop) -> None:
    workshop.install("cloud", "1.2.3")
    engine.providers.register("cloud", lambda host: CloudProvider(stage.cloud, host))

    def program() -> None:
        pulumi.CustomResource("cloud:index:Thing", "thing", {"value": "x"})

    assert stage.up(program).succeeded
    assert stage.cloud.names("create") == ["thing"] and not workshop.calls()
    stage.environment["MF_PREFER_PLUGINS"] = "1"
    assert stage.destroy().succeeded
    assert "Delete" in workshop.calls()


def test_a_plugin_that_the_project_names_comes_first(stage: Stage, workshop: Workshop, tmp_path: Path) -> None:
    engine.providers.register("cloud", lambda host: CloudProvider(stage.cloud, host))
    path = workshop.program(tmp_path / "own", "cloud")
    for where in (path, path.parent):
        stage.plugins = ProjectPlugins(named=(Plugin(kind="resource", name="cloud", path=where),))
        assert stage.up(
            lambda: pulumi.export("x", pulumi.CustomResource("cloud:index:Thing", "thing", {}).urn)
        ).succeeded
        assert workshop.calls().count("Handshake") == 1
        assert stage.destroy().succeeded
        workshop.log.unlink()
    assert not stage.cloud.calls


def folder_plugin(tmp_path: Path, manifest: str) -> Path:
    """A plugin as source."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text(manifest)
    (folder / "__main__.py").write_text(CLOUDY.read_text())
    return folder


def test_a_folder_with_a_python_program_runs(stage: Stage, workshop: Workshop, tmp_path: Path) -> None:
    path = folder_plugin(tmp_path, "runtime: python\n")
    stage.plugins = ProjectPlugins(
        named=(Plugin(kind="resource", name="cloudy", path=path),), runtime_options={"virtualenv": "venv"}
    )
    assert stage.up(one()).succeeded, stage.errors()
    (greeting,) = [note["request"] for note in workshop.notes() if note["call"] == "Handshake"]
    assert greeting["rootDirectory"] == greeting["programDirectory"] == str(path)
    assert not workshop.alive()


REFUSED = {
    "runtime: nodejs\n": "needs the runtime 'nodejs', which this engine does not run",
    "runtime: {name: go, options: {binary: x}}\n": "needs the runtime 'go'",
    "runtime: {name: python, options: {virtualenv: lost}}\n": "asks for the virtualenv lost, but there is no",
    "name: x\n": "has no 'runtime'",
    "{": "cannot be read",
}


@pytest.mark.parametrize("manifest", REFUSED)
def test_a_folder_that_cannot_run_is_refused_by_name(stage: Stage, tmp_path: Path, manifest: str) -> None:
    path = folder_plugin(tmp_path, manifest)
    stage.plugins = ProjectPlugins(named=(Plugin(kind="resource", name="cloudy", path=path),))
    assert not stage.up(one()).succeeded
    assert REFUSED[manifest] in stage.errors()[0]
