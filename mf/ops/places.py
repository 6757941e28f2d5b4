"""Where files live on this machine (docs/architecture.md holds the table)."""

from __future__ import annotations

import os
from pathlib import Path

LOCAL_CLUSTER = Path("/var/lib/microfoundry")


def home() -> Path:
    """The person's home; `$HOME` first, so that tests and CI can move it."""
    return Path(os.environ.get("HOME") or Path.home())


def config() -> Path:
    """Settings of this person: the target file, the passphrase, the kubeconfig of the local cluster."""
    return home() / ".config" / "microfoundry"


def state() -> Path:
    """Pulumi state of the platform stacks."""
    return home() / ".local" / "share" / "microfoundry" / "state"


def cache() -> Path:
    """Slow builds by content, and reports of unexpected errors."""
    return Path(os.environ.get("MF_CACHE") or home() / ".cache" / "microfoundry")


def local_kubeconfig() -> Path:
    """The kubeconfig that `mf up` writes for the cluster it made."""
    return config() / "kubeconfig"


def target_file() -> Path:
    """What `mf target` chose."""
    return config() / "target.json"


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
