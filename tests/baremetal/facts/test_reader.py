"""All facts in one script, on the machine that runs the tests."""

from __future__ import annotations

import os

import pytest

from baremetal.errors import ScriptFailed
from baremetal.facts import reader
from baremetal.transport import Completed, LocalTransport


class CountingTransport(LocalTransport):
    runs = 0

    def run(self, script, *, environment=None, on_line=None):
        self.runs += 1
        return super().run(script, environment=environment, on_line=on_line)


def test_every_topic_is_read_by_a_single_script() -> None:
    transport = CountingTransport()
    facts = reader.read(transport)
    assert transport.runs == 1
    assert facts.system.root == (os.geteuid() == 0)
    assert facts.system.cpus == len(os.sched_getaffinity(0))
    assert facts.room.disk > 0
    assert facts.cgroup.missing == ()
    assert set(facts.daemons.by_name) == {"containerd", "kubelet"}


class BrokenTransport(LocalTransport):
    host = "rack-7"

    def run(self, script, *, environment=None, on_line=None):
        return Completed(code=255, output="connection reset\n")


def test_machine_that_does_not_answer_is_named() -> None:
    with pytest.raises(ScriptFailed, match=r"failed on rack-7 \(exit 255\)\n  \| connection reset"):
        reader.read(BrokenTransport())
