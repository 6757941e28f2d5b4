"""The tree of errors that operations raise on purpose.

MfError
├── UsageError        a name, flag or value that makes no sense
├── Unknown           what was named does not exist; says what does
│   └── Missing       the same, for things of the cluster
├── Refused           it exists, but its state forbids this
│   ├── AlreadyThere  it cannot be made twice
│   └── Locked        another process is changing it
├── Unavailable       the cluster, the platform on it, or this machine can't serve the request
│   ├── NoCluster     nothing answers, or the kubeconfig is wrong
│   └── NoPlatform    the cluster answers, but MicroFoundry is not on it
└── Failed            it was tried and did not work
    └── DeployFailed  a Pulumi update failed; `reasons` holds every diagnostic
"""

from __future__ import annotations

from collections.abc import Sequence


class MfError(Exception):
    """Base of all; `hint` is what would be right, shown on a line of its own."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MfError):
    """A name, flag or value that makes no sense."""


class Unknown(MfError):
    """What was named does not exist; says what does."""


class Missing(Unknown):
    """No such thing where it was looked for; `known` lists what is there."""

    def __init__(self, what: str, name: str, *, known: Sequence[str] = (), where: str = "", hint: str = "") -> None:
        place = f" in {where}" if where else ""
        there = f"; there {'are' if len(known) > 1 else 'is'}: {', '.join(known)}" if known else ""
        super().__init__(f"no {what} named '{name}'{place}{there}", hint=hint)
        self.what = what
        self.name = name
        self.known = tuple(known)


class Refused(MfError):
    """It exists, but its state forbids this."""


class AlreadyThere(Refused):
    """It cannot be made twice."""


class Locked(Refused):
    """Another process is changing it."""


class Unavailable(MfError):
    """The cluster, the platform on it, or this machine can't serve the request."""


class NoCluster(Unavailable):
    """Nothing answers, or the kubeconfig is wrong."""


class NoPlatform(Unavailable):
    """The cluster answers, but MicroFoundry is not on it."""


class Failed(MfError):
    """It was tried and did not work."""


class DeployFailed(Failed):
    """A Pulumi update failed; `reasons` are the diagnostics beyond the first."""

    def __init__(self, message: str, *, reasons: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reasons = tuple(reasons)
