"""Pulumi.STACK.yaml."""

from __future__ import annotations

import json

import pytest

from engine.errors import UnsupportedError, UsageError
from engine.stack_settings import StackSettings

TEXT = """\
# who owns this
encryptionsalt: v1:a:b   # keep
config:
  shop:version: 1.10
  shop:code: "010"
  # the region
  aws:region: 'eu-west-1'
  shop:on: true
  shop:tree:
    deep: [1, 2.5, yes, null, "3"]
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(TEXT)
    return path


def test_scalars_are_texts_as_written_and_structures_are_typed(path):
    assert StackSettings(path).config == {
        "shop:version": "1.10",
        "shop:code": "010",
        "aws:region": "eu-west-1",
        "shop:on": "true",
        "shop:tree": {"deep": [1, 2.5, "yes", None, "3"]},
    }


def test_saving_without_changes_does_not_touch_the_file(path):
    before = path.stat().st_mtime_ns
    StackSettings(path).save()
    assert path.stat().st_mtime_ns == before


def test_a_change_keeps_comments_quotes_and_order(path):
    settings = StackSettings(path)
    settings.config["shop:new"] = "x"
    del settings.config["shop:on"]
    settings.save()
    assert path.read_text() == TEXT.replace("  shop:on: true\n", "") + "  shop:new: x\n"


def test_a_missing_file_is_made_when_something_is_set(tmp_path):
    settings = StackSettings(tmp_path / "Pulumi.qa.yaml")
    settings.salt = "v1:c:d"
    settings.save()
    assert (tmp_path / "Pulumi.qa.yaml").read_text() == "encryptionsalt: v1:c:d\n"


def test_a_text_that_looks_like_a_number_stays_a_text(path):
    settings = StackSettings(path)
    settings.config["shop:zip"] = "007"
    settings.save()
    assert StackSettings(path).config["shop:zip"] == "007"
    assert "shop:zip: '007'" in path.read_text() or 'shop:zip: "007"' in path.read_text()


def test_json_settings_are_read_and_written(tmp_path):
    path = tmp_path / "Pulumi.dev.json"
    path.write_text('{"config": {"a:b": "c"}}')
    settings = StackSettings(path)
    settings.config["a:d"] = "e"
    settings.save()
    assert json.loads(path.read_text()) == {"config": {"a:b": "c", "a:d": "e"}}


def test_other_secrets_providers_are_refused(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text("secretsprovider: awskms://x\n")
    with pytest.raises(UnsupportedError, match="awskms"):
        StackSettings(path).check_provider()


@pytest.mark.parametrize("text", ["- a\n", "a: [\n"])
def test_what_is_no_settings_file_is_refused(tmp_path, text):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"Pulumi.dev.yaml"):
        StackSettings(path)
