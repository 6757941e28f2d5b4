"""Programs that do what this provider does not do itself: helm, kustomize, kubectl."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from engine.provider_api import Host
from providers.kubernetes.errors import KubernetesProviderError, RefusedType

_LONGEST = 300.0


def found(host: Host, names: Sequence[str], what: str) -> str:
    """The first of these programs that is there."""
    for name in names:
        path = shutil.which(name, path=host.environment.get("PATH"))
        if path:
            return path
    wanted = " or ".join(names)
    raise RefusedType(
        f"{what} need {wanted}, which is not on the PATH", hint=f"install {wanted}, or register the objects themselves"
    )


def output(host: Host, command: Sequence[str], what: str) -> str:
    """What the program prints."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            cwd=host.directory or None,
            env=dict(host.environment) or None,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise KubernetesProviderError(f"{what}: {command[0]} does not end well: {exc}") from exc
    if done.returncode:
        raise KubernetesProviderError(f"{what}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return done.stdout
