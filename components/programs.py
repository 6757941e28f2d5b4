"""The programs of micro-stacks: one for an app, a service instance, a binding; for Automation's inline programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import pulumi

from components.app_spec import AppSpec
from components.instance_spec import BindingSpec, InstanceSpec

Program: TypeAlias = Callable[[], None]

CONFIG: Final = {"kubernetes:enableSecretMutable": "true", "kubernetes:enableConfigMapMutable": "true"}
"""Config of every micro-stack: Secrets change in place, as replacing one takes it from running apps for a moment."""


def app_program(spec: AppSpec) -> Program:
    """Deploys one app."""

    def run() -> None:
        from components.app import App

        app = App(spec.name, spec)
        pulumi.export("image", spec.image)
        pulumi.export("routes", app.routes)

    return run


def service_program(spec: InstanceSpec) -> Program:
    """Makes one service instance."""

    def run() -> None:
        from components.backing_service import BackingService

        for key, value in BackingService(spec.name, spec).address.items():
            pulumi.export(key, value)

    return run


def binding_program(spec: BindingSpec) -> Program:
    """Makes the credentials of one app for one instance."""

    def run() -> None:
        from components.binding import Binding

        pulumi.export("secret", Binding(f"{spec.app}-{spec.instance}", spec).secret)

    return run
