"""A policy pack on disk: PulumiPolicy.yaml and a Python program beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import EngineError, UnsupportedError, UsageError

_MANIFEST: Final = "PulumiPolicy.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFolder:
    """Where a pack lies and which interpreter runs it; name and version are empty where only the pack itself knows."""

    path: Path
    program: Path
    python: str
    own_interpreter: bool
    name: str = ""
    version: str = ""


def pack_folder(path: Path) -> PackFolder:
    """The pack in a folder; UsageError where there is none."""
    manifest = path / _MANIFEST
    tree = _manifest(manifest)
    runtime, options = _runtime(tree, manifest)
    if runtime != "python":
        raise UnsupportedError(f"policy pack {path} needs the runtime '{runtime}'; this engine runs python")
    python = _python(path, options)
    return PackFolder(
        path=path,
        program=path / str(tree.get("main") or "."),
        python=python or sys.executable,
        own_interpreter=bool(python),
        name=str(tree.get("name") or ""),
        version=str(tree.get("version") or ""),
    )


def _manifest(manifest: Path) -> Mapping[str, Any]:
    import yaml

    if not manifest.is_file():
        raise UsageError(f"{manifest.parent} is no policy pack: it has no {_MANIFEST}")
    try:
        tree = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise UsageError(f"{manifest} cannot be read: {exc}") from exc
    if not isinstance(tree, Mapping):
        raise UsageError(f"{manifest} holds no mapping; write at least `runtime: python`")
    return tree


def _runtime(tree: Mapping[str, Any], manifest: Path) -> tuple[str, Mapping[str, Any]]:
    runtime = tree.get("runtime")
    if isinstance(runtime, Mapping):
        options = runtime.get("options")
        return str(runtime.get("name")), options if isinstance(options, Mapping) else {}
    if not isinstance(runtime, str):
        raise UsageError(f"{manifest} has no 'runtime'; write runtime: python")
    return runtime, {}


def _python(path: Path, options: Mapping[str, Any]) -> str:
    """The interpreter of the pack's own virtualenv; empty where it has none."""
    chosen = options.get("virtualenv")
    for folder in (str(chosen),) if chosen else ("venv", ".venv"):
        python = path / Path(folder).expanduser() / "bin" / "python"
        if python.exists():
            return str(python)
        if chosen:
            raise EngineError(
                f"policy pack {path} asks for the virtualenv {folder}, but there is no {python}",
                hint=f"python3 -m venv {python.parents[1]} && {python} -m pip install pulumi_policy",
            )
    return ""
