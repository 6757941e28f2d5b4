"""A database on the real cluster: made, bound, written, restarted, unbound and deleted; nothing of it is pretended."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from engine.kube.client import Kube
from engine.kube.stream import ExecResult
from tests.e2e.conftest import Platform

pytestmark = pytest.mark.e2e

APP = """\
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get(self.path[1:], "").encode())
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def kube(platform: Platform) -> Iterator[Kube]:
    client = Kube.load(platform.kubeconfig)
    yield client
    client.close()


@pytest.fixture(scope="module")
def bound(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """An app `web` that tells its environment, bound to a database `my-db`."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "app.py").write_text(APP)
    platform.mf("push", "web", "-p", str(folder))
    platform.mf("create-service", "postgresql", "small", "my-db")
    platform.mf("bind-service", "web", "my-db")
    return platform


@pytest.fixture
def sql(kube: Kube, platform: Platform) -> Callable[..., ExecResult]:
    """Runs SQL in the database's pod, over the network as somebody or locally as the administrator."""

    def run(text: str, *, user: str = "postgres", password: str = "") -> ExecResult:
        where = "-h 127.0.0.1" if password else ""
        line = f'PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"; exec psql {where} -U {user} -d my_db -Atc "$0"'
        words = ["/usr/bin/env", f"PGPASSWORD={password}", "/bin/sh", "-c", line, text]
        return kube.exec(platform.namespace, "my-db-0", words)

    return run


def credentials(kube: Kube, platform: Platform) -> dict[str, str]:
    data = kube.get("v1", "Secret", "web-my-db-binding", namespace=platform.namespace)["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def test_the_app_is_told_its_credentials(bound: Platform, kube: Kube) -> None:
    given = credentials(kube, bound)
    services = json.loads(bound.get("web", "/VCAP_SERVICES")[1])
    assert services["postgresql"][0]["credentials"]["password"] == given["password"]
    assert bound.get("web", "/DATABASE_URL")[1] == given["uri"]


def test_the_role_is_the_bindings_own_and_may_do_no_more_than_it_needs(bound: Platform, kube: Kube, sql) -> None:
    given = credentials(kube, bound)
    mine = {"user": given["username"], "password": given["password"]}
    assert sql("create table if not exists kept (x int); insert into kept values (1)", **mine).code == 0
    assert sql("create role other", **mine).code != 0
    assert b"permission denied" in sql("select pg_read_file('/etc/passwd')", **mine).stderr


def test_data_survives_the_pod(bound: Platform, kube: Kube, sql) -> None:
    before = sql("select count(*) from kept").stdout
    uid = kube.get("v1", "Pod", "my-db-0", namespace=bound.namespace)["metadata"]["uid"]
    kube.delete("v1", "Pod", "my-db-0", namespace=bound.namespace)
    _until(lambda: _is_new_and_ready(kube, bound, uid))
    assert sql("select count(*) from kept").stdout == before


def test_restarting_loses_no_request(bound: Platform) -> None:
    failures: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            status, _ = bound.get("web", "/PORT")
            if status != 200:
                failures.append(status)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    bound.mf("restart", "web")
    time.sleep(8)
    done.set()
    for asker in askers:
        asker.join()
    assert failures == []


def test_unbinding_revokes_the_role_and_keeps_the_data(bound: Platform, kube: Kube, sql) -> None:
    given = credentials(kube, bound)
    bound.mf("unbind-service", "web", "my-db")
    assert sql("select 1", user=given["username"], password=given["password"]).code != 0
    assert sql("select rolname from pg_roles where rolname like 'web_%'").stdout == b""
    assert sql("select tableowner from pg_tables where tablename = 'kept'").stdout == b"my_db_owner\n"
    assert bound.get("web", "/DATABASE_URL")[1] == ""


def test_binding_again_gives_new_credentials_to_the_same_data(bound: Platform, kube: Kube, sql) -> None:
    bound.mf("bind-service", "web", "my-db")
    given = credentials(kube, bound)
    counted = sql("select count(*) from kept", user=given["username"], password=given["password"])
    assert (counted.code, counted.stdout) == (0, b"1\n")


def test_deleting_leaves_nothing(bound: Platform) -> None:
    refused = bound.mf("delete-service", "my-db", "-f", ok=False)
    assert refused.code != 0 and "web" in refused.err
    bound.mf("unbind-service", "web", "my-db")
    bound.mf("delete-service", "my-db", "-f")
    for kind in ("Secret", "Service", "PersistentVolumeClaim"):
        _until(partial(_is_gone, bound, kind))


def _is_gone(platform: Platform, kind: str) -> bool:
    return not platform.objects("v1", kind, "microfoundry.dev/instance=my-db")


def _is_new_and_ready(kube: Kube, platform: Platform, old_uid: str) -> bool:
    pod = kube.find("v1", "Pod", "my-db-0", namespace=platform.namespace)
    if pod is None or pod["metadata"]["uid"] == old_uid:
        return False
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))


def _until(check: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.5)
