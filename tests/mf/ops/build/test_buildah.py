"""How buildah is called, and what its refusals become; a stand-in program takes its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mf.ops.build.buildah import Buildah
from mf.ops.build.builder import BuildRequest
from mf.ops.build.errors import BuilderMissing, BuildFailed, RegistryFull, UploadFailed
from mf.ops.detect.model import Recipe

STAND_IN = """#!/bin/sh
echo "$@" >> "$HOME/calls"
for word in "$@"; do case "$word" in
  --iidfile=*) echo sha256:image > "${word#--iidfile=}";;
  --file=*) cp "${word#--file=}" "$HOME/Dockerfile";;
esac; done
if [ "$previous" = --digestfile ]; then :; fi
previous=
for word in "$@"; do [ "$previous" = --digestfile ] && printf sha256:pushed > "$word"; previous=$word; done
cat "$HOME/answer" 2>/dev/null
exit "$(cat "$HOME/code" 2>/dev/null || echo 0)"
"""


@pytest.fixture
def machine(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a root person whose buildah is the stand-in."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program = tmp_path / "bin/buildah"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    return own_home


def builder(home: Path, tmp_path: Path) -> Buildah:
    environ = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "HOME": str(home),
        "PIP_INDEX_URL": "https://u:secret@m/",
    }
    return Buildah(home=tmp_path / "store", registry="127.0.0.1:30500", environ=environ, run_root=tmp_path / "run")


def request(tmp_path: Path) -> BuildRequest:
    recipe = Recipe(language="python", because="x", dockerfile="FROM microfoundry/python:3.11\n")
    repository = "127.0.0.1:30500/apps/default/dev/web"
    return BuildRequest(app="web", context=tmp_path, recipe=recipe, repository=repository)


def test_a_build_and_an_upload_give_a_reference_by_digest(machine: Path, tmp_path: Path) -> None:
    with_buildah = builder(machine, tmp_path)
    with_buildah.check()
    image = with_buildah.build(request(tmp_path), lambda _: None)
    assert image == "sha256:image"
    assert (machine / "Dockerfile").read_text() == "FROM microfoundry/python:3.11\n"
    pushed = with_buildah.upload(image, request(tmp_path), lambda _: None)
    assert pushed == "127.0.0.1:30500/apps/default/dev/web@sha256:pushed"


def test_credentials_of_package_clients_are_never_arguments(machine: Path, tmp_path: Path) -> None:
    builder(machine, tmp_path).build(request(tmp_path), lambda _: None)
    calls = (machine / "calls").read_text()
    assert "secret" not in calls
    assert ":/etc/pip.conf:ro" in calls


def test_short_names_mean_the_platform_s_registry_first(machine: Path, tmp_path: Path) -> None:
    builder(machine, tmp_path).build(request(tmp_path), lambda _: None)
    text = (tmp_path / "store/registries-127.0.0.1-30500.conf").read_text()
    assert 'unqualified-search-registries = ["127.0.0.1:30500", "docker.io"]' in text
    assert text.count("insecure = true") == 2


def test_a_failed_build_says_its_cause_and_its_last_lines(machine: Path, tmp_path: Path) -> None:
    (machine / "answer").write_text('ERROR: No matching distribution found for x\nError: building at STEP "RUN pip"\n')
    (machine / "code").write_text("1")
    with pytest.raises(BuildFailed) as caught:
        builder(machine, tmp_path).build(request(tmp_path), lambda _: None)
    assert caught.value.message == "the build of web failed: No matching distribution found for x"
    assert caught.value.reasons == ("ERROR: No matching distribution found for x",)


def test_a_base_image_that_can_not_be_pulled_is_named(machine: Path, tmp_path: Path) -> None:
    (machine / "answer").write_text(
        "Error: creating build container: initializing source docker://python:3.12: (Mirrors also failed: [x: y]): "
        "docker.io/library/python:3.12: pinging container registry: dial tcp: lookup registry: no such host\n"
    )
    (machine / "code").write_text("125")
    with pytest.raises(BuildFailed) as caught:
        builder(machine, tmp_path).build(request(tmp_path), lambda _: None)
    assert caught.value.message.endswith("its base image python:3.12 can't be pulled: no such host")
    assert "microfoundry/python:3.11" in caught.value.hint


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ("Error: writing blob: 500 no space left on device", RegistryFull, "is full; the image was not stored"),
        (
            "Error: trying to reuse blob: connection refused",
            UploadFailed,
            "did not take the image: connection refused",
        ),
    ],
)
def test_a_registry_that_refuses_is_explained(
    machine: Path, tmp_path: Path, answer: str, error: type[UploadFailed], said: str
) -> None:
    (machine / "answer").write_text(answer)
    (machine / "code").write_text("125")
    with pytest.raises(error) as caught:
        builder(machine, tmp_path).upload("sha256:image", request(tmp_path), lambda _: None)
    assert said in caught.value.message


def test_what_a_killed_build_left_is_cleared_by_the_next(machine: Path, tmp_path: Path) -> None:
    left = tmp_path / "store/storage/overlay-containers/containers.json"
    left.parent.mkdir(parents=True)
    left.write_text('[{"id": "x"}]')
    builder(machine, tmp_path).build(request(tmp_path), lambda _: None)
    first, second = (machine / "calls").read_text().splitlines()
    assert first.endswith("rm --all")
    assert " build " in second


def test_without_root_or_buildah_the_way_out_is_named(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BuilderMissing, match="needs root") as caught:
        builder(machine, tmp_path).check()
    assert "--image REF" in caught.value.hint
    bare = Buildah(home=tmp_path, registry="127.0.0.1:1", environ={"PATH": "/nonexistent"})
    with pytest.raises(BuilderMissing, match="buildah is not on this machine"):
        bare.check()
