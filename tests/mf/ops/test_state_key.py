"""The salt and key that all micro-stacks of a platform share."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import pytest

from engine import secrets
from engine.secrets import Passphrase
from mf.ops import state_key
from tests.mf.fake_kube import FakeKube


@pytest.fixture
def session() -> Any:
    return SimpleNamespace(kube=FakeKube())


def test_the_key_is_derived_once_for_all_later_processes(session, monkeypatch):
    first = state_key.environment(session, "open sesame")
    monkeypatch.setattr(secrets, "_keys", {})
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", None)
    again = state_key.environment(session, "open sesame")
    assert again == first
    assert Passphrase(lambda: "open sesame", again["MF_ENCRYPTION_SALT"]).encrypt("x")


def test_another_passphrase_or_a_damaged_secret_gets_a_new_key(session):
    first = state_key.environment(session, "open sesame")
    second = state_key.environment(session, "another")
    assert first["MF_ENCRYPTION_SALT"] != second["MF_ENCRYPTION_SALT"]
    secret = session.kube.find("v1", "Secret", state_key.NAME, namespace="microfoundry-system")
    session.kube.replace({**secret, "data": {**secret["data"], "key": "!!"}})
    assert state_key.environment(session, "another")["MF_ENCRYPTION_SALT"] != second["MF_ENCRYPTION_SALT"]


def test_the_passphrase_itself_is_not_stored(session):
    state_key.environment(session, "open sesame")
    assert "open sesame" not in str(session.kube.find("v1", "Secret", state_key.NAME, namespace="microfoundry-system"))
