"""What `mf target` chose: cluster, org and space, kept in one small file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mf.errors import UsageError
from mf.ops import names, places

DEFAULT_ORG = "default"
DEFAULT_SPACE = "dev"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where commands go; empty kubeconfig and context mean: found by the usual order."""

    kubeconfig: str = ""
    context: str = ""
    org: str = DEFAULT_ORG
    space: str = DEFAULT_SPACE

    @property
    def namespace(self) -> str:
        """The namespace that holds the space."""
        return namespace_of(self.org, self.space)


def namespace_of(org: str, space: str) -> str:
    """`default`, `dev` → `mf-default-dev`."""
    return f"mf-{org}-{space}"


def load(path: Path | None = None) -> Target:
    """The stored target, or the default one when there is none."""
    file = path or places.target_file()
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return Target(**{key: str(stored[key]) for key in Target.__dataclass_fields__ if stored.get(key)})
    except FileNotFoundError:
        return Target()
    except (ValueError, TypeError, AttributeError) as exc:
        raise UsageError(f"{file} can't be read as a target ({exc})", hint="remove it and run: mf target") from exc


def save(target: Target, path: Path | None = None) -> None:
    """Keep the target for the next commands."""
    places.write_private(path or places.target_file(), json.dumps(asdict(target), indent=2) + "\n")


def chosen(current: Target, *, org: str = "", space: str = "") -> Target:
    """The current target with another org or space, names checked."""
    if org:
        current = replace(current, org=names.check_label("org", org, longest=25))
    if space:
        current = replace(current, space=names.check_label("space", space, longest=25))
    return current
