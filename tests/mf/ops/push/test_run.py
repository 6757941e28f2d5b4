"""The whole push against a cluster in memory: what is built, deployed, left alone and put back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.app_spec import AppSpec
from mf.errors import DeployFailed, Missing, Refused
from mf.ops import app_stack
from mf.ops.build.builder import BuildRequest, Say
from mf.ops.build.registry import Registry
from mf.ops.manifest import AppManifest
from mf.ops.push import answer
from mf.ops.push.errors import PushFailed
from mf.ops.push.run import push
from mf.ops.push.wish import PushOptions
from tests.mf import samples

REFERENCE = "127.0.0.1:30500/apps/default/dev/web@sha256:built"


class FakeBuilder:
    """Notes what it was asked to build."""

    name = "fake"

    def __init__(self) -> None:
        self.requests: list[BuildRequest] = []

    def check(self) -> None:
        """Always there."""

    def build(self, request: BuildRequest, say: Say) -> str:
        self.requests.append(request)
        say("building")
        return "id"

    def upload(self, image: str, request: BuildRequest, say: Say) -> str:
        return REFERENCE


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gateway and registry answer."""
    monkeypatch.setattr(answer, "ask", lambda settings, route: answer.Answer(True, 200, "HTTP 200"))
    monkeypatch.setattr(Registry, "digest", lambda self, repository, tag: "sha256:x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "app"
    made.mkdir()
    (made / "index.html").write_text("hello")
    return made


def options(folder: Path, **flags: Any) -> PushOptions:
    return PushOptions(name="web", folder=folder, flags=AppManifest(**flags), answer_seconds=0.1)


def deployed(spec: AppSpec, **more: Any) -> dict[str, Any]:
    made = samples.app(spec.name, **more)
    made["metadata"]["annotations"]["microfoundry.dev/spec"] = spec.to_json()
    return made


def test_a_folder_becomes_an_image_and_the_image_an_app(folder: Path, recorder: Any) -> None:
    session, builder = samples.session_with(), FakeBuilder()
    pushed = push(session, options(folder), builder=builder)
    (spec,) = recorder.specs
    assert (spec.image, spec.language) == (REFERENCE, "static")
    assert (pushed.changed, pushed.built, pushed.urls) == (True, True, ("http://web.dev.apps.localhost",))
    assert builder.requests[0].repository == "127.0.0.1:30500/apps/default/dev/web"
    assert list(pushed.phases) == ["detect", "build", "upload", "deploy", "answer"]


def test_the_same_source_again_builds_and_deploys_nothing(folder: Path, recorder: Any) -> None:
    push(samples.session_with(), options(folder), builder=FakeBuilder())
    builder, session = FakeBuilder(), samples.session_with(deployed(recorder.specs.pop()))
    again = push(session, options(folder), builder=builder)
    assert (again.changed, again.built, recorder.specs, builder.requests) == (False, False, [], [])


def test_another_size_is_deployed_without_a_build(folder: Path, recorder: Any) -> None:
    push(samples.session_with(), options(folder), builder=FakeBuilder())
    builder, session = FakeBuilder(), samples.session_with(deployed(recorder.specs.pop()))
    again = push(session, options(folder, memory="1G"), builder=builder)
    assert (again.changed, again.built, builder.requests) == (True, False, [])
    assert recorder.specs[0].memory == "1Gi"


def test_an_interrupted_roll_out_is_taken_up_again_without_a_build(folder: Path, recorder: Any) -> None:
    push(samples.session_with(), options(folder), builder=FakeBuilder())
    spec = recorder.specs.pop()
    session = samples.session_with(deployed(spec, ready=0, status={"updatedReplicas": 0}))
    again = push(session, options(folder), builder=FakeBuilder())
    assert (again.changed, again.built, recorder.specs) == (True, False, [spec])


def test_an_image_is_deployed_by_its_digest_and_nothing_is_read(tmp_path: Path, recorder: Any) -> None:
    flags = options(tmp_path / "nowhere", image="127.0.0.1:30500/team/web:1")
    pushed = push(samples.session_with(), flags)
    assert pushed.image == "127.0.0.1:30500/team/web@sha256:x"
    assert recorder.specs[0].language == "image"


def test_a_failed_version_gives_way_to_the_one_before(
    folder: Path, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = samples.spec("web")
    tried: list[AppSpec] = []

    def deploy(session: Any, spec: AppSpec, **_: Any) -> None:
        tried.append(spec)
        if spec != old:
            raise DeployFailed("Deployment web: not ready", reasons=["pod web-1: crashed"])

    monkeypatch.setattr(app_stack, "deploy", deploy)
    with pytest.raises(PushFailed) as caught:
        push(samples.session_with(deployed(old)), options(folder), builder=FakeBuilder())
    assert [spec.image for spec in tried] == [REFERENCE, old.image]
    assert caught.value.message == "Deployment web: not ready"
    assert "the version before keeps serving" in caught.value.hint


def test_a_first_version_that_fails_is_stopped(folder: Path, recorder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[AppSpec] = []

    def deploy(session: Any, spec: AppSpec, **_: Any) -> None:
        tried.append(spec)
        if spec.instances:
            raise DeployFailed("not ready")

    monkeypatch.setattr(app_stack, "deploy", deploy)
    with pytest.raises(PushFailed, match="not ready"):
        push(samples.session_with(), options(folder), builder=FakeBuilder())
    assert [spec.instances for spec in tried] == [1, 0]


def test_a_route_of_another_app_is_not_taken_away(folder: Path, recorder: Any) -> None:
    session = samples.session_with(samples.route("shop", "blue.dev.apps.localhost/"))
    builder = FakeBuilder()
    with pytest.raises(Refused, match="goes to app shop already"):
        push(session, options(folder, routes=("blue",)), builder=builder)
    assert (recorder.specs, builder.requests) == ([], [])


def test_a_service_that_is_not_there_is_said_before_anything_is_built(folder: Path, recorder: Any) -> None:
    builder = FakeBuilder()
    with pytest.raises(Missing, match="no service named 'nosuch' in space default/dev; there is: my-db"):
        push(samples.session_with(samples.instance("my-db")), options(folder, services=("nosuch",)), builder=builder)
    assert (recorder.done, builder.requests) == ([], [])


def test_an_app_that_runs_but_is_not_reached_ends_with_the_reason(
    folder: Path, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "ask", lambda settings, route: answer.Answer(False, 404, "HTTP 404 from the gateway"))
    with pytest.raises(PushFailed, match="does not answer after 0s: HTTP 404 from the gateway"):
        push(samples.session_with(), options(folder), builder=FakeBuilder())


def test_environment_is_written_before_the_app_and_counts_as_a_change(folder: Path, recorder: Any) -> None:
    session = samples.session_with()
    push(session, options(folder, env={"GREETING": "hi"}), builder=FakeBuilder())
    assert recorder.specs[0].env_revision != ""
    assert ("create", "Secret", "web-env") in samples.kube_of(session).calls


def test_what_others_change_while_the_lock_is_waited_for_is_kept(
    folder: Path, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = samples.session_with(deployed(samples.spec("web")))
    deploy = recorder.deploy

    def after_a_wait(*args: Any, **given: Any) -> Any:
        samples.kube_of(session)._keep(deployed(samples.spec("web", bindings=("my-db",), instances=2)))
        return deploy(*args, **given)

    monkeypatch.setattr(app_stack, "deploy", after_a_wait)
    push(session, options(folder), builder=FakeBuilder())
    (spec,) = recorder.specs
    assert (spec.image, spec.bindings, spec.instances) == (REFERENCE, ("my-db",), 2)
