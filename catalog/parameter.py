"""Typed parameters of a service: what people may set at creation, and what values make sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.errors import BadParameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; an immutable one can't be changed without making the instance anew."""

    name: str
    type: type[str] | type[int] | type[bool]
    summary: str
    default: str | int | bool
    choices: tuple[str | int, ...] = ()
    least: int | None = None
    most: int | None = None
    immutable: bool = False

    def check(self, service: str, value: Any) -> None:
        """BadParameter unless the value makes sense."""
        if type(value) is not self.type:
            raise self._bad(service, value, f"it must be a {_NAMES[self.type]}")
        if self.choices and value not in self.choices:
            raise self._bad(service, value, f"choose one of: {', '.join(map(str, self.choices))}")
        if isinstance(value, int) and self.least is not None and value < self.least:
            raise self._bad(service, value, f"it must be at least {self.least}")
        if isinstance(value, int) and self.most is not None and value > self.most:
            raise self._bad(service, value, f"it must be at most {self.most}")

    def _bad(self, service: str, value: Any, right: str) -> BadParameter:
        return BadParameter(f"{service} can't take {value!r} for parameter '{self.name}'; {right}")


_NAMES: Mapping[type, str] = {str: "text", int: "number", bool: "boolean (true or false)"}


def completed(service: str, parameters: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given parameters checked, with the defaults of the others."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, value in given.items():
        if name not in known:
            right = f"choose from: {', '.join(sorted(known))}" if known else "it takes none"
            raise BadParameter(f"{service} has no parameter '{name}'; {right}")
        known[name].check(service, value)
    return {name: given.get(name, parameter.default) for name, parameter in known.items()}
