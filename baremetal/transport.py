"""How scripts reach a machine: an interface, and the machine that we are on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from baremetal.errors import ScriptFailed

OnLine = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a script said and how it ended."""

    code: int
    output: str


class Transport(Protocol):
    """A way to run bash scripts on one machine; SSH is to be another one."""

    @property
    def host(self) -> str:
        """The machine's name, for messages."""

    def run(
        self, script: str, *, environment: Mapping[str, str] | None = None, on_line: OnLine | None = None
    ) -> Completed:
        """Run a script to its end; its error output comes among its output."""


class LocalTransport:
    """The machine that this process runs on."""

    host = "this machine"

    def run(
        self, script: str, *, environment: Mapping[str, str] | None = None, on_line: OnLine | None = None
    ) -> Completed:
        """Run a script with bash; an interrupt of ours reaches it as well, being in the same process group."""
        with subprocess.Popen(
            ["/bin/bash", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
        ) as process:
            assert process.stdout is not None
            lines: list[str] = []
            for line in process.stdout:
                lines.append(line)
                if on_line is not None:
                    on_line(line.rstrip("\n"))
        return Completed(code=process.returncode, output="".join(lines))


def read(transport: Transport, script: str) -> str:
    """Output of a script that has to succeed. Raises ScriptFailed."""
    completed = transport.run(script)
    if completed.code != 0:
        raise ScriptFailed(transport.host, "reading the machine's facts", completed.code, completed.output)
    return completed.output
