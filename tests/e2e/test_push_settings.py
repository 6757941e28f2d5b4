"""What a push takes from manifest and flags reaches the running app."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import EXAMPLES, Platform

pytestmark = pytest.mark.e2e

SHOW = """\
import http.server, json, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())
http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""
Write = Callable[[str], Path]


def test_environment_memory_and_instances_of_the_manifest_are_there(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(SHOW)
    (folder / "mf.yaml").write_text("name: show\nmemory: 96M\ninstances: 2\nenv: {GREETING: from the file, LEVEL: 3}\n")
    platform.mf("push", "-p", str(folder), "-e", "GREETING=from the flag")
    seen = json.loads(platform.get("show")[1])
    assert (seen["GREETING"], seen["LEVEL"], seen["MEMORY_LIMIT"]) == ("from the flag", "3", "96Mi")
    (deployment,) = platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=show")
    assert deployment["status"]["readyReplicas"] == 2


def test_a_push_does_not_undo_what_was_scaled(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(SHOW)
    platform.mf("push", "scaled", "-p", str(folder))
    platform.mf("scale", "scaled", "-i", "2")
    app_folder(f"# changed\n{SHOW}")
    platform.mf("push", "scaled", "-p", str(folder))
    (deployment,) = platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=scaled")
    assert deployment["spec"]["replicas"] == 2


def test_routes_and_start_command_can_be_chosen(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(SHOW)
    platform.mf("push", "routed", "-p", str(folder), "--route", "elsewhere", "-c", "MARK=1 exec python app.py")
    assert platform.get("routed")[0] == 404
    assert json.loads(platform.get("elsewhere")[1])["MARK"] == "1"


def test_a_route_of_another_app_is_refused(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(SHOW)
    platform.mf("push", "owner", "-p", str(folder))
    said = platform.mf("push", "thief", "-p", str(folder), "--route", "owner", ok=False)
    assert said.code == 4
    assert f"owner.{platform.space}.apps.localhost/ goes to app owner already" in said.err


def test_a_worker_runs_without_a_route(platform: Platform, app_folder: Write) -> None:
    folder = app_folder("import time\nprint('at work', flush=True)\ntime.sleep(3600)\n")
    pushed = json.loads(platform.mf("push", "worker", "-p", str(folder), "-u", "process", "--json").out)
    assert pushed["urls"] == []
    assert "at work" in platform.mf("logs", "worker").out


def test_services_of_the_manifest_are_bound_before_the_first_start(platform: Platform, tmp_path: Path) -> None:
    platform.mf("create-service", "postgresql", "small", "book-db")
    folder = tmp_path / "guestbook"
    shutil.copytree(EXAMPLES / "guestbook", folder)
    (folder / "mf.yaml").write_text("name: book\nservices: [book-db]\n")
    platform.mf("push", "-p", str(folder))
    assert platform.get("book", "/entries", data=b"text=hello&author=me")[0] == 200
    assert json.loads(platform.get("book", "/entries")[1])[0]["text"] == "hello"


def test_a_service_that_is_not_there_is_named_before_anything_is_deployed(
    platform: Platform, app_folder: Write
) -> None:
    said = platform.mf("push", "lonely", "-p", str(app_folder(SHOW)), "--service", "nothing", ok=False)
    assert said.code == 3
    assert "'nothing'" in said.err
    assert platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=lonely") == []
