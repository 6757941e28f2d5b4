"""Backends and users."""

from __future__ import annotations

import json


def test_the_last_login_counts_where_the_environment_says_nothing(pulumi, tmp_path):
    del pulumi.environment["PULUMI_BACKEND_URL"]
    assert pulumi("stack", "ls") == 1
    assert "no backend is chosen" in pulumi.complaint
    assert pulumi("login", f"file://{tmp_path}/elsewhere") == 0
    assert pulumi("whoami", "--json") == 0
    assert json.loads(pulumi.text)["url"] == f"file://{tmp_path}/elsewhere"
    pulumi("logout")
    assert pulumi("stack", "ls") == 1


def test_a_backend_of_another_kind_is_refused(pulumi):
    assert pulumi("login", "postgres://host/db") == 1
    assert "backend 'postgres://host/db' is not supported" in pulumi.complaint


def test_an_unknown_command_changes_nothing_and_fails(pulumi):
    assert pulumi("logs", "-f") == 1
    assert "`pulumi logs` is not supported by the embedded engine; nothing was changed" in pulumi.complaint


def test_cancel_drops_a_lock_and_says_when_there_is_none(dev, tmp_path):
    assert dev("cancel", "--yes") == 0
    assert "not locked" in dev.text
    lock = tmp_path / "state/.pulumi/locks/organization/shop/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    assert dev("cancel", "--yes", "--stack", "dev") == 0
    assert not lock.exists()


def test_help_lists_the_commands_and_their_flags(pulumi):
    assert pulumi("--help") == 0
    assert "stack init" in pulumi.text
    assert pulumi("up", "--help") == 0
    assert "--expect-no-changes" in pulumi.text
    assert pulumi("version") == 0
    assert pulumi.text.startswith("v3.")
