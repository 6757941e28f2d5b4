"""What a rule says of an object at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from providers.kubernetes.readiness.feed import Object, Selection

View: TypeAlias = Callable[[str], Sequence[Object]]
"""The objects of one of the rule's selections."""

TEN_MINUTES = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something wrong with one container or pod; `grace` seconds of it and there is no hope left."""

    pod: str
    container: str
    cause: str
    text: str
    grace: float
    crashed: bool = False
    restarted: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same trouble a moment later."""
        return self.pod, self.container, self.cause

    def __str__(self) -> str:
        place = f"pod {self.pod}" + (f", container {self.container}" if self.container else "")
        return f"{place}: {self.text}" if self.pod else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Ready, hopeless, or neither yet; `pods` are those whose state explains it."""

    ready: bool = False
    failed: bool = False
    message: str = ""
    troubles: Sequence[Trouble] = ()
    pods: Sequence[Object] = ()


READY = Verdict(ready=True)


def waiting(message: str, *, troubles: Sequence[Trouble] = (), pods: Sequence[Object] = ()) -> Verdict:
    """Not ready yet."""
    return Verdict(message=message, troubles=troubles, pods=pods)


class Rule(Protocol):
    """When objects of one kind are ready."""

    timeout: float

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """What else must be seen to judge the object."""

    def judge(self, obj: Object, view: View) -> Verdict:
        """The verdict on the object as it is."""


class Alone:
    """Base of rules that look at nothing but the object itself."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Nothing."""
        del obj
        return {}


def condition(obj: Mapping[str, Any], type: str) -> Mapping[str, Any]:
    """The object's condition of that type, empty when it has none."""
    found = (obj.get("status") or {}).get("conditions") or []
    return next((c for c in found if c.get("type") == type), {})


def holds(obj: Mapping[str, Any], type: str, status: str = "True") -> bool:
    """Whether the condition has that status."""
    return condition(obj, type).get("status") == status
