"""Service commands that are killed at any moment are finished by the same command; a broken service can be removed."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from engine.kube.client import Kube
from tests.e2e.conftest import Platform, stop, until

pytestmark = pytest.mark.e2e

ALL = (("v1", "Secret"), ("v1", "Service"), ("v1", "PersistentVolumeClaim"), ("apps/v1", "StatefulSet"))
OF_DB = "microfoundry.dev/instance=db"


@pytest.fixture(scope="module")
def web(platform: Platform, teller: Path) -> Platform:
    """The app `web`, which tells its environment."""
    platform.mf("push", "web", "-p", str(teller))
    return platform


def kill_after(platform: Platform, seconds: float, *words: str) -> None:
    """Start a command, and kill it after so long unless it has ended."""
    process = platform.start(*words)
    try:
        process.wait(timeout=seconds)
        process.communicate()
    except subprocess.TimeoutExpired:
        stop(process, signal.SIGKILL)


def connects(platform: Platform) -> bool:
    """Whether the app's own credentials open a session of the database."""
    url = platform.get("web", "/env/DATABASE_URL")[1]
    line = 'PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"; read -r url; exec psql "$url" -Atc "select 1"'
    kube = Kube.load(platform.kubeconfig)
    try:
        done = kube.exec(platform.namespace, "db-0", ["/bin/sh", "-c", line], stdin=f"{url}\n".encode())
    finally:
        kube.close()
    return (done.code, done.stdout) == (0, b"1\n")


def test_making_and_deleting_a_service_are_finished_by_the_same_commands(web: Platform) -> None:
    kill_after(web, 1.5, "create-service", "postgresql", "small", "first")
    web.mf("create-service", "postgresql", "small", "first")
    assert json.loads(web.mf("service", "first", "--json").out)["state"] == "ready"
    kill_after(web, 0.9, "delete-service", "first", "-f")
    left = web.mf("delete-service", "first", "-f", ok=False)
    assert left.code == 0 or "no service named 'first'" in left.err
    for api, kind in ALL:
        assert web.objects(api, kind, "microfoundry.dev/instance=first") == [], kind
    assert web.objects("v1", "Secret", "pulumi.com/stack=first") == []


@pytest.fixture(scope="module")
def db(web: Platform) -> Platform:
    """The same with a database `db`."""
    web.mf("create-service", "postgresql", "small", "db")
    return web


@pytest.mark.parametrize("seconds", [0.6, 1.2])
def test_binding_and_unbinding_are_finished_by_the_same_commands(db: Platform, seconds: float) -> None:
    kill_after(db, seconds, "bind-service", "web", "db")
    db.mf("bind-service", "web", "db")
    until(lambda: connects(db), seconds=20)
    kill_after(db, seconds, "unbind-service", "web", "db")
    left = db.mf("unbind-service", "web", "db", ok=False)
    assert left.code == 0 or "app web is not bound to db" in left.err
    until(lambda: db.get("web", "/env/DATABASE_URL") == (200, ""), seconds=20)
    assert db.objects("v1", "Secret", "pulumi.com/project=binding") == []


def test_deleting_an_app_is_finished_by_the_same_command(db: Platform, teller: Path) -> None:
    db.mf("bind-service", "web", "db")
    db.mf("set-env", "web", "LEFT=over")
    kill_after(db, 1.0, "delete", "web", "-f")
    time.sleep(1)
    db.mf("delete", "web", "-f")
    assert json.loads(db.mf("service", "db", "--json").out)["apps"] == []
    assert db.objects("v1", "Secret", "microfoundry.dev/app=web") == []
    db.mf("push", "web", "-p", str(teller))
    assert db.get("web", "/env/LEFT") == (200, "")


def test_a_service_that_is_broken_can_be_removed_by_force(db: Platform) -> None:
    db.mf("bind-service", "web", "db")
    kube = Kube.load(db.kubeconfig)
    kube.patch("apps/v1", "StatefulSet", "db", {"spec": {"replicas": 0}}, namespace=db.namespace)
    kube.close()
    until(lambda: db.objects("v1", "Pod", OF_DB) == [], seconds=30)
    db.mf("delete-service", "db", "--force", "-f")
    for api, kind in ALL:
        until(lambda api=api, kind=kind: db.objects(api, kind, OF_DB) == [], seconds=30)  # type: ignore[misc] # bound now
    assert db.get("web", "/env/DATABASE_URL") == (200, "")
