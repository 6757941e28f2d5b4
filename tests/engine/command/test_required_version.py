"""A project may say which versions of Pulumi it needs."""

from __future__ import annotations

from tests.engine.command.conftest import CommandLine


def test_project_that_needs_another_pulumi_is_not_deployed(dev: CommandLine) -> None:
    project = dev.directory / "Pulumi.yaml"
    (dev.directory / "__main__.py").write_text("")
    project.write_text('name: shop\nruntime: python\nrequiredPulumiVersion: ">=99.0.0"\n')
    assert dev("preview") != 0
    assert 'Pulumi CLI version 3.272.0 does not satisfy the version range ">=99.0.0"' in dev.complaint
    project.write_text('name: shop\nruntime: python\nrequiredPulumiVersion: ">=3.0.0"\n')
    assert dev("preview") == 0, dev.complaint
