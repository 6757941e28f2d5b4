"""A database's whole life with two real apps: ordered, bound, written through the gateway, unbound, deleted."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from engine.kube.client import Kube
from tests.e2e.conftest import EXAMPLES, Platform, until

pytestmark = pytest.mark.e2e

INSTANCE = "microfoundry.dev/instance=book-db"
LOGIN = (
    "import sys, psycopg; print(psycopg.connect(sys.stdin.read(), connect_timeout=5).execute('select 1').fetchone()[0])"
)
KINDS = (
    ("v1", "Secret"),
    ("v1", "Service"),
    ("v1", "PersistentVolumeClaim"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "Deployment"),
)


@pytest.fixture(scope="module")
def kube(platform: Platform) -> Iterator[Kube]:
    client = Kube.load(platform.kubeconfig)
    yield client
    client.close()


@pytest.fixture(scope="module")
def book(platform: Platform) -> Platform:
    """The apps `book` and `reader`, both bound to the database `book-db`, which has one entry."""
    steps = [
        platform.start("push", "book", "-p", str(EXAMPLES / "guestbook")),
        platform.start("create-service", "postgresql", "small", "book-db"),
    ]
    for step in steps:
        said, _ = step.communicate(timeout=300)
        assert step.returncode == 0, said
    platform.mf("bind-service", "book", "book-db")
    image = json.loads(platform.mf("app", "book", "--json").out)["image"]
    platform.mf("push", "reader", "--image", image, "--service", "book-db")
    write(platform, "book", "the first entry")
    return platform


def write(platform: Platform, app: str, text: str) -> None:
    """One entry, as a browser's form posts it."""
    status, said = platform.get(app, "/entries", data=f"author=me&text={text.replace(' ', '+')}".encode())
    assert status == 200, said
    assert text in texts(platform, app)


def texts(platform: Platform, app: str) -> list[str]:
    status, body = platform.get(app, "/entries")
    assert status == 200, body
    return [entry["text"] for entry in json.loads(body)]


def seen_inside(platform: Platform, app: str) -> dict[str, str]:
    """The environment of a process in the app's container."""
    said = platform.mf("exec", app, "--", "env", "-0").out
    return dict(pair.split("=", 1) for pair in said.split("\0") if pair)


def credentials(platform: Platform, app: str) -> dict[str, Any]:
    services = json.loads(seen_inside(platform, app)["VCAP_SERVICES"])
    (service,) = services["postgresql"]
    found: dict[str, Any] = service["credentials"]
    return found


def content(platform: Platform) -> set[tuple[str, str, str]]:
    """All that the space holds, down to revisions of what only `mf` writes."""
    found = set()
    for api, kind in KINDS:
        for item in platform.objects(api, kind, ""):
            meta = item["metadata"]
            mark = meta["resourceVersion"] if kind == "Secret" else str(meta.get("generation", ""))
            found.add((kind, meta["name"], mark))
    return found


def test_the_marketplace_lists_the_service_with_its_plans(platform: Platform) -> None:
    line = next(row for row in platform.mf("marketplace").out.splitlines() if row.startswith("postgresql"))
    assert "small, medium, large" in line


def test_an_instance_and_who_is_bound_to_it_are_shown(book: Platform) -> None:
    (shown,) = json.loads(book.mf("services", "--json").out)
    assert (shown["name"], shown["service"], shown["plan"], shown["state"]) == (
        "book-db",
        "postgresql",
        "small",
        "ready",
    )
    assert shown["apps"] == ["book", "reader"]
    assert "book, reader" in book.mf("service", "book-db").out


def test_credentials_are_seen_inside_the_container_as_variables(book: Platform) -> None:
    inside = seen_inside(book, "book")
    (service,) = json.loads(inside["VCAP_SERVICES"])["postgresql"]
    assert (service["name"], service["plan"], service["label"]) == ("book-db", "small", "postgresql")
    assert service["credentials"]["uri"] == inside["DATABASE_URL"]
    address = urlsplit(inside["DATABASE_URL"])
    assert (address.username, address.password) == (
        service["credentials"]["username"],
        service["credentials"]["password"],
    )
    application = json.loads(inside["VCAP_APPLICATION"])
    assert (application["name"], application["space_name"]) == ("book", book.space)


def test_credentials_are_seen_inside_the_container_as_files(book: Platform) -> None:
    listing = 'cd "$SERVICE_BINDING_ROOT/book-db" && for f in *; do printf "%s=" "$f"; cat "$f"; echo; done'
    said = book.mf("exec", "book", "--", "sh", "-c", listing).out
    files = dict(line.split("=", 1) for line in said.splitlines() if line)
    given = credentials(book, "book")
    assert files["type"] == "postgresql"
    assert {key: files[key] for key in ("host", "username", "password", "uri")} == {
        key: given[key] for key in ("host", "username", "password", "uri")
    }


def test_two_apps_of_one_instance_have_different_roles_and_the_same_data(book: Platform) -> None:
    mine, other = credentials(book, "book"), credentials(book, "reader")
    assert mine["username"] != other["username"] and mine["password"] != other["password"]
    write(book, "reader", "from the other app")
    assert texts(book, "book") == ["from the other app", "the first entry"]


