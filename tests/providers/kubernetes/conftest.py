"""Support: one resource of the provider, taken through its life as the engine would."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.provider_api import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffReply,
    DiffRequest,
    ReadReply,
    ReadRequest,
    UpdateRequest,
)
from providers.kubernetes import KubernetesProvider
from tests.providers.conftest import RecordingHost
from tests.support.apiserver import ApiServer


@dataclass
class Resource:
    """Remembers id, inputs and outputs between the calls, as state does."""

    provider: KubernetesProvider
    type: str
    name: str = "it"
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::test::{self.type}::{self.name}"

    def check(self, fresh: bool = False, **news: Any) -> Mapping[str, Any]:
        reply = self.provider.check(
            CheckRequest(
                urn=self.urn,
                type=self.type,
                name=self.name,
                news=news,
                olds=None if fresh or not self.inputs else self.inputs,
                random_seed=os.urandom(32),
            )
        )
        assert not reply.failures, reply.failures
        return reply.inputs

    def preview(self, **news: Any) -> Mapping[str, Any]:
        request = CreateRequest(urn=self.urn, type=self.type, name=self.name, inputs=self.check(**news), preview=True)
        return self.provider.create(request).outputs

    def create(self, timeout: float = 20, **news: Any) -> Resource:
        self.inputs = self.check(**news)
        request = CreateRequest(urn=self.urn, type=self.type, name=self.name, inputs=self.inputs, timeout=timeout)
        reply = self.provider.create(request)
        self.id, self.outputs = reply.id, reply.outputs
        return self

    def diff(self, **news: Any) -> DiffReply:
        return self.provider.diff(
            DiffRequest(
                urn=self.urn,
                type=self.type,
                name=self.name,
                id=self.id,
                olds=self.outputs,
                old_inputs=self.inputs,
                news=self.check(**news),
            )
        )

    def update(self, preview: bool = False, timeout: float = 20, **news: Any) -> Mapping[str, Any]:
        inputs = self.check(**news)
        reply = self.provider.update(
            UpdateRequest(
                urn=self.urn,
                type=self.type,
                name=self.name,
                id=self.id,
                olds=self.outputs,
                old_inputs=self.inputs,
                news=inputs,
                preview=preview,
                timeout=timeout,
            )
        )
        if not preview:
            self.inputs, self.outputs = inputs, reply.outputs
        return reply.outputs

    def read(self) -> ReadReply:
        return self.provider.read(
            ReadRequest(
                urn=self.urn, type=self.type, name=self.name, id=self.id, inputs=self.inputs, outputs=self.outputs
            )
        )

    def refresh(self) -> ReadReply:
        reply = self.read()
        assert reply.inputs is not None
        self.inputs, self.outputs = reply.inputs, reply.outputs
        return reply

    def delete(self, timeout: float = 20) -> None:
        self.provider.delete(
            DeleteRequest(
                urn=self.urn,
                type=self.type,
                name=self.name,
                id=self.id,
                inputs=self.inputs,
                outputs=self.outputs,
                timeout=timeout,
            )
        )


Make = Callable[..., Resource]


@pytest.fixture
def offline(tmp_path: Path) -> Make:
    """Makes resources of a provider whose cluster does not exist: for what needs no server."""
    config = (
        '{"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}], "current-context": "x",'
        ' "contexts": [{"name": "x", "context": {"cluster": "c", "namespace": "home"}}]}'
    )

    def make(type: str, name: str = "it", **settings: str) -> Resource:
        provider = KubernetesProvider(RecordingHost(str(tmp_path)))
        provider.configure({"kubeconfig": config, **settings})
        return Resource(provider, type, name)

    return make


@pytest.fixture
def online(apiserver: ApiServer, host: RecordingHost, make_namespace: Callable[[], str]) -> Make:
    """Makes resources of a provider at the real server, in a namespace of the test's own."""
    namespace = make_namespace()
    providers: dict[str, KubernetesProvider] = {}

    def make(type: str, name: str = "it", **settings: str) -> Resource:
        key = repr(settings)
        if key not in providers:
            providers[key] = KubernetesProvider(host)
            providers[key].configure({"kubeconfig": apiserver.kubeconfig, "namespace": namespace, **settings})
        return Resource(providers[key], type, name)

    return make
