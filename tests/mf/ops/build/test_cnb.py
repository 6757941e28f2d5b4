"""A buildpacks build from Job to digest, against a cluster in memory that plays its part."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.kube.stream import ExecResult
from mf.ops.build.builder import BuildRequest
from mf.ops.build.cnb import Buildpacks
from mf.ops.build.errors import BuilderMissing, BuildFailed, UploadFailed
from mf.ops.build.registry import Registry
from mf.ops.detect.model import Recipe
from tests.mf.fake_kube import FakeKube


class BuildingKube(FakeKube):
    """Runs the Job's pod as a kubelet would: source container first, build container when the source is in."""

    def __init__(self, *, code: int, lines: Sequence[str]) -> None:
        super().__init__()
        self.code, self.lines = code, lines
        self.unpacked: list[str] = []
        self.jobs: list[str] = []

    def list(
        self, api_version: str, kind: str, namespace: str | None = None, labels: str = "", fields: str = ""
    ) -> Any:
        return [self._pod()]

    def create(self, obj: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.jobs.append(obj["metadata"]["name"])
        return super().create(obj)

    def get(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> dict[str, Any]:
        return self._pod()

    def exec(self, namespace: str, pod: str, command: Sequence[str], *, container: str, stdin: bytes) -> ExecResult:
        with tarfile.open(fileobj=io.BytesIO(stdin)) as tar:
            self.unpacked = sorted(tar.getnames())
        return ExecResult(0, b"", b"")

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[str]:
        return iter(self.lines)

    def _pod(self) -> dict[str, Any]:
        done = {"terminated": {"exitCode": self.code}}
        status = {
            "initContainerStatuses": [{"name": "source", "state": {"running": {}}}],
            "containerStatuses": [{"name": "build", "state": done if self.unpacked else {"waiting": {}}}],
        }
        return {"metadata": {"name": "build-web-1-x"}, "status": status}


@pytest.fixture
def request_(tmp_path: Path) -> BuildRequest:
    source = tmp_path / "source"
    source.mkdir()
    (source / "app.py").touch()
    recipe = Recipe(language="buildpacks", because="x", dockerfile="")
    return BuildRequest(app="web", context=source, recipe=recipe, repository="127.0.0.1:30500/apps/default/dev/web")


def builder(kube: Any, image: str = "registry.example.com/builder:1") -> Buildpacks:
    return Buildpacks(kube=kube, namespace="mf-default-dev", builder_image=image, registry="127.0.0.1:30500")


def test_the_source_is_sent_the_log_told_and_the_job_removed(
    request_: BuildRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    kube = BuildingKube(code=0, lines=["===> BUILDING", "===> EXPORTING"])
    said: list[str] = []
    monkeypatch.setattr(Registry, "digest", lambda self, repository, tag: f"sha256:{repository}")
    with_packs = builder(kube)
    image = with_packs.build(request_, said.append)
    assert kube.unpacked == [".", "./app.py"]
    assert said == ["===> BUILDING", "===> EXPORTING"]
    assert ("delete", "Job", kube.jobs[0]) in kube.calls
    reference = with_packs.upload(image, request_, said.append)
    assert reference == "127.0.0.1:30500/apps/default/dev/web@sha256:apps/default/dev/web"


def test_a_failed_build_says_why_and_leaves_no_job(request_: BuildRequest) -> None:
    kube = BuildingKube(code=51, lines=["===> DETECTING", "ERROR: No buildpack groups passed detection."])
    with pytest.raises(BuildFailed, match=r"the build of web failed: No buildpack groups passed detection\."):
        builder(kube).build(request_, lambda _: None)
    assert ("delete", "Job", kube.jobs[0]) in kube.calls


def test_an_image_that_never_arrived_is_noticed(request_: BuildRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registry, "digest", lambda self, repository, tag: "")
    with pytest.raises(UploadFailed, match="has no image of it"):
        builder(BuildingKube(code=0, lines=[])).upload("x", request_, lambda _: None)


def test_a_platform_without_a_builder_image_says_how_to_name_one() -> None:
    with pytest.raises(BuilderMissing, match="names no buildpacks builder image") as caught:
        builder(FakeKube(), "").check()
    assert "builderImage" in caught.value.hint
