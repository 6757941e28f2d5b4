"""An update that is under way when its process is killed (support file, run as a program by the recovery tests)."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from pulumi import automation as auto

import engine.providers
from engine.command import EmbeddedPulumi
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Thing


def two_things() -> None:
    """The program: the second thing is begun when the first is there."""
    first = Thing("first", value=1)
    Thing("second", value=first.made)


def stack(environment: dict[str, str], cloud: Cloud) -> auto.Stack:
    """The stack of that program over a pretended cloud."""
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    options = auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment)
    return auto.create_or_select_stack("dev", project_name="shop", program=two_things, opts=options)


def main(marker: str, *pairs: str) -> None:
    """Begin the second thing, say so in the marker file, and never come back."""

    def hang(_request: Any) -> None:
        Path(marker).touch()
        time.sleep(600)

    cloud = Cloud()
    cloud.on("create", "second", hang)
    stack(dict(pair.split("=", 1) for pair in pairs), cloud).up()


if __name__ == "__main__":
    main(*sys.argv[1:])
