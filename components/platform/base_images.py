"""The images that apps and services are built from, put into the platform's registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_command as command


@dataclass(frozen=True, kw_only=True)
class BaseImagesArgs:
    """`parts` of the bundle whose images go to `registry`; `builder` is the command that makes and pushes them."""

    parts: Sequence[str]
    registry: pulumi.Input[str]
    push: str = "python -m baremetal.bundle push"


class BaseImages(pulumi.ComponentResource):
    """One command for all parts: images that the registry holds already are passed over in milliseconds."""

    def __init__(self, name: str, args: BaseImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:BaseImages", name, {}, opts)
        words = " ".join(args.parts)
        command.local.Command(
            f"{name}-push",
            create=pulumi.Output.concat(args.push, " --registry ", args.registry, " ", words),
            delete="true",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
