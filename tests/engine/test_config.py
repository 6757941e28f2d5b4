"""Config values: namespaces, paths, secrets, defaults."""

from __future__ import annotations

import pytest

from engine.config import Config
from engine.errors import UsageError
from engine.project import Project
from engine.stack_settings import StackSettings


class Reversing:
    """A secrets manager that a test can read (support class)."""

    type = "passphrase"
    state = {"salt": "v1:a:b"}  # noqa: RUF012 - a constant of the test

    def encrypt(self, plain: str) -> str:
        return plain[::-1]

    decrypt = encrypt


@pytest.fixture
def config(tmp_path):
    def make(**declared) -> Config:
        project = Project(name="shop", file=tmp_path / "Pulumi.yaml", config=declared)
        return Config(project, StackSettings(tmp_path / "Pulumi.dev.yaml"), Reversing)

    return make


def test_a_key_without_namespace_belongs_to_the_project(config):
    made = config()
    made.set("port", "80", secret=False)
    made.set("aws:config:region", "eu", secret=False)
    assert {key: item.value for key, item in made.all().items()} == {"aws:region": "eu", "shop:port": "80"}


@pytest.mark.parametrize("key", ["a:b:c", ":x", "a:", ""])
def test_a_key_that_makes_no_sense_is_refused(config, key):
    with pytest.raises(UsageError, match="no config key"):
        config().key(key)


def test_secrets_are_encrypted_where_they_rest(config):
    made = config()
    made.set("pw", "abc", secret=True)
    assert made._settings.config["shop:pw"] == {"secure": "cba"}
    found = made.get("pw")
    assert found is not None
    assert (found.value, found.secret) == ("abc", True)


def test_a_path_builds_structures_with_typed_members(config):
    made = config()
    made.set("db.hosts[0]", "a", secret=False, path=True)
    made.set("db.hosts[1]", "b", secret=False, path=True)
    made.set("db.port", "5432", secret=False, path=True)
    made.set("db.tls", "true", secret=False, path=True)
    made.set("db.pw", "abc", secret=True, path=True)
    whole = made.get("db")
    assert whole is not None
    assert whole.value == '{"hosts":["a","b"],"port":5432,"tls":true,"pw":"abc"}'
    assert whole.secret
    assert whole.structured
    member = made.get("db.hosts[1]", path=True)
    assert member is not None
    assert member.value == "b"


def test_a_path_removes_one_member(config):
    made = config()
    made.set("db.a", "1", secret=False, path=True)
    made.set("db.b", "2", secret=False, path=True)
    made.remove("db.a", path=True)
    assert made._settings.config == {"shop:db": {"b": 2}}


def test_without_path_a_dot_is_part_of_the_key(config):
    made = config()
    made.set("a.b", "x", secret=False)
    assert made._settings.config == {"shop:a.b": "x"}


def test_defaults_of_the_project_fill_in_what_the_stack_leaves_out(config):
    made = config(size={"type": "string", "default": "small"}, zone="a", list={"value": [1]}, given={"default": "no"})
    made.set("given", "yes", secret=False)
    values = {key: item.value for key, item in made.effective("dev").items()}
    assert values == {"shop:given": "yes", "shop:list": "[1]", "shop:size": "small", "shop:zone": "a"}


def test_a_declared_key_without_value_is_named(config):
    with pytest.raises(UsageError, match="Stack 'dev' is missing configuration value 'size'"):
        config(size={"type": "string"}).effective("dev")


def test_hidden_secrets_are_not_decrypted(config):
    made = config()
    made.set("pw", "abc", secret=True)
    made._secrets = None
    assert made.all(decrypt=False)["shop:pw"].value == ""
