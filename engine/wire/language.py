"""A client of LanguageRuntime: asks the process that hosts an inline program to run it."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
import grpc.aio
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from engine.errors import ProgramError
from engine.wire.limits import OPTIONS
from engine.wire.monitor import About


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """Where the program finds its monitor, and what it should know."""

    address: str
    directory: str
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a program ended: well, or failed with an error that nobody has shown in full yet (if any)."""

    failed: bool = False
    error: str = ""


async def run_inline(language: str, request: RunRequest) -> Ending:
    """Run the program behind the language server."""
    about = request.about
    async with grpc.aio.insecure_channel(language, options=OPTIONS) as channel:
        stub = language_pb2_grpc.LanguageRuntimeStub(channel)
        message = language_pb2.RunRequest(
            project=about.project,
            stack=about.stack,
            organization=about.organization,
            pwd=request.directory,
            program=".",
            args=[request.address],
            config=about.config,
            configSecretKeys=about.secret_keys,
            dryRun=about.preview,
            parallel=about.parallel,
            monitor_address=request.address,
        )
        try:
            reply = await stub.Run(message)
        except grpc.aio.AioRpcError as error:
            raise ProgramError(f"the program's host at {language} failed: {error.details()}") from error
    return Ending(failed=bool(reply.error) or reply.bail, error=reply.error)
