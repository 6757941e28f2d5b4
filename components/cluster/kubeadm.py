"""A Kubernetes cluster made by kubeadm on the machine that the program runs on."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi
from pulumi_command import local

from baremetal.errors import BareMetalError
from baremetal.facts import reader
from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig, Step
from baremetal.plan import plan
from baremetal.transport import LocalTransport

SECRET_STEP = "kubeconfig"  # noqa: S105 the name of a step, not what it prints
LAST = (SECRET_STEP, "ready", "platform-images")
"""Steps that must be done before anything is put onto the cluster."""


@dataclass(frozen=True, kw_only=True)
class KubeadmClusterArgs:
    """`facts` are read from this machine when they are not given."""

    config: ClusterConfig = field(default_factory=ClusterConfig)
    facts: Facts | None = None


class KubeadmCluster(pulumi.ComponentResource):
    """One resource per step; a step whose script or environment changed is run again, none is ever replaced."""

    kubeconfig: pulumi.Output[str]

    def __init__(self, name: str, args: KubeadmClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:cluster:KubeadmCluster", name, {}, opts)
        commands: dict[str, local.Command] = {}
        for step in steps_of(args):
            commands[step.name] = self._command(name, step, [commands[need] for need in step.needs])
        last = [commands[step] for step in LAST if step in commands]
        done = pulumi.Output.all(*(command.stdout for command in last))
        self.kubeconfig = pulumi.Output.secret(done.apply(lambda outputs: str(outputs[0])))
        self.register_outputs({"kubeconfig": self.kubeconfig})

    def _command(self, name: str, step: Step, needs: list[local.Command]) -> local.Command:
        secret = step.name == SECRET_STEP
        return local.Command(
            f"{name}-{step.name}",
            create=step.create,
            delete=step.delete,
            environment=dict(step.environment),
            interpreter=["/bin/bash", "-c"],
            logging=local.Logging.NONE if secret else local.Logging.STDOUT_AND_STDERR,
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=needs, additional_secret_outputs=["stdout"] if secret else None
            ),
        )


def steps_of(args: KubeadmClusterArgs) -> tuple[Step, ...]:
    """The plan for this machine; what speaks against it ends the program in plain words."""
    try:
        return plan(args.config, args.facts or reader.read(LocalTransport()))
    except BareMetalError as exc:
        raise pulumi.RunError(str(exc)) from exc
