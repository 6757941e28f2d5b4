"""A support file: run programs through the engine as Automation API does, and keep what came of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

import engine.deploy
from engine.deploy.api import (
    ConfigValue,
    FileProgram,
    InlineProgram,
    Operation,
    Options,
    Outcome,
    Ports,
    StackId,
    Update,
)
from engine.inline import direct
from engine.plugins.find import ProjectPlugins
from engine.state import integrity
from engine.state.model import Deployment, Resource
from engine.urn import name_of
from tests.engine.deploy.cloud import Cloud

Program = Callable[[], None]

_VERDICTS = ("update failed", "update canceled", "preview failed", "preview canceled")


class Thing(pulumi.CustomResource):
    """A resource of the pretended cloud."""

    made: pulumi.Output[str]
    key: pulumi.Output[str]
    value: pulumi.Output[Any]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        props = {"made": None, "key": None, "value": None, **inputs}
        super().__init__("cloud:index:Thing", name, props, opts)


class Group(pulumi.ComponentResource):
    """A component."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("cloud:index:Group", name, inputs, opts)


class CloudSettings(pulumi.ProviderResource):
    """An explicit provider."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("cloud", name, inputs, opts)


def void(_made: Any) -> None:
    """For programs that are lambdas: what they make is not what they export."""


class ClosingServer(LanguageServer):
    """Closes what the SDK leaves open when a program fails while some of its tasks complain."""

    def Run(self, request: Any, context: Any) -> Any:
        program, loops = self.program, []

        def noted() -> Any:
            loops.append(asyncio.get_running_loop())
            return program()

        self.program = noted
        try:
            return super().Run(request, context)  # type: ignore[no-untyped-call]  # the SDK has no types here
        finally:
            for loop in loops:
                loop.close()


@contextmanager
def hosted(program: Program) -> Any:
    """The address of a language server that runs the program."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(ClosingServer(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@dataclass
class Stage:
    """One stack of a test, from update to update."""

    cloud: Cloud
    directory: Path
    state: Deployment = field(default_factory=Deployment)
    saves: list[Deployment] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    config: dict[str, ConfigValue] = field(default_factory=dict)
    cancel: threading.Event = field(default_factory=threading.Event)
    terminate: threading.Event = field(default_factory=threading.Event)
    direct: bool = False
    others: Any = None
    environment: dict[str, str] = field(default_factory=dict)
    plugins: ProjectPlugins = field(default_factory=ProjectPlugins)
    home: FileProgram | None = None

    def up(self, program: Program, **options: Any) -> Outcome:
        """Update the stack."""
        return self._program(Operation.UP, program, options)

    def preview(self, program: Program, **options: Any) -> Outcome:
        """Foretell an update."""
        return self._program(Operation.PREVIEW, program, options)

    def refresh(self, **options: Any) -> Outcome:
        """Make the state say what is there."""
        return self.run(Operation.REFRESH, None, options)

    def destroy(self, **options: Any) -> Outcome:
        """Delete everything."""
        return self.run(Operation.DESTROY, None, options)

    def _program(self, operation: Operation, program: Program, options: Mapping[str, Any]) -> Outcome:
        with hosted(direct(program) if self.direct else program) as address:
            return self.run(operation, InlineProgram(address=address), options)

    def run(self, operation: Operation, program: Any, options: Mapping[str, Any]) -> Outcome:
        """Run any update."""
        self.events.clear()
        self.saves.clear()
        update = Update(
            operation=operation,
            stack=StackId(project="demo", name="dev"),
            base=self.state,
            program=program,
            directory=self.directory,
            config=self.config,
            options=Options(**options),
            environment=self.environment,
            plugins=self.plugins,
            home=self.home,
        )
        ports = Ports(
            save=self._save,
            emit=self.events.append,
            cancel=self.cancel,
            terminate=self.terminate,
            others=self.others,
        )
        outcome = engine.deploy.run(update, ports)
        if operation is not Operation.PREVIEW and not update.options.dry_run:
            integrity.check(outcome.deployment)
            self.state = outcome.deployment
        return outcome

    def _save(self, deployment: Deployment) -> None:
        integrity.check(deployment)
        self.saves.append(deployment)

    def resource(self, name: str) -> Resource:
        """The one live resource of that name."""
        (found,) = [one for one in self.state.resources if name_of(one.urn) == name and not one.delete]
        return found

    def names(self) -> list[str]:
        """The names of all resources but the stack and default providers, in the order of the state."""
        names = [name_of(one.urn) for one in self.state.resources]
        return [name for name in names if name != "demo-dev" and not name.startswith("default")]

    def ops(self, event: str = "resOutputsEvent") -> list[tuple[str, str]]:
        """Operation and name of each step that was reported."""
        metas = [one[event]["metadata"] for one in self.events if event in one]
        return [(meta["op"], name_of(meta["urn"])) for meta in metas]

    def errors(self) -> list[str]:
        """Error lines that were shown, but for the last, which only says that there were some."""
        lines = [one["diagnosticEvent"] for one in self.events if "diagnosticEvent" in one]
        told = [line["message"].strip() for line in lines if line["severity"] == "error"]
        return [line for line in told if line not in _VERDICTS]
