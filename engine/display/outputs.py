"""A step's outputs: all of them, or what of them differs from before."""

from __future__ import annotations

from typing import Final

from engine.deploy.decide.step import Op, Step
from engine.display.difference import Differences, between, between_maps, is_internal
from engine.display.look import Look
from engine.display.printer import Printer, is_telling
from engine.urn import STACK_TYPE
from engine.values import UNKNOWN, OutputValue, Secret, Value

_COMPLETE: Final = frozenset({Op.READ, Op.READ_REPLACEMENT})
"""Steps whose outputs even a preview knows."""


def outputs_text(step: Step, look: Look, *, indent: int, refresh: bool = False) -> str:
    """The outputs worth showing; empty when there are none."""
    root = step.resource.type == STACK_TYPE
    sames = look.sames or (root and not look.preview)
    if look.preview and not (refresh or root or step.op in _COMPLETE):
        return ""
    if step.old is not None and step.old.init_errors:
        return ""
    found: Differences[str] | None = None
    new = step.new.outputs if step.new is not None else {}
    if step.old is not None and (step.old.outputs or root):
        found = between_maps(step.old.outputs, new)
        if look.preview and root:
            _forget_unknown(found)
        if not found:
            if not sames:
                return ""
            found = None
    return _Writer(step, look, refresh=refresh, sames=sames).text(found, indent)


class _Writer:
    def __init__(self, step: Step, look: Look, *, refresh: bool, sames: bool) -> None:
        self._step = step
        self._look = look
        self._refresh = refresh
        self._sames = sames

    def text(self, found: Differences[str] | None, indent: int) -> str:
        look = self._look
        printer = Printer(
            parts=[],
            indent=indent,
            op=self._step.op.value,
            planning=look.preview,
            shorten=not look.full_output,
            secrets=look.secrets,
        )
        new = self._step.new.outputs if self._step.new is not None else {}
        keys = sorted(new) if found is None else found.names()
        width = max((len(key) for key in keys), default=0)
        for key in keys:
            if self._is_shown(key, new.get(key), found):
                if found is None:
                    printer.title(key, width)(printer)
                    printer.value(new[key])
                else:
                    printer.difference(found, key, width)
        return printer.text()

    def _is_shown(self, key: str, value: Value, found: Differences[str] | None) -> bool:
        if found is None and (is_internal(key) or not is_telling(value, outputs=True)):
            return False
        inputs = self._step.new.inputs if self._step.new is not None else {}
        if key in inputs and not self._refresh and between(value, inputs[key]) is None:
            return False
        return self._sames or found is None or key not in found.sames


def _forget_unknown(found: Differences[str]) -> None:
    """What is only known afterwards is no change that a preview could tell."""
    for key in [key for key, change in found.updates.items() if _is_unknown(change.new)]:
        del found.updates[key]


def _is_unknown(value: Value) -> bool:
    if isinstance(value, Secret):
        return _is_unknown(value.value)
    return value is UNKNOWN or (isinstance(value, OutputValue) and value.value is UNKNOWN)
