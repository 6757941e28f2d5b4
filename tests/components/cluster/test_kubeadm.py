"""kubeadm's steps as resources: ordered, never replaced, the kubeconfig a secret."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from baremetal.model import ClusterConfig
from components.cluster.kubeadm import KubeadmCluster, KubeadmClusterArgs, steps_of
from tests.baremetal.machines import facts, system

ARGS = KubeadmClusterArgs(config=ClusterConfig(platform_parts=("registry",)), facts=facts())


def test_every_step_is_one_command_that_can_undo_itself(run) -> None:
    made = run(lambda: KubeadmCluster("cluster", ARGS))
    commands = {item.name: item.inputs for item in made.resources if item.typ == "command:local:Command"}
    assert sorted(commands) == sorted(f"cluster-{step.name}" for step in steps_of(ARGS))
    assert all(inputs["create"] and inputs["delete"] for inputs in commands.values())
    assert all(inputs["interpreter"] == ["/bin/bash", "-c"] for inputs in commands.values())


def test_no_step_has_triggers_as_they_would_tear_the_cluster_down(run) -> None:
    made = run(lambda: KubeadmCluster("cluster", ARGS))
    assert not any("triggers" in item.inputs for item in made.resources)


def test_what_the_kubeconfig_step_prints_is_not_logged(run) -> None:
    made = run(lambda: KubeadmCluster("cluster", ARGS))
    logging = {item.name: item.inputs.get("logging") for item in made.resources if item.typ == "command:local:Command"}
    assert logging.pop("cluster-kubeconfig") == "none"
    assert set(logging.values()) == {"stdoutAndStderr"}


def test_kubeconfig_is_a_secret_output(run) -> None:
    seen: list[bool] = []

    def program() -> pulumi.Output[None]:
        cluster = KubeadmCluster("cluster", ARGS)
        secret: Any = cluster.kubeconfig.is_secret()
        return pulumi.Output.from_input(secret).apply(seen.append)

    run(program)
    assert seen == [True]


def test_unfit_machine_ends_the_program_in_plain_words(run) -> None:
    args = KubeadmClusterArgs(facts=facts(system=system(root=False)))
    with pytest.raises(pulumi.RunError, match="need root; run it with sudo"):
        run(lambda: KubeadmCluster("cluster", args))
