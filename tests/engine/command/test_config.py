"""`pulumi config` in the forms that Automation API uses."""

from __future__ import annotations

import json


def test_values_are_set_and_read_back(dev):
    assert dev("config", "set", "port", "--plaintext", "--stack", "dev", "--non-interactive", "--", "80") == 0
    assert dev("config", "set", "pw", "--secret", "--", "hunter2") == 0
    assert dev("config", "get", "port", "--json") == 0
    assert json.loads(dev.text) == {"secret": False, "value": "80"}
    assert dev("config", "--show-secrets", "--json", "--stack", "dev") == 0
    assert json.loads(dev.text) == {
        "shop:port": {"secret": False, "value": "80"},
        "shop:pw": {"secret": True, "value": "hunter2"},
    }


def test_secrets_are_hidden_in_file_and_listing(dev):
    dev("config", "set", "pw", "--secret", "hunter2")
    assert "hunter2" not in (dev.directory / "Pulumi.dev.yaml").read_text()
    assert dev("config") == 0
    assert "[secret]" in dev.text
    assert "hunter2" not in dev.text
    assert dev("config", "get", "pw") == 0
    assert dev.text == "hunter2"


def test_a_value_may_come_from_standard_input(dev):
    dev.input = "from a pipe\n"
    assert dev("config", "set", "motd") == 0
    dev("config", "get", "motd")
    assert dev.text == "from a pipe"


def test_several_values_are_set_and_removed_at_once(dev):
    assert dev("config", "set-all", "--path", "--plaintext", "a.b=1", "--plaintext", "c=x=y", "--secret", "d=s") == 0
    dev("config", "get", "a", "--json")
    assert json.loads(dev.text)["objectValue"] == {"b": 1}
    dev("config", "get", "c")
    assert dev.text == "x=y"
    assert dev("config", "rm-all", "c", "d", "--stack", "dev") == 0
    dev("config", "--json")
    assert list(json.loads(dev.text)) == ["shop:a"]


def test_values_may_be_given_as_json(dev):
    given = {"shop:a": {"value": "1", "secret": True}, "shop:b": {"objectValue": [1], "value": "[1]", "secret": False}}
    assert dev("config", "set-all", "--json", json.dumps(given)) == 0
    dev("config", "get", "b")
    assert dev.text == "[1]"


def test_one_bad_pair_leaves_all_as_it_was(dev):
    assert dev("config", "set-all", "--plaintext", "a=1", "--plaintext", "nonsense") == 1
    assert "[key]=[value]" in dev.complaint
    assert "shop:a" not in (dev.directory / "Pulumi.dev.yaml").read_text()


def test_an_unset_key_is_told(dev):
    assert dev("config", "get", "nope") == 1
    assert "configuration key 'nope' not found for stack 'dev'" in dev.complaint


def test_config_of_an_unknown_stack_is_refused(dev):
    assert dev("config", "set", "a", "b", "--stack", "qa") == 6
    assert "no stack named 'qa' found" in dev.complaint
