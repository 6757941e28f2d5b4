"""`pulumi stack change-secrets-provider`: everything under another key, or nothing."""

from __future__ import annotations

import hashlib
import json

import pytest

from engine import secrets
from engine.backend.file import FileBackend
from tests.engine.command.test_state import ALL, state_file, store


@pytest.fixture
def full(dev, salt):
    store(dev, salt, *ALL)
    assert dev("config", "set", "token", "abc", "--secret") == 0, dev.complaint
    assert dev("config", "set", "tree.deep", "xyz", "--secret", "--path") == 0
    assert dev("config", "set", "plain", "p") == 0
    return dev


def opened(line) -> tuple[str, str, str]:
    assert line("config", "get", "token") == 0, line.complaint
    token = line.text
    assert line("config", "get", "tree.deep", "--path") == 0, line.complaint
    deep = line.text
    assert line("stack", "export", "--show-secrets") == 0, line.complaint
    return token, deep, "hunter2" if "hunter2" in line.text else ""


def test_state_and_config_are_encrypted_anew_under_the_new_passphrase(full, salt):
    full.input = "new word\n"
    assert full("stack", "change-secrets-provider", "passphrase") == 0, full.complaint
    assert full.text == "Migrating old configuration and state to new secrets provider"
    assert full("config", "get", "token") == 1
    assert "incorrect passphrase" in full.complaint
    full.environment["PULUMI_CONFIG_PASSPHRASE"] = "new word"
    assert opened(full) == ("abc", "xyz", "hunter2")
    text = (full.directory / "Pulumi.dev.yaml").read_text()
    assert salt not in text + state_file(full).read_text()
    assert "plain: p" in text


def test_a_wrong_old_passphrase_changes_nothing(full):
    before = state_file(full).read_bytes(), (full.directory / "Pulumi.dev.yaml").read_bytes()
    full.environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong"
    full.input = "new\n"
    assert full("stack", "change-secrets-provider", "passphrase") == 1
    assert "incorrect passphrase" in full.complaint
    assert before == (state_file(full).read_bytes(), (full.directory / "Pulumi.dev.yaml").read_bytes())


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_on_the_way_leaves_all_old_or_all_new(full, monkeypatch, moment):
    write = FileBackend.write

    def killed(self, stack, text, **rest):
        if moment == "after":
            write(self, stack, text, **rest)
        raise KeyboardInterrupt

    full.input = "new word\n"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(FileBackend, "write", killed)
        full("stack", "change-secrets-provider", "passphrase")
    if moment == "after":
        full.environment["PULUMI_CONFIG_PASSPHRASE"] = "new word"
    assert opened(full) == ("abc", "xyz", "hunter2")
    assert sorted(path.name for path in full.directory.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml"]


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("awskms://alias/x?region=us-east-1", "secrets provider 'awskms' is not supported"),
        ("gcpkms://projects/x", "secrets provider 'gcpkms' is not supported"),
        ("azurekeyvault://x", "secrets provider 'azurekeyvault' is not supported"),
        ("hashivault://x", "secrets provider 'hashivault' is not supported"),
        ("rot13", "unknown secrets provider type 'rot13'"),
    ],
)
def test_other_providers_are_refused_by_name(full, provider, words):
    assert full("stack", "change-secrets-provider", provider) == 1
    assert words in full.complaint
    assert full("stack", "init", "qa", "--secrets-provider", provider) == 1
    assert words.split("'")[1] in full.complaint


def test_a_state_or_settings_of_another_provider_are_refused_by_name(full):
    tree = json.loads(state_file(full).read_text())
    tree["checkpoint"]["latest"]["secrets_providers"] = {"type": "service", "state": {}}
    state_file(full).write_text(json.dumps(tree))
    assert full("stack", "export", "--show-secrets") == 1
    assert "kept by 'service', which this engine does not know" in full.complaint
    settings = full.directory / "Pulumi.dev.yaml"
    settings.write_text("secretsprovider: awskms://alias/x\n" + settings.read_text())
    assert full("config", "get", "token") == 1
    assert "secrets provider 'awskms://alias/x'" in full.complaint


def test_an_empty_passphrase_is_one_too(full):
    full.input = ""
    assert full("stack", "change-secrets-provider", "passphrase") == 1
    assert "no new passphrase on standard input" in full.complaint
    full.input = "\n"
    assert full("stack", "change-secrets-provider", "passphrase") == 0, full.complaint
    full.environment["PULUMI_CONFIG_PASSPHRASE"] = ""
    assert opened(full) == ("abc", "xyz", "hunter2")


def test_the_key_is_derived_once_and_not_at_all_without_secrets(dev, salt, monkeypatch):
    derived: list[str] = []
    derive = hashlib.pbkdf2_hmac

    def counted(name, *rest):
        derived.append(name)
        return derive(name, *rest)

    monkeypatch.setattr(secrets, "_keys", {})
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counted)
    store(dev, salt, *ALL[:2])
    assert dev("stack", "export", "--show-secrets") == 0, dev.complaint
    assert dev("stack", "output", "--show-secrets") == 0
    assert dev("config", "set", "plain", "p") == 0
    dev.environment["PULUMI_CONFIG_PASSPHRASE"] = "never asked for"
    assert dev("state", "protect", ALL[1].urn) == 0
    assert derived == []
    dev.environment["PULUMI_CONFIG_PASSPHRASE"] = "correct horse"
    store(dev, salt, *ALL)
    for _ in range(2):
        assert dev("stack", "export", "--show-secrets") == 0, dev.complaint
        assert dev("config", "set", "token", "t", "--secret") == 0
    assert derived == ["sha256"]


def test_a_foreign_state_that_was_left_here_is_opened_with_its_own_salt(full, monkeypatch):
    full.environment.pop("MF_ENCRYPTION_SALT")
    (full.directory / "Pulumi.dev.yaml").unlink()
    text = state_file(full).read_text()
    full.input = "correct horse\n"
    assert full("stack", "change-secrets-provider", "passphrase") == 0, full.complaint
    state_file(full).write_text(text)
    assert full("stack", "export", "--show-secrets") == 0, full.complaint
    assert "hunter2" in full.text
