"""Whether the cluster's daemons live, and which generation the plan is to ask for."""

from __future__ import annotations

import pytest

from baremetal.facts.daemons import Daemon, parse


def test_untouched_machine_has_neither_daemons_nor_files() -> None:
    daemons = parse("daemon containerd dead 0\ndaemon kubelet dead 0\n")
    assert not daemons.owned
    assert daemons.folders == ()
    assert daemons.by_name["kubelet"] == Daemon(alive=False, generation=0)


def test_what_an_earlier_cluster_left_is_seen() -> None:
    daemons = parse("initialised\nowned\nfolder /etc/kubernetes\ndaemon containerd alive 3\ndaemon kubelet dead 2\n")
    assert daemons.owned
    assert daemons.initialised
    assert daemons.folders == ("/etc/kubernetes",)
    assert daemons.by_name["containerd"].alive


@pytest.mark.parametrize(
    ("alive", "generation", "wanted"),
    [(False, 0, 1), (True, 1, 1), (True, 4, 4), (False, 1, 2), (False, 4, 5), (True, 0, 1)],
)
def test_only_a_daemon_that_died_is_given_a_new_generation(alive: bool, generation: int, wanted: int) -> None:
    assert Daemon(alive=alive, generation=generation).wanted_generation == wanted
