"""Secrets of the config that a program prints or logs."""

from __future__ import annotations

PROGRAM = """
import pulumi

config = pulumi.Config()
token = config.require("token")
pulumi.log.warn(f"logged {token}")
print(f"printed {token} and {config.require_object('tree')['deep']}")
print(config.require("short"), config.require("plain"))
"""


def test_secrets_that_a_program_tells_are_masked_everywhere(dev):
    (dev.directory / "__main__.py").write_text(PROGRAM)
    dev("config", "set", "--secret", "token", 'quo"ted-hunter2')
    dev("config", "set", "--secret", "--path", "tree.deep", "deep-hunter3")
    dev("config", "set", "--secret", "short", "ab")
    dev("config", "set", "plain", "visible")
    for flags in (["--skip-preview"], ["--skip-preview", "--json"], ["--diff"]):
        assert dev("up", "--yes", "--event-log", "events", *flags) == 0, dev.complaint
        told = dev.text + dev.complaint + (dev.directory / "events").read_text()
        assert "printed [secret] and [secret]" in told
        assert "logged [secret]" in told
        assert "ab visible" in told
        assert "hunter" not in told
