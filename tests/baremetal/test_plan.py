"""The steps: their order, and what of the facts they depend on."""

from __future__ import annotations

import subprocess

import pytest

from baremetal.errors import MachineUnfit
from baremetal.facts.system import Init
from baremetal.model import ClusterConfig, Step
from baremetal.plan import plan, steps
from tests.baremetal.machines import daemons, facts, network, system

CONFIG = ClusterConfig(platform_parts=("registry", "gateway"))


def by_name(planned: tuple[Step, ...]) -> dict[str, Step]:
    return {step.name: step for step in planned}


@pytest.mark.parametrize("init", list(Init))
def test_scripts_are_bash(init: Init) -> None:
    for step in steps(CONFIG, facts(system=system(init=init))):
        for script in (step.create, step.delete):
            checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
            assert checked.returncode == 0, f"{step.name}: {checked.stderr}"
            assert script.startswith("set -euo pipefail\n"), step.name


def test_steps_come_after_what_they_need() -> None:
    seen: set[str] = set()
    for step in plan(CONFIG, facts()):
        assert set(step.needs) <= seen, step.name
        seen.add(step.name)


def test_everything_but_the_ground_is_removed_before_it() -> None:
    planned = by_name(plan(CONFIG, facts()))

    def grounds(name: str) -> set[str]:
        return {name}.union(*(grounds(need) for need in planned[name].needs))

    assert all("machine" in grounds(name) for name in planned)
    assert "containerd" in grounds("control-plane")


def test_plan_of_a_machine_does_not_change_by_making_the_cluster() -> None:
    before = plan(CONFIG, facts())
    made = daemons(alive=True, generation=1, owned=True, initialised=True, folders=("/etc/kubernetes",))
    after = plan(CONFIG, facts(daemons=made, network=network(("mfpods0", "10.244.0.0/16"), listening=(6443,))))
    assert before == after


def test_dead_daemons_change_their_own_steps_and_no_other() -> None:
    made = {"owned": True, "initialised": True, "folders": ("/etc/kubernetes",)}
    alive = by_name(plan(CONFIG, facts(daemons=daemons(alive=True, generation=1, **made))))
    dead = by_name(plan(CONFIG, facts(daemons=daemons(alive=False, generation=1, **made))))
    assert {name for name in alive if alive[name] != dead[name]} == {"containerd", "kubelet"}
    assert dead["kubelet"].environment == {"MF_GENERATION": "2"}
    assert dead["kubelet"].delete == alive["kubelet"].delete


def test_unfit_machine_gets_no_plan_but_can_be_cleaned() -> None:
    unfit = facts(system=system(architecture="aarch64"))
    with pytest.raises(MachineUnfit):
        plan(CONFIG, unfit)
    assert steps(CONFIG, unfit)


def test_platform_images_are_imported_only_where_some_are_asked_for() -> None:
    assert "platform-images" not in by_name(plan(ClusterConfig(), facts()))
    assert "registry gateway" in by_name(plan(CONFIG, facts()))["platform-images"].create
