"""The passphrase manager: salts, keys, cipher texts."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine import secrets
from engine.errors import SecretsError
from engine.secrets import Passphrase, passphrase_from, remember


@pytest.fixture(scope="module")
def manager() -> Passphrase:
    return Passphrase.create(lambda: "open sesame")


def test_what_is_encrypted_comes_back(manager):
    cipher = manager.encrypt("grüße")
    assert manager.decrypt(cipher) == "grüße"
    assert manager.encrypt("grüße") != cipher


def test_a_key_made_by_the_published_recipe_opens_our_cipher_text(manager):
    salt = base64.b64decode(manager.salt.split(":")[1])
    key = hashlib.pbkdf2_hmac("sha256", b"open sesame", salt, 1_000_000, 32)
    _, nonce, text = manager.encrypt("x").split(":")
    assert AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(text), None) == b"x"
    _, _, version, nonce, text = manager.salt.split(":")
    assert version == "v1"
    assert AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(text), None) == b"pulumi"


def test_a_wrong_passphrase_is_named_as_such(manager):
    with pytest.raises(SecretsError, match="incorrect passphrase"):
        Passphrase(lambda: "wrong", manager.salt).decrypt(manager.encrypt("x"))


def test_no_key_is_derived_before_it_is_needed(manager):
    def refuse() -> str:
        raise AssertionError("the passphrase was asked for")

    assert Passphrase(refuse, manager.salt).state == {"salt": manager.salt}


def test_a_key_is_derived_once_per_passphrase_and_salt(manager, monkeypatch):
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", None)
    assert Passphrase(lambda: "open sesame", manager.salt).key() == manager.key()


def test_a_key_can_be_handed_in(manager, monkeypatch):
    monkeypatch.setattr(secrets, "_keys", {})
    remember("open sesame", manager.salt, manager.key())
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", None)
    assert Passphrase(lambda: "open sesame", manager.salt).key() == manager.key()


def test_a_foreign_key_is_refused(manager):
    with pytest.raises(SecretsError, match="does not belong"):
        remember("open sesame", manager.salt, bytes(32))


def test_a_set_but_empty_passphrase_is_legal_and_a_missing_one_is_not(tmp_path):
    assert passphrase_from({"PULUMI_CONFIG_PASSPHRASE": ""})() == ""
    (tmp_path / "p").write_text("from file\n")
    assert passphrase_from({"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "p")})() == "from file"
    with pytest.raises(SecretsError, match="passphrase must be set"):
        passphrase_from({})()


@pytest.mark.parametrize("cipher", ["", "v1:abc", "v2:a:b", "v1:%%:%%"])
def test_malformed_cipher_text_is_refused(manager, cipher):
    with pytest.raises(SecretsError):
        manager.decrypt(cipher)
