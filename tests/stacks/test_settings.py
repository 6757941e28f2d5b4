"""A stack's settings are checked once, with one clear line per wrong key."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
import pytest

from stacks import run
from stacks.errors import BadSettings, UnknownKind
from stacks.settings import Settings, read


class Sample(Settings):
    http_port: int = 80
    names: tuple[str, ...] = ()


@pytest.fixture
def config() -> Iterator[dict[str, str]]:
    values: dict[str, str] = {}
    token = pulumi.runtime.config.CONFIG.set(values)
    yield values
    pulumi.runtime.config.CONFIG.reset(token)


def test_keys_in_yaml_spelling_become_typed_values(config: dict[str, str]) -> None:
    config.update({"microfoundry:httpPort": "8080", "microfoundry:names": '["a", "b"]', "other:key": "x"})
    settings = read(Sample, pulumi.Config("microfoundry"))
    assert (settings.http_port, settings.names) == (8080, ("a", "b"))


def test_unknown_key_is_named_together_with_the_known_ones(config: dict[str, str]) -> None:
    config["microfoundry:htpPort"] = "80"
    with pytest.raises(BadSettings, match=r"microfoundry:htpPort is not a setting; known are: httpPort, names"):
        read(Sample, pulumi.Config("microfoundry"))


def test_wrong_value_is_shown_with_what_would_be_right(config: dict[str, str]) -> None:
    config["microfoundry:httpPort"] = "eighty"
    with pytest.raises(BadSettings, match=r"microfoundry:httpPort: .*valid integer.*'eighty'"):
        read(Sample, pulumi.Config("microfoundry"))


def test_unknown_kind_of_environment_names_those_that_exist(config: dict[str, str]) -> None:
    config["microfoundry:kind"] = "moon"
    with pytest.raises(UnknownKind, match="stack 'dev' is of kind 'moon'; set microfoundry:kind to one of: local"):
        run("dev", pulumi.Config("microfoundry"))
