"""Opens the packs of an update: each in a process of its own, or in this one where the user trusts them to behave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import EngineError
from engine.policy.folder import PackFolder, pack_folder
from engine.policy.model import Analyzer, Surroundings
from engine.policy.settings import read_settings, reconciled
from engine.provider_api import Host

_HERE: Final = "MF_POLICY_IN_PROCESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """A pack that the user asks for, and the file that sets its policies."""

    path: Path
    config: Path | None = None


def open_packs(requests: Sequence[PackRequest], around: Surroundings, host: Host) -> list[Analyzer]:
    """The packs, set and ready, in the order in which they were asked for; none is left behind when one fails."""
    opened: list[Analyzer] = []
    try:
        for request in requests:
            # Read first: a wrong file needs no process.
            asked = read_settings(request.config) if request.config else {}
            pack = _open(pack_folder(request.path), around, host)
            opened.append(pack)
            pack.configure(reconciled(pack.info, asked), around)
    except EngineError:
        for pack in opened:
            pack.close()
        raise
    return opened


def _open(folder: PackFolder, around: Surroundings, host: Host) -> Analyzer:
    # Late: both need gRPC's classes.
    if host.environment.get(_HERE) == "1" and not folder.own_interpreter:
        from engine.policy.in_process import load

        return load(folder, around)
    from engine.policy.process import start

    return start(folder, around, host)