def test_no_password_is_readable_in_the_state(book: Platform) -> None:
    passwords = [credentials(book, app)["password"] for app in ("book", "reader")]
    states = book.objects("v1", "Secret", "pulumi.com/stack")
    assert len(states) >= 5  # two apps, one service, two bindings
    for state in states:
        for raw in map(base64.b64decode, state["data"].values()):
            text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode(errors="replace")
            assert not [word for word in passwords if word in text], state["metadata"]["name"]


def test_a_new_route_leaves_the_instances_of_a_bound_app_alone(book: Platform) -> None:
    before = staying(book)
    book.mf("map-route", "book", "other-name")
    book.mf("unmap-route", "book", "other-name")
    assert staying(book) == before


def staying(platform: Platform) -> set[str]:
    """The app's instances that are not on their way out."""
    pods = [item["metadata"] for item in platform.objects("v1", "Pod", "microfoundry.dev/app=book")]
    return {pod["uid"] for pod in pods if not pod.get("deletionTimestamp")}


def test_entries_survive_the_pods_of_app_and_database(book: Platform) -> None:
    kill = [str(Path(sys.executable).with_name("mf-kube")), "delete-pods", book.namespace]
    before = texts(book, "book")
    for selector in ("microfoundry.dev/app=book", INSTANCE):
        done = subprocess.run([*kill, selector], env=book.env(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and done.stdout.startswith("Pod "), done.stderr
    until(lambda: book.get("book", "/entries")[0] == 200)
    assert texts(book, "book") == before


def test_what_is_there_already_is_said_and_left_alone(book: Platform) -> None:
    before = content(book)
    assert "is there already, nothing to do" in book.mf("create-service", "postgresql", "small", "book-db").out
    assert "is bound to book-db already, nothing to do" in book.mf("bind-service", "book", "book-db").out
    said = book.refused("create-service", "postgresql", "medium", "book-db")
    assert "book-db exists already in this space: postgresql small" in said
    assert content(book) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create-service", "oracle", "small", "x"), "postgresql"),
        (("create-service", "postgresql", "huge", "x"), "choose one of: small, medium, large"),
        (("create-service", "postgresql", "small", "Not_A_Label"), "Not_A_Label"),
        (("create-service", "postgresql", "small", "x", "-c", "{"), "-c is no JSON"),
        (("create-service", "postgresql", "small", "x", "-c", '{"colour": "red"}'), "colour"),
        (("create-service", "postgresql", "small", "x", "--on", "moon"), "moon"),
        (("bind-service", "book", "no-db"), "no service named 'no-db'"),
        (("bind-service", "no-app", "book-db"), "no app named 'no-app'"),
        (("unbind-service", "book", "no-db"), "no service named 'no-db'"),
        (("unbind-service", "no-app", "book-db"), "no app named 'no-app'"),
        (("delete-service", "no-db", "-f"), "no service named 'no-db'"),
        (("service", "no-db"), "no service named 'no-db'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_exist_is_one_line_and_changes_nothing(book: Platform, words: tuple[str, ...], said: str) -> None:
    before = content(book)
    assert said in book.refused(*words)
    assert content(book) == before


def test_an_instance_that_apps_use_is_not_deleted(book: Platform) -> None:
    before = content(book)
    assert "bound to book, reader" in book.refused("delete-service", "book-db", "-f")
    assert content(book) == before


def test_unbinding_shuts_the_role_out_and_keeps_the_data(book: Platform) -> None:
    old = credentials(book, "reader")["uri"]
    assert book.mf("exec", "book", "--", "python", "-c", LOGIN, stdin=old).out == "1\n"
    before = texts(book, "book")
    book.mf("unbind-service", "reader", "book-db")
    refused = book.mf("exec", "book", "--", "python", "-c", LOGIN, stdin=old, ok=False)
    assert refused.code != 0 and "password authentication failed" in refused.err
    assert seen_inside(book, "reader")["VCAP_SERVICES"] == "{}"
    assert book.get("reader", "/entries")[0] == 503
    assert texts(book, "book") == before
    assert "app reader is not bound to book-db" in book.refused("unbind-service", "reader", "book-db")


def test_binding_again_gives_a_new_role_to_the_same_data(book: Platform) -> None:
    before = texts(book, "book")
    book.mf("bind-service", "reader", "book-db")
    assert texts(book, "reader") == before
    write(book, "reader", "written with a new role")


def test_deleting_the_last_binding_and_the_instance_leaves_nothing(book: Platform, kube: Kube) -> None:
    book.mf("delete", "reader", "-f")
    book.mf("unbind-service", "book", "book-db")
    book.mf("delete-service", "book-db", "-f")
    assert json.loads(book.mf("services", "--json").out) == []
    for api, kind in (*KINDS, ("v1", "Pod")):
        until(partial(no_objects, book, api, kind))
    stacks = {
        item["metadata"]["labels"]["pulumi.com/stack"] for item in book.objects("v1", "Secret", "pulumi.com/stack")
    }
    assert stacks == {"book"}
    until(lambda: book.namespace not in volumes_of(kube))
    assert book.refused("delete-service", "book-db", "-f").startswith("no service named 'book-db'")


def no_objects(platform: Platform, api: str, kind: str) -> bool:
    return not platform.objects(api, kind, INSTANCE)


def volumes_of(kube: Kube) -> list[str]:
    """The namespaces of all volumes."""
    return [item["spec"]["claimRef"]["namespace"] for item in kube.list("v1", "PersistentVolume")]
