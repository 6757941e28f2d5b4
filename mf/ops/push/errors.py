"""What can go wrong in a push beyond what its parts report.

Failed
└── PushFailed    the new version did not come up; `reasons` are its last log lines
"""

from __future__ import annotations

from collections.abc import Sequence

from mf.errors import Failed


class PushFailed(Failed):
    """The new version did not come up; `reasons` are its last log lines."""

    def __init__(self, message: str, *, reasons: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reasons = tuple(reasons)
