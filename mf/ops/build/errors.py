"""What can go wrong while an image is made.

MfError
├── Unavailable
│   └── BuilderMissing    this machine or platform has nothing to build with
└── Failed
    ├── BuildFailed       the build ended with an error; `reasons` are its last lines
    └── UploadFailed      the registry did not take the image
        └── RegistryFull  because it has no room left
"""

from __future__ import annotations

from collections.abc import Sequence

from mf.errors import Failed, Unavailable


class BuilderMissing(Unavailable):
    """This machine or platform has nothing to build with."""


class BuildFailed(Failed):
    """The build ended with an error; `reasons` are its last lines."""

    def __init__(self, message: str, *, reasons: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reasons = tuple(reasons)


class UploadFailed(Failed):
    """The registry did not take the image."""


class RegistryFull(UploadFailed):
    """The registry has no room left."""
