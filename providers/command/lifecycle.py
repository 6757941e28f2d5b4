"""What local and remote commands share: when which command runs, what becomes of its words, what stays secret."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    Host,
    Severity,
    UpdateReply,
    UpdateRequest,
)
from engine.values import UNKNOWN, Props, Secret, Value
from providers.base import ResourceType
from providers.command.connection import SECRET_FIELDS
from providers.command.mask import Mask
from providers.command.process import Result, Stream
from providers.errors import CommandFailed
from providers.plain import is_secret, reveal, secret_texts

_TAIL = 20
_LOGGED = {None: ("stdout", "stderr"), "none": (), "stdoutAndStderr": ("stdout", "stderr")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one command line of a resource."""

    command: str
    props: Mapping[str, Any]
    """Inputs with secrets opened."""
    on_line: Callable[[Stream, str], None]
    stopped: Callable[[], bool]
    previous: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 0


class CommandType(ResourceType):
    """A command that creates, one that updates, one that deletes; subclasses know where it runs."""

    replaced_by = ("triggers",)

    def __init__(self, host: Host, cancelled: Callable[[], bool]) -> None:
        self.host = host
        self._cancelled = cancelled

    def check(self, request: CheckRequest) -> CheckReply:
        """Inputs as given; previous output goes into the environment unless refused."""
        reply = super().check(request)
        return CheckReply(inputs={"addPreviousOutputInEnv": True, **reply.inputs}, failures=reply.failures)

    def create(self, request: CreateRequest) -> CreateReply:
        """Run `create`, if there is one."""
        identity = f"{request.name}{secrets.token_hex(4)}"
        if request.preview:
            return CreateReply(id="", outputs=self._unknown(request.inputs))
        outputs = self._outputs(request.inputs, request.inputs.get("create"), request)
        return CreateReply(id=identity, outputs=outputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Run `update`, or `create` again where there is none."""
        if request.preview:
            return UpdateReply(outputs=self._unknown(request.news))
        command = request.news.get("update")
        if command is None:
            command = request.news.get("create")
        return UpdateReply(outputs=self._outputs(request.news, command, request))

    def delete(self, request: DeleteRequest) -> None:
        """Run `delete`, if there is one, as the last update left it."""
        if request.outputs.get("delete") is not None:
            self._run(request.outputs["delete"], request.outputs, request)

    @abstractmethod
    def execute(self, run: Run) -> Result:
        """Run it there and wait for the end."""

    def _unknown(self, inputs: Props) -> Props:
        return {**inputs, **dict.fromkeys(produces(inputs), UNKNOWN)}

    def _outputs(self, inputs: Props, command: Value, request: CreateRequest | UpdateRequest) -> Props:
        """Inputs and what the run gave; as any input may be echoed, one secret input makes all of it secret."""
        produced: dict[str, Value] = {"stdout": "", "stderr": ""}
        if command is not None:
            result = self._run(command, inputs, request)
            produced = outputs_of(result)
        elif isinstance(request, UpdateRequest):
            produced = {key: request.olds[key] for key in produces(inputs) if key in request.olds}
        if is_secret(without_connection(inputs)):
            produced = {key: Secret(reveal(value)) for key, value in produced.items()}
        return {**inputs, **produced}

    def _run(self, command: Value, props: Props, request: CreateRequest | UpdateRequest | DeleteRequest) -> Result:
        mask = Mask(sensitive_texts(props))
        result = self.execute(
            Run(
                command=str(reveal(command)),
                props=reveal(props),
                on_line=self.listener(props, mask, request.urn),
                stopped=lambda: self._cancelled() or self.host.cancelled(),
                previous=_previous(props, request),
                timeout=request.timeout,
            )
        )
        return checked(result, mask)

    def listener(self, props: Props, mask: Mask, urn: str) -> Callable[[Stream, str], None]:
        """What becomes of each line: shown while at work, kept in the log only where `logging` asks for it."""
        choice = reveal(props.get("logging"))
        streams = _LOGGED.get(choice, (choice,))

        def hear(stream: Stream, line: str) -> None:
            if stream in streams:
                self.host.log(Severity.INFO, mask(line), urn=urn, ephemeral=choice is None)

        return hear


def without_connection(inputs: Props) -> Props:
    """The inputs that a command could echo; a connection is secret as a whole, and none of its business."""
    return {key: value for key, value in inputs.items() if key != "connection"}


def sensitive_texts(props: Props) -> frozenset[str]:
    """All that must not be shown: of the connection only keys and passwords, as host and user tell where it failed."""
    connection = reveal(props.get("connection"))
    ways_in = [part for part in (connection, (connection or {}).get("proxy")) if isinstance(part, dict)]
    locks = {part[name] for part in ways_in for name in SECRET_FIELDS if part.get(name)}
    return secret_texts(without_connection(props)) | locks


def produces(inputs: Props) -> tuple[str, ...]:
    """Names of the outputs that only a run can give."""
    files = {"assets": "assetPaths", "archive": "archivePaths"}
    return ("stdout", "stderr", *(output for output, paths in files.items() if inputs.get(paths) is not None))


def outputs_of(result: Result) -> dict[str, Value]:
    """What a run gave, by output name."""
    said = {"stdout": result.stdout.removesuffix("\n"), "stderr": result.stderr.removesuffix("\n")}
    return {**said, **result.files}


def checked(result: Result, mask: Mask) -> Result:
    """The result of a command that went well; CommandFailed with its last words otherwise."""
    if result.code:
        words = result.stderr.strip() or result.stdout.strip()
        raise CommandFailed(result.code, [mask(line) for line in words.splitlines()[-_TAIL:]], where=result.where)
    return result


def _previous(props: Props, request: CreateRequest | UpdateRequest | DeleteRequest) -> Mapping[str, str]:
    """What the command before said, for the environment of the next."""
    if isinstance(request, CreateRequest) or reveal(props.get("addPreviousOutputInEnv")) is False:
        return {}
    olds = request.olds if isinstance(request, UpdateRequest) else request.outputs
    texts = {"PULUMI_COMMAND_STDOUT": olds.get("stdout"), "PULUMI_COMMAND_STDERR": olds.get("stderr")}
    return {key: reveal(value) for key, value in texts.items() if reveal(value)}
