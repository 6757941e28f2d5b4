"""Support: a host that remembers what was logged, and short ways to ask a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.provider_api import (
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffReply,
    DiffRequest,
    Provider,
    Severity,
    UpdateRequest,
)


@dataclass
class RecordingHost:
    """Stands in for the engine: keeps log lines, and cancels when told to."""

    directory: str
    lines: list[tuple[str, bool]] = field(default_factory=list)
    stop: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def log(self, severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        self.lines.append((message, ephemeral))

    def cancelled(self) -> bool:
        return self.stop


@pytest.fixture
def host(tmp_path: Path) -> RecordingHost:
    return RecordingHost(str(tmp_path))


@dataclass
class Asked:
    """One resource of a provider, asked as the engine would."""

    provider: Provider
    type: str
    urn: str = "urn:pulumi:s::p::t::n"

    def check(self, **inputs: Any) -> Any:
        return self.provider.check(CheckRequest(urn=self.urn, type=self.type, name="n", news=inputs))

    def create(self, *, preview: bool = False, timeout: float = 0, **inputs: Any) -> CreateReply:
        checked = self.check(**inputs)
        assert not checked.failures, checked.failures
        return self.provider.create(
            CreateRequest(
                urn=self.urn, type=self.type, name="n", inputs=checked.inputs, preview=preview, timeout=timeout
            )
        )

    def diff(self, made: CreateReply, *, old: dict[str, Any], new: dict[str, Any]) -> DiffReply:
        return self.provider.diff(
            DiffRequest(
                urn=self.urn,
                type=self.type,
                name="n",
                id=made.id,
                olds=made.outputs,
                old_inputs=self.check(**old).inputs,
                news=self.check(**new).inputs,
            )
        )

    def update(self, made: CreateReply, *, preview: bool = False, **inputs: Any) -> Any:
        return self.provider.update(
            UpdateRequest(
                urn=self.urn,
                type=self.type,
                name="n",
                id=made.id,
                olds=made.outputs,
                old_inputs={},
                news=self.check(**inputs).inputs,
                preview=preview,
            )
        ).outputs

    def delete(self, made: CreateReply) -> None:
        self.provider.delete(
            DeleteRequest(urn=self.urn, type=self.type, name="n", id=made.id, inputs={}, outputs=made.outputs)
        )
