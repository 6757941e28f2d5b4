"""Support: one Keycloak for all tests, and things in it that live from create to delete."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from providers.keycloak import KeycloakProvider
from tests.providers.conftest import RecordingHost
from tests.support import keycloak


@dataclass
class Thing:
    """One resource, asked for as the engine asks, with its state kept as the engine keeps it."""

    provider: KeycloakProvider
    token: str
    wanted: dict[str, Any]
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0

    @property
    def asked(self) -> dict[str, Any]:
        """What every request says."""
        return {"urn": f"urn:pulumi:s::p::{self.token}::thing", "type": self.token, "name": "thing"}

    def create(self) -> Thing:
        """Check and create."""
        self.inputs = self.checked(self.wanted)
        begun = time.monotonic()
        made = self.provider.create(CreateRequest(**self.asked, inputs=self.inputs))
        self.seconds, self.id, self.outputs = time.monotonic() - begun, made.id, dict(made.outputs)
        return self

    def checked(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Inputs made complete."""
        olds = self.inputs or None
        reply = self.provider.check(CheckRequest(**self.asked, news=wanted, olds=olds, random_seed=b"1" * 32))
        assert not reply.failures, reply.failures
        return dict(reply.inputs)

    def diff(self, **changes: Any) -> DiffReply:
        """What would change."""
        news = self.checked(_with(self.wanted, changes))
        return self.provider.diff(
            DiffRequest(**self.asked, id=self.id, olds=self.outputs, old_inputs=self.inputs, news=news)
        )

    def update(self, **changes: Any) -> None:
        """Change in place."""
        self.wanted = _with(self.wanted, changes)
        news = self.checked(self.wanted)
        request = UpdateRequest(**self.asked, id=self.id, olds=self.outputs, old_inputs=self.inputs, news=news)
        self.outputs, self.inputs = dict(self.provider.update(request).outputs), news

    def read(self) -> ReadReply:
        """As a refresh reads."""
        return self.provider.read(ReadRequest(**self.asked, id=self.id, inputs=self.inputs, outputs=self.outputs))

    def imported(self, identity: str) -> ReadReply:
        """As an import reads."""
        return self.provider.read(ReadRequest(**self.asked, id=identity, inputs={}, outputs={}))

    def delete(self) -> None:
        """Remove."""
        self.provider.delete(DeleteRequest(**self.asked, id=self.id, inputs=self.inputs, outputs=self.outputs))


def _with(wanted: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**wanted, **changes}.items() if value is not None}


Make = Callable[..., Thing]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[keycloak.Server]:
    with keycloak.running(tmp_path_factory.mktemp("keycloak")) as found:
        yield found


@pytest.fixture(scope="session")
def provider(server: keycloak.Server) -> Iterator[KeycloakProvider]:
    found = KeycloakProvider(RecordingHost("."))
    found.configure(server.settings)
    yield found
    found.close()
