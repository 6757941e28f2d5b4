"""kill -9 at any moment: the next update comes to its end, and nothing is lost without a note of it.

`MF_NIGHTLY=1` tries every moment of the cycle; otherwise it is a sample of each kind.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.secrets import Passphrase
from tests.engine.kill.driver import PHASES
from tests.engine.kill.stand import PASSPHRASE, Driver, Stand, driving
from tests.support.telling import say

NIGHTLY = os.environ.get("MF_NIGHTLY") == "1"
_SPREAD = {"file": 6, "kubernetes": 3}
"""How many moments of a phase are tried, beside the first and last of each kind."""


@pytest.fixture(scope="module")
def salt() -> str:
    """One salt, so that the key is derived once."""
    return Passphrase.create(lambda: PASSPHRASE).salt


@pytest.fixture(scope="module")
def driver(salt: str) -> Iterator[Driver]:
    """The process that forks all others."""
    with driving(salt) as one:
        yield one


def _environment(salt: str, url: str) -> dict[str, str]:
    return {
        "PULUMI_BACKEND_URL": url,
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "MF_ENCRYPTION_SALT": salt,
        "PATH": os.environ["PATH"],
    }


def _chosen(kinds: list[str], spread: int) -> list[int]:
    if NIGHTLY:
        return list(range(len(kinds)))
    ends = {kinds.index(kind) for kind in kinds} | {len(kinds) - 1 - kinds[::-1].index(kind) for kind in set(kinds)}
    every = {len(kinds) * number // spread for number in range(spread)}
    return sorted(every | set(sorted(ends)[:spread]))


def _kill_everywhere(stand: Stand, spread: int, request: pytest.FixtureRequest) -> None:
    began = time.monotonic()
    stand.prepare()
    total = 0
    for phase in PHASES:
        kinds = stand.points(phase)
        total += len(kinds)
        for point in _chosen(kinds, spread):
            stand.kill(phase, point)
    counts = ", ".join(f"{number} {name}" for name, number in stand.counts.items())
    say(request, f"{request.node.name}: {total} moments; {counts}; {time.monotonic() - began:.0f} s")
    assert stand.counts["killed"] > 2 * spread


def test_an_update_killed_at_any_moment_on_a_file_backend_is_brought_to_its_end(
    driver: Driver, salt: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    stand = Stand(driver=driver, folder=tmp_path, environment=_environment(salt, f"file://{tmp_path / 'state'}"))
    _kill_everywhere(stand, _SPREAD["file"], request)


def test_an_update_killed_at_any_moment_on_a_kubernetes_backend_is_brought_to_its_end(
    driver: Driver,
    salt: str,
    tmp_path: Path,
    apiserver,
    make_namespace: Callable[[], str],
    request: pytest.FixtureRequest,
) -> None:
    environment = {**_environment(salt, f"kubernetes://{make_namespace()}"), "KUBECONFIG": apiserver.kubeconfig}
    stand = Stand(driver=driver, folder=tmp_path, environment=environment)
    _kill_everywhere(stand, _SPREAD["kubernetes"], request)
