"""Pushes that go wrong: the cause in one line, a non-zero exit, and the old version still serving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Platform

pytestmark = pytest.mark.e2e

SERVER = """\
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"version one")
http.server.ThreadingHTTPServer(("", {port}), Handler).serve_forever()
"""
GOOD = SERVER.format(port='int(os.environ["PORT"])')
Write = Callable[[str], Path]


@pytest.fixture
def serving(platform: Platform, app_folder: Write) -> Path:
    """An app `web` whose version one serves."""
    folder = app_folder(GOOD)
    platform.mf("push", "web", "-p", str(folder))
    return folder


def failed(platform: Platform, *args: str) -> str:
    run = platform.mf("push", "web", *args, ok=False)
    assert run.code != 0, run.said
    assert platform.get("web") == (200, "version one")
    return run.err


def settled(platform: Platform) -> None:
    """One instance of the old version; nothing that crashes for ever."""
    sets = platform.objects("apps/v1", "ReplicaSet", "microfoundry.dev/app=web")
    assert [item["status"].get("readyReplicas", 0) for item in sets if item["spec"]["replicas"]] == [1]


def test_a_crashing_version_ends_with_its_last_words(platform: Platform, serving: Path, app_folder: Write) -> None:
    app_folder('print("about to fall")\nraise RuntimeError("the reason")\n')
    said = failed(platform, "-p", str(serving))
    assert "mf: web crashed with exit code 1: RuntimeError: the reason" in said
    assert "about to fall" in said
    assert "the version before keeps serving" in said
    settled(platform)


def test_a_wrong_port_is_found_and_named(platform: Platform, serving: Path, app_folder: Write) -> None:
    app_folder(SERVER.format(port=3000))
    said = failed(platform, "-p", str(serving))
    assert "mf: web listens on port 3000, not on port 8080" in said
    assert "mf push web --port 3000" in said
    settled(platform)


def test_the_port_that_the_message_names_works(platform: Platform, serving: Path, app_folder: Write) -> None:
    app_folder(SERVER.format(port=3000).replace("one", "two"))
    platform.mf("push", "web", "-p", str(serving), "--port", "3000")
    assert platform.get("web") == (200, "version two")
    app_folder(GOOD)
    platform.mf("push", "web", "-p", str(serving), "--port", "8080")


def test_an_app_on_loopback_only_is_told_so(platform: Platform, serving: Path, app_folder: Write) -> None:
    app_folder(GOOD.replace('("",', '("127.0.0.1",'))
    assert "port 8080 of 127.0.0.1 only" in failed(platform, "-p", str(serving))


@pytest.mark.parametrize("image", ["127.0.0.1:30500/no/such:1", f"127.0.0.1:30500/no/such@sha256:{'0' * 64}"])
def test_an_image_that_does_not_exist_is_one_line(platform: Platform, serving: Path, image: str) -> None:
    (line,) = [line for line in failed(platform, "--image", image).splitlines() if line.startswith("mf: ")]
    assert image in line


def test_a_failing_build_ends_with_its_cause_and_changes_nothing(platform: Platform, serving: Path) -> None:
    (serving / "requirements.txt").write_text("flask==99\n")
    said = failed(platform, "-p", str(serving))
    assert "mf: the build of web failed: Could not find a version that satisfies the requirement flask==99" in said
    settled(platform)


def test_a_first_version_that_crashes_is_stopped_and_can_be_mended(platform: Platform, app_folder: Write) -> None:
    folder = app_folder('raise RuntimeError("never worked")\n')
    run = platform.mf("push", "newborn", "-p", str(folder), ok=False)
    assert run.code != 0
    assert "newborn crashed with exit code 1: RuntimeError: never worked" in run.err
    (deployment,) = platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=newborn")
    assert deployment["spec"]["replicas"] == 0
    app_folder(GOOD)
    platform.mf("push", "newborn", "-p", str(folder))
    assert platform.get("newborn") == (200, "version one")


def test_wrong_words_are_refused_before_anything_is_built(
    platform: Platform, app_folder: Write, tmp_path: Path
) -> None:
    folder = app_folder(GOOD)
    (folder / "mf.yaml").write_text("name: web\nmemroy: 1G\n")
    assert "mf.yaml line 2: unknown key 'memroy'" in platform.mf("push", "-p", str(folder), ok=False).err
    (folder / "mf.yaml").unlink()
    assert "can't be the name of an app" in platform.mf("push", "Not_A_Label", "-p", str(folder), ok=False).err
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/notes.txt").touch()
    said = platform.mf("push", "web", "-p", str(tmp_path / "empty"), ok=False).err
    assert "can't tell how to build this; looked for: Dockerfile" in said
