"""command:local: commands on this machine, as a resource and as a function."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.provider_api import InvokeReply, InvokeRequest
from engine.values import UNKNOWN, Archive, Asset, Secret, Value
from engine.wire.assets import hashed
from providers.command.globs import matching
from providers.command.lifecycle import CommandType, Run, checked, outputs_of, produces
from providers.command.mask import Mask
from providers.command.process import Job, Result, run
from providers.plain import is_secret, is_unknown, reveal, secret_texts

_SHELL = ("/bin/sh", "-c")


class LocalCommand(CommandType):
    """command:local:Command."""

    def execute(self, run_: Run) -> Result:
        """Run it in a shell (or the interpreter given), in `dir` or the program's folder."""
        job = Job(
            argv=[*(run_.props.get("interpreter") or _SHELL), run_.command],
            directory=str(self._directory(run_.props)),
            environment={**_surroundings(), **run_.previous, **(run_.props.get("environment") or {})},
            stdin=run_.props.get("stdin"),
            timeout=run_.timeout,
        )
        result = run(job, on_line=run_.on_line, stopped=run_.stopped)
        return result if result.code else replace(result, files=self._files(run_.props))

    def _files(self, props: Mapping[str, Any]) -> dict[str, Value]:
        """The files that assetPaths and archivePaths pick after the run."""
        found: dict[str, Value] = {}
        if props.get("assetPaths"):
            found["assets"] = self._assets(props, props["assetPaths"])
        if props.get("archivePaths"):
            archive = Archive(assets=self._assets(props, props["archivePaths"]))
            found["archive"] = hashed(archive, Path(self.host.directory))
        return found

    def _assets(self, props: Mapping[str, Any], rules: Sequence[str]) -> dict[str, Asset | Archive]:
        root = self._directory(props)
        return {name: hashed(Asset(path=str(root / name)), root) for name in matching(root, rules)}

    def _directory(self, props: Mapping[str, Any]) -> Path:
        return Path(self.host.directory or ".", props.get("dir") or "")


class Runner(LocalCommand):
    """command:local:run: a command at every execution of the program, previews included."""

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """Run it; with unknown arguments there is nothing to run yet."""
        if is_unknown(dict(request.args)):
            return InvokeReply(result={**request.args, **dict.fromkeys(produces(request.args), UNKNOWN)})
        mask = Mask(secret_texts(request.args))
        props = reveal(request.args)
        listener = self.listener(request.args, mask, "")
        outcome = self.execute(
            Run(command=props.get("command") or "", props=props, on_line=listener, stopped=self.host.cancelled)
        )
        checked(outcome, mask)
        said = outputs_of(outcome)
        if is_secret(request.args):
            said = {key: Secret(value) for key, value in said.items()}
        return InvokeReply(result={**request.args, **said})


def _surroundings() -> dict[str, str]:
    """This process's environment; console scripts installed beside this interpreter are found last."""
    beside = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "PATH": path if beside in path.split(os.pathsep) else f"{path}{os.pathsep}{beside}"}
