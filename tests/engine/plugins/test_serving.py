"""A Python provider behind gRPC and the client before it: what goes in on one side comes out on the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from engine.errors import InitFailed, ProviderError
from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffKind,
    DiffReply,
    DiffRequest,
    Info,
    InvokeRequest,
    PropertyDiff,
    Provider,
    ProviderFactory,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import UNKNOWN, Archive, Asset, ResourceRef, Secret
from engine.wire.plugin.client import Greeting, PluginClient
from engine.wire.plugin.connection import Connection
from engine.wire.plugin.serving import ProviderServicer
from providers.kubernetes import KubernetesProvider
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.providers.conftest import RecordingHost

URN = "urn:pulumi:dev::demo::cloud:index:Thing::thing"
WHICH: dict[str, Any] = {"urn": URN, "type": "cloud:index:Thing", "name": "thing"}
FILE = Asset(path="a.txt", hash="a" * 64)
FILES = Archive(assets={"a.txt": FILE, "b.txt": Asset(text="b", hash="b" * 64)}, hash="c" * 64)
VALUES: dict[str, Any] = {
    "null": None,
    "truth": True,
    "number": 3,
    "fraction": 0.5,
    "text": "x",
    "list": [1, "a", None, {}],
    "map": {"deep": {"secret": Secret({"a": [1]})}},
    "file": FILE,
    "files": FILES,
    "other": ResourceRef(urn=URN, id="id", package_version="1.0.0"),
    "component": ResourceRef(urn=URN),
}
BARE = {**VALUES, "file": Asset(hash="a" * 64), "files": Archive(hash="c" * 64)}


@contextmanager
def served(factory: ProviderFactory, name: str = "cloud") -> Iterator[PluginClient]:
    """A client of the provider behind a server."""
    pool = ThreadPoolExecutor(4)
    server = grpc.server(pool)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderServicer(factory), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    connection = Connection(f"127.0.0.1:{port}", "plugin", str, patience=30)
    client = PluginClient(connection, Greeting(package=name, engine="", where="here"))
    try:
        yield client
    finally:
        client.close()
        server.stop(None).wait()
        pool.shutdown()


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(info=Info(name="cloud", version="1.0.0", accept_resources=True))


@pytest.fixture
def client(cloud: Cloud) -> Iterator[PluginClient]:
    with served(lambda host: CloudProvider(cloud, host)) as made:
        yield made


def test_it_is_introduced(client: PluginClient, cloud: Cloud) -> None:
    assert client.info == cloud.info
    client.cancel()
    assert cloud.cancelled.is_set()


def test_settings_arrive_without_their_secrets_in_a_check_and_with_them_after(
    client: PluginClient, cloud: Cloud
) -> None:
    settings = {"region": "north", "token": Secret("hush"), "many": [1, 2]}
    client.check_config(CheckRequest(**WHICH, news=settings))
    assert cloud.requests[0].news == {"region": "north", "token": "hush", "many": [1, 2]}
    client.configure(settings)
    assert cloud.configured == [settings]


def test_check_arrives_whole(client: PluginClient, cloud: Cloud) -> None:
    news = {**VALUES, "later": UNKNOWN, "secretly": Secret(UNKNOWN)}
    request = CheckRequest(**WHICH, news=news, olds=VALUES, random_seed=b"\x00\xffseed")
    assert client.check(request) == CheckReply(inputs=news)
    assert cloud.requests == [request]
    cloud.on("check", "thing", lambda _: CheckReply(inputs={}, failures=(CheckFailure("a", "is wrong"),)))
    assert client.check(replace(request, olds=None)).failures == (CheckFailure("a", "is wrong"),)
    assert cloud.requests[1].olds is None


def test_diff_knows_assets_by_their_hashes(client: PluginClient, cloud: Cloud) -> None:
    request = DiffRequest(**WHICH, id="id", olds=VALUES, old_inputs=VALUES, news=VALUES, ignore_changes=("a", "b[*]"))
    detailed = {f"path.{kind.value}": PropertyDiff(kind, kind is DiffKind.ADD) for kind in DiffKind}
    reply = DiffReply(
        changes=DiffChanges.SOME,
        replaces=["a"],
        stables=["b"],
        delete_before_replace=True,
        diffs=["a", "c"],
        detailed=detailed,
    )
    cloud.on("diff", "thing", lambda _: reply)
    assert client.diff(request) == reply
    assert cloud.requests == [replace(request, olds=BARE, old_inputs=BARE, news=BARE)]


def test_create_and_update_carry_contents(client: PluginClient, cloud: Cloud) -> None:
    create = CreateRequest(**WHICH, inputs=VALUES, timeout=1.5)
    cloud.on("create", "thing", lambda _: CreateReply(id="id", outputs=VALUES))
    assert client.create(create) == CreateReply(id="id", outputs=VALUES)
    update = UpdateRequest(
        **WHICH, id="id", olds=VALUES, old_inputs=VALUES, news=VALUES, timeout=2.5, ignore_changes=("a",)
    )
    cloud.on("update", "thing", lambda _: UpdateReply(outputs=VALUES))
    assert client.update(update) == UpdateReply(outputs=VALUES)
    assert cloud.requests == [create, replace(update, olds=BARE, old_inputs=BARE)]


def test_previews_may_be_unknown_and_real_calls_may_not(client: PluginClient, cloud: Cloud) -> None:
    preview = CreateRequest(**WHICH, inputs={"later": UNKNOWN}, preview=True)
    assert client.create(preview) == CreateReply(id="", outputs={"later": UNKNOWN})
    client.create(replace(preview, preview=False))
    assert cloud.requests[1].inputs == {}
    cloud.on("create", "thing", lambda _: CreateReply(id="id", outputs={"later": UNKNOWN}))
    with pytest.raises(ProviderError, match="unknown values outside a preview"):
        client.create(replace(preview, preview=False))


def test_read_gives_assets_their_contents_back(client: PluginClient, cloud: Cloud) -> None:
    request = ReadRequest(**WHICH, id="id", inputs=VALUES, outputs={"made": "x"}, timeout=3)
    cloud.on("read", "thing", lambda asked: ReadReply(id="id", outputs=asked.inputs, inputs=asked.inputs))
    assert client.read(request) == ReadReply(id="id", outputs=VALUES, inputs=VALUES)
    assert cloud.requests == [replace(request, inputs=BARE)]
    cloud.on("read", "thing", lambda _: ReadReply(id="id", outputs={}))
    assert client.read(request) == ReadReply(id="id", outputs={})
    cloud.on("read", "thing", lambda _: ReadReply(id="", outputs={}))
    assert client.read(request) == ReadReply(id="", outputs={})


def test_delete_and_invoke_arrive(client: PluginClient, cloud: Cloud) -> None:
    delete = DeleteRequest(**WHICH, id="id", inputs=VALUES, outputs=VALUES, timeout=4)
    client.delete(delete)
    invoke = InvokeRequest(token="cloud:index:ask", args={"a": 1}, preview=True)
    assert client.invoke(invoke).result == {"echo": {"a": 1}}
    assert cloud.requests == [replace(delete, inputs=BARE, outputs=BARE), invoke]


def test_half_made_resources_come_with_their_reasons(client: PluginClient, cloud: Cloud) -> None:
    failure = InitFailed(id="id", properties={"a": Secret(1)}, reasons=["not ready", "nor soon"], inputs={"b": 2})
    cloud.fail("create", "thing", failure)
    with pytest.raises(InitFailed) as caught:
        client.create(CreateRequest(**WHICH, inputs={}))
    assert vars(caught.value) == vars(failure)


def test_refusals_keep_their_words(client: PluginClient, cloud: Cloud) -> None:
    cloud.fail("delete", "thing", ProviderError("it is in use", hint="stop using it"))
    with pytest.raises(ProviderError, match=r"^it is in use\n  stop using it$"):
        client.delete(DeleteRequest(**WHICH, id="id", inputs={}, outputs={}))


def test_a_provider_that_takes_neither_secrets_nor_references_gets_none(cloud: Cloud) -> None:
    cloud.info = Info(name="cloud", version="1.0.0", accept_secrets=False)
    with served(lambda host: CloudProvider(cloud, host)) as client:
        client.create(CreateRequest(**WHICH, inputs={"a": Secret("x"), "b": ResourceRef(urn=URN, id="id")}))
    assert cloud.requests[0].inputs == {"a": "x", "b": "id"}


SETTINGS: dict[str, Any] = {"urn": URN, "name": "thing", "type": "pulumi:providers:kubernetes"}


def test_old_kubernetes_plugins_have_no_opinion_on_settings(cloud: Cloud) -> None:
    for call in ("check_config", "diff_config"):
        cloud.fail(call, "thing", ProviderError("rpc error: code = Unimplemented desc = CheckConfig"))
    check = CheckRequest(**SETTINGS, news={"a": Secret("b")})
    diff = DiffRequest(**SETTINGS, id="x", olds={}, old_inputs={}, news={"a": "b"})
    with served(lambda host: CloudProvider(cloud, host), "kubernetes") as client:
        assert client.check_config(check) == CheckReply(inputs=check.news)
        assert client.diff_config(diff).changes is DiffChanges.UNKNOWN
    with served(lambda host: CloudProvider(cloud, host), "cloud") as client:
        with pytest.raises(ProviderError, match="Unimplemented"):
            client.check_config(check)
        with pytest.raises(ProviderError, match="Unimplemented"):
            client.diff_config(diff)


CLUSTER = (
    '{"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}], "current-context": "x",'
    ' "contexts": [{"name": "x", "context": {"cluster": "c", "namespace": "home"}}]}'
)


def questions(provider: Provider) -> list[Any]:
    """What the kubernetes provider can be asked without a cluster, and what it answers."""
    type = "kubernetes:core/v1:ConfigMap"
    which: dict[str, Any] = {"urn": f"urn:pulumi:s::p::{type}::c", "name": "c", "type": type}
    settings = {"kubeconfig": Secret(CLUSTER)}
    asked = {**which, "type": "pulumi:providers:kubernetes"}
    moved = {"kubeconfig": CLUSTER.replace('"c"', '"d"')}
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": Secret("1")}}
    answers: list[Any] = [
        provider.info,
        provider.check_config(CheckRequest(**asked, news={"kubeconfig": CLUSTER})),
        provider.diff_config(DiffRequest(**asked, id="x", olds=settings, old_inputs=settings, news=moved)),
    ]
    provider.configure(settings)
    checked = provider.check(CheckRequest(**which, news=manifest, random_seed=b"1" * 32))
    answers.append(checked)
    answers.append(provider.check(CheckRequest(**which, news={"data": {"a": "1"}}, random_seed=b"1" * 32)))
    news = {**checked.inputs, "data": {"a": Secret("2")}}
    outputs = {**checked.inputs, "__inputs": checked.inputs, "__fieldManager": "m"}
    answers.append(provider.diff(DiffRequest(**which, id="home/a", olds=outputs, old_inputs=checked.inputs, news=news)))
    return [_plainly(answer) for answer in answers]


def _plainly(answer: Any) -> Any:
    """An answer without a difference between the kinds of sequences."""
    parts = {field.name: getattr(answer, field.name) for field in fields(answer)}
    return {name: list(part) if isinstance(part, tuple) else part for name, part in parts.items()}


def test_kubernetes_answers_the_same_behind_the_wire(tmp_path: Path) -> None:
    with served(KubernetesProvider, "kubernetes") as client:
        behind = questions(client)
    assert behind == questions(KubernetesProvider(RecordingHost(str(tmp_path))))
    assert behind[-1]["replaces"] and behind[-1]["delete_before_replace"]


def test_programs_that_serve_say_how_they_are_used(tmp_path: Path) -> None:
    for module, words, complaint in (
        ("providers", ["nothing"], "no provider 'nothing'; choose one of: command"),
        ("engine.plugins.serve", [], "usage: python -m engine.plugins.serve MODULE:CLASS"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", module, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 2 and complaint in done.stderr and not done.stdout


def test_any_class_can_be_served_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine.plugins.serve", "providers.random:RandomProvider", "--logtostderr"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        port = int(running.stdout.readline())
        client = PluginClient(
            Connection(f"127.0.0.1:{port}", "plugin", str, patience=30),
            Greeting(package="random", engine="127.0.0.1:1", where="here"),
        )
        assert client.info.name == "random"
        client.close()
        running.send_signal(2)
        assert running.wait(20) == 0
