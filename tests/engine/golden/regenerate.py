"""A support file and a program: plays all behaviours (or those named) and writes what came of them.

`python -m tests.engine.golden.regenerate [--with pulumi] [NAME …]`
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pulumi.automation import PulumiCommand

import engine.providers
from engine.command import EmbeddedPulumi
from engine.secrets import Passphrase
from tests.engine.golden import behaviours
from tests.engine.golden.behaviour import BEHAVIOURS, Behaviour
from tests.engine.golden.normal import compact
from tests.engine.golden.play import PASSPHRASE, Player
from tests.engine.golden.recorder import Recorder, Recording
from tests.engine.golden.wire_server import serving

EXPECTED: Final = Path(__file__).parent / "expected"
__all__ = ["BEHAVIOURS", "behaviours", "on_embedded", "on_pulumi"]


def on_embedded(behaviour: Behaviour, folder: Path, salt: str) -> dict[str, Any]:
    """What the embedded engine makes of a behaviour, with the provider in process."""
    cloud = Recording()
    engine.providers.register("cloud", lambda host: Recorder(cloud, host))
    player = Player(command=EmbeddedPulumi(), cloud=cloud, folder=folder, extra={"MF_ENCRYPTION_SALT": salt})
    made_with = {"engine": "embedded", "version": version("microfoundry"), "sdk": version("pulumi")}
    return _told(behaviour, player, made_with)


def on_pulumi(behaviour: Behaviour, folder: Path) -> dict[str, Any]:
    """What the real command makes of it, with the provider attached."""
    cloud = Recording()
    command = PulumiCommand()
    with serving(cloud) as port:
        player = Player(command=command, cloud=cloud, folder=folder, extra={"PULUMI_DEBUG_PROVIDERS": f"cloud:{port}"})
        made_with = {"engine": "pulumi", "version": str(command.version), "sdk": version("pulumi")}
        return _told(behaviour, player, made_with)


def _told(behaviour: Behaviour, player: Player, made_with: Mapping[str, str]) -> dict[str, Any]:
    about = " ".join((behaviour.moves.__doc__ or "").split())
    return {"behaviour": about, "facts": behaviour.facts, "made_with": dict(made_with), "moves": player.play(behaviour)}


def expected(name: str) -> dict[str, Any]:
    """The committed sequence of a behaviour."""
    tree: dict[str, Any] = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    return tree


def main() -> None:
    """Write the sequences."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.golden.regenerate")
    parser.add_argument("--with", dest="engine", choices=("embedded", "pulumi"), default="embedded")
    parser.add_argument("names", nargs="*", metavar="NAME")
    line = parser.parse_args()
    salt = Passphrase.create(lambda: PASSPHRASE).salt
    for name in line.names or sorted(BEHAVIOURS):
        with tempfile.TemporaryDirectory() as folder:
            one, place = BEHAVIOURS[name], Path(folder)
            tree = on_pulumi(one, place) if line.engine == "pulumi" else on_embedded(one, place, salt)
        (EXPECTED / f"{name}.json").write_text(compact(tree) + "\n", encoding="utf-8")
        print(name, flush=True)


if __name__ == "__main__":
    main()
