"""Which policy packs a command line asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.command.flags import LIST, Kind, Line
from engine.command.session import Session
from engine.errors import UsageError
from engine.policy.packs import PackRequest

FLAGS: Final[Mapping[str, Kind]] = {"policy-pack": LIST, "policy-pack-config": LIST}


def requests(session: Session, line: Line) -> tuple[PackRequest, ...]:
    """The packs of `--policy-pack`, each with its `--policy-pack-config`."""
    paths, configs = line.list("policy-pack"), line.list("policy-pack-config")
    if configs and len(configs) != len(paths):
        raise UsageError(
            'the number of "--policy-pack-config" flags must match the number of "--policy-pack" flags',
            hint=f"there are {len(paths)} packs and {len(configs)} configs",
        )
    folder = session.directory
    given = [*configs, *[""] * (len(paths) - len(configs))]
    return tuple(
        PackRequest(path=(folder / path).resolve(), config=folder / config if config else None)
        for path, config in zip(paths, given, strict=True)
    )
