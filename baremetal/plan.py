"""From what is wanted and what is there to the steps, in an order in which they can be done."""

from __future__ import annotations

from baremetal import preflight
from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig, Step
from baremetal.steps import (
    bundle,
    containerd,
    control_plane,
    images,
    kubeconfig,
    kubelet,
    machine,
    network,
    packages,
    ready,
)
from baremetal.steps.shell import guarded


def plan(config: ClusterConfig, facts: Facts) -> tuple[Step, ...]:
    """Steps of a single-node cluster. Raises MachineUnfit when the machine can't hold one."""
    preflight.check(config, facts)
    return steps(config, facts)


def steps(config: ClusterConfig, facts: Facts) -> tuple[Step, ...]:
    """The steps without the check, as taking a cluster away needs no fitness."""
    platform = (images.step("platform-images", config.platform_parts),) if config.platform_parts else ()
    plain = (
        machine.step(config),
        packages.step(config, facts.system.init),
        bundle.step(config),
        network.step(config),
        containerd.step(config, facts),
        images.step("images", bundle.IMAGES),
        *platform,
        kubelet.step(config, facts),
        control_plane.step(config, facts),
        kubeconfig.step(config),
        ready.step(config),
    )
    return tuple(guarded(step) for step in plain)
