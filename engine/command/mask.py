"""Secrets of the config stay unseen even where a program or a plugin prints them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from engine.deploy.api import Event

_SHORTEST: Final = 3
"""Shorter secrets are part of too many words, as Pulumi has it too."""


def masked(emit: Callable[[Event], None], secrets: Iterable[str]) -> Callable[[Event], None]:
    """An `emit` that writes `[secret]` over these texts in whatever is said."""
    plain = {text for text in secrets if len(text) >= _SHORTEST}
    # As JSON has them, too. The longest go first: one secret may hold another.
    forms = sorted(plain | {json.dumps(text)[1:-1] for text in plain}, key=len, reverse=True)

    def masking(event: Event) -> None:
        for kind in ("diagnosticEvent", "stdoutEvent"):
            if kind in event:
                event = {**event, kind: {**event[kind], "message": _hidden(event[kind]["message"], forms)}}
        emit(event)

    return masking if forms else emit


def _hidden(text: str, forms: list[str]) -> str:
    for form in forms:
        text = text.replace(form, "[secret]")
    return text
