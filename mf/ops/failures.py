"""Errors of the rooms below in the words of this one; a report of those that nobody expected."""

from __future__ import annotations

import secrets
import sys
import traceback
from pathlib import Path

from catalog.errors import CatalogError, UnknownPlace, UnknownPlan, UnknownService
from components.errors import ComponentError
from engine.errors import EngineError
from engine.kube.errors import BadKubeconfig, Forbidden, KubeError, Unreachable
from mf.errors import Failed, MfError, NoCluster, Unavailable, Unknown, UsageError
from mf.ops import places


def explain(error: Exception) -> MfError | None:
    """The error as one of ours, or None when nobody expected it."""
    if isinstance(error, MfError):
        return error
    if isinstance(error, BadKubeconfig):
        return NoCluster(
            _text(error), hint=error.hint or "name another with --kubeconfig FILE, or make a cluster: mf up"
        )
    if isinstance(error, Unreachable):
        return NoCluster(_text(error), hint=error.hint or "start it or make one: mf up; what is wrong here: mf doctor")
    if isinstance(error, Forbidden):
        return Unavailable(f"the cluster refuses this: {_text(error)}", hint=error.hint)
    if isinstance(error, KubeError | EngineError):
        return Failed(_text(error), hint=error.hint)
    if isinstance(error, UnknownService | UnknownPlan | UnknownPlace):
        return Unknown(str(error))
    if isinstance(error, CatalogError | ComponentError):
        return UsageError(str(error))
    return _forbidden_file(error)


def _forbidden_file(error: Exception) -> MfError | None:
    if not isinstance(error, PermissionError) or not error.filename:
        return None
    return Unavailable(f"{error.filename} may not be read or written by this user", hint="what needs root: mf doctor")


def keep_report(error: Exception) -> Path:
    """Write the full trace to a file of its own; its name is the short id."""
    folder = places.cache() / "errors"
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / f"{secrets.token_hex(4)}.txt"
    command = " ".join(sys.argv[1:2])  # the rest may hold values that should not be kept
    report.write_text(f"mf {command}\n{''.join(traceback.format_exception(error))}", encoding="utf-8")
    report.chmod(0o600)
    return report


def _text(error: EngineError) -> str:
    return error.message or str(error)
