"""States in buckets: the same layout and rules as in a folder, over servers that speak each store's protocol."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from engine.backend.api import LockWish
from engine.backend.choose import open_backend
from engine.backend.diy import DiyBackend
from engine.backend.holder import Holder
from engine.deploy.api import StackId
from engine.errors import StackExists, StackLocked, StackNotFound, StateError
from tests.engine.backend.stand_ins import AZURE_KEY, free_port, program, running

ROOT = Path(__file__).parents[3]
STACK = StackId(project="shop", name="dev")
CHECKPOINT = '{"version": 3, "checkpoint": {"stack": "organization/shop/dev"}}'


def _s3(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    port = free_port()
    environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "word", "AWS_REGION": "eu-west-1"}
    server = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    with running(*server, port=port, folder=folder):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/states",
            method="PUT",
            data=b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
        )
        urllib.request.urlopen(request).close()
        yield f"s3://states/team/a?endpoint=127.0.0.1:{port}&disableSSL=true&s3ForcePathStyle=true", environment


def _gs(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    port = free_port()
    server = (sys.executable, "-m", "tests.engine.backend.xml_api", str(port))
    with running(*server, port=port, folder=folder, env={"PYTHONPATH": str(ROOT)}):
        headers = {"Authorization": "Bearer x"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/states", method="PUT", headers=headers)
        urllib.request.urlopen(request).close()
        yield "gs://states/team/a", {"STORAGE_EMULATOR_HOST": f"127.0.0.1:{port}"}


def _azblob(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    server, port = program("azurite-blob", "MF_AZURITE_BLOB", "npm install -g azurite"), free_port()
    host = f"127.0.0.1:{port}"
    arguments = ("--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder), "--silent")
    environment = {"AZURE_STORAGE_ACCOUNT": "devstoreaccount1", "AZURE_STORAGE_KEY": AZURE_KEY}
    with running(server, *arguments, "--skipApiVersionCheck", "--disableTelemetry", port=port, folder=folder):
        _make_container(host)
        yield f"azblob://states/team/a?localemu=true&protocol=http&domain={host}", environment


def _make_container(host: str) -> None:
    """Signed by hand: obstore makes no containers."""
    import base64
    import hashlib
    import hmac
    from datetime import UTC, datetime

    date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    path, version = "/devstoreaccount1/states", "2021-08-06"
    resource = f"/devstoreaccount1{path}\nrestype:container"
    text = f"PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{version}\n{resource}"
    digest = hmac.new(base64.b64decode(AZURE_KEY), text.encode(), hashlib.sha256).digest()
    headers = {
        "x-ms-date": date,
        "x-ms-version": version,
        "Authorization": f"SharedKey devstoreaccount1:{base64.b64encode(digest).decode()}",
    }
    request = urllib.request.Request(f"http://{host}{path}?restype=container", method="PUT", headers=headers)
    urllib.request.urlopen(request).close()


@pytest.fixture(scope="module", params=[_s3, _gs, _azblob], ids=["s3", "gs", "azblob"])
def place(request, tmp_path_factory):
    yield from request.param(tmp_path_factory.mktemp("store"))


def _open(url: str, environment: dict[str, str]) -> DiyBackend:
    backend = open_backend(url, environment, Path())
    assert isinstance(backend, DiyBackend)
    return backend


@pytest.fixture
def backend(place) -> Iterator[DiyBackend]:
    url, environment = place
    backend = _open(url, environment)
    yield backend
    for item in backend.stacks():
        backend.break_lock(item.stack)
        backend.remove(item.stack, backups=True)


def test_a_stack_lives_through_all_that_happens_to_one(backend):
    assert backend.stacks() == []
    backend.create(STACK, CHECKPOINT)
    with pytest.raises(StackExists):
        backend.create(STACK, CHECKPOINT)
    with pytest.raises(StackNotFound):
        backend.read(replace(STACK, name="qa"))
    backend.write(STACK, CHECKPOINT + " ")
    backend.conclude(STACK, CHECKPOINT + "  ", {"number": 1})
    backend.conclude(STACK, None, {"number": 2})
    backend.set_tags(STACK, {"a": "b"})
    assert backend.read(STACK) == CHECKPOINT + "  "
    new = replace(STACK, name="prod-2")
    backend.rename(STACK, new, CHECKPOINT)
    assert [entry["number"] for entry in backend.history(new)] == [2, 1]
    assert backend.tags(new) == {"a": "b"}
    assert [(item.stack, item.resources, item.locked) for item in backend.stacks("shop")] == [(new, 0, False)]
    backend.remove(new)
    assert backend.stacks() == []


def test_a_large_state_comes_back(backend):
    text = json.dumps({"version": 3, "checkpoint": {"x": "ü" * 6_000_000}}, ensure_ascii=False)
    backend.create(STACK, text)
    assert backend.read(STACK) == text


def test_a_live_process_keeps_others_out_and_one_that_is_gone_does_not(backend, place):
    backend.create(STACK, CHECKPOINT)
    url, environment = place
    other = _open(url, environment)
    with backend.lock(STACK, LockWish()):
        with pytest.raises(StackLocked, match=r"currently locked by 1 lock\(s\)"), other.lock(STACK, LockWish()):
            pass
        assert other.stacks()[0].locked
    said: list[str] = []
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    holder = replace(Holder.me(), pid=dead.pid)
    other._blobs.put(".pulumi/locks/organization/shop/dev/x.json", json.dumps(holder.tree()).encode())
    with backend.lock(STACK, LockWish(say=said.append)):
        pass
    assert "took over the lock" in said[0]


def test_no_two_of_many_hold_the_lock_at_once(place, backend):
    url, environment = place
    backend.create(STACK, CHECKPOINT)
    inside: list[int] = []
    outside: list[int] = []

    def attempt(number: int) -> None:
        try:
            with _open(url, environment).lock(STACK, LockWish()):
                inside.append(number)
                assert len(inside) - len(outside) == 1
                outside.append(number)
        except StackLocked:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, range(8)))


def test_compressed_states_are_objects_of_another_name(place, backend):
    url, environment = place
    packed = open_backend(url, {**environment, "PULUMI_DIY_BACKEND_ZSTD": "1"}, Path())
    packed.create(STACK, CHECKPOINT)
    backend.write(STACK, CHECKPOINT + " ")
    assert packed.read(STACK) == CHECKPOINT + " "
    keys = {blob.key for blob in backend._blobs.list(".pulumi/stacks/shop/") if "/dev.json" in blob.key}
    assert keys == {".pulumi/stacks/shop/dev.json.zst", ".pulumi/stacks/shop/dev.json.zst.bak"}


def test_a_store_that_is_not_there_is_one_clear_error(place):
    url, environment = place
    lost = url.replace("://states", "://lost")
    with pytest.raises(StateError) as told:
        open_backend(lost, environment, Path()).create(STACK, CHECKPOINT)
    assert "\n" not in told.value.message
    assert "lost/team/a" in told.value.message
