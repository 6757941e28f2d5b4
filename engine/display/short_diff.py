"""What changes in a resource, in a few words: `diff: +a~b,c`."""

from __future__ import annotations

from collections.abc import Iterable

from engine.deploy.decide.step import Op, Step
from engine.display import colour
from engine.display.detailed import translate
from engine.display.difference import Differences, between_maps
from engine.display.words import words


def short_diff(step: Step | None) -> str:
    """The names of what is added, deleted and updated; empty when a step changes nothing."""
    if step is None or step.old is None or step.new is None:
        return ""
    changed = {key for key in ("provider", "protect") if getattr(step.old, key) != getattr(step.new, key)}
    if step.old.taint != step.new.taint:
        changed.add(f"{colour.RED}taint{colour.RESET}")
    found: Differences[str] | None = None
    # What stays the same may differ in something that is no property; then its properties are beside the point.
    if step.op is not Op.SAME:
        found = translate(step) if step.detailed else between_maps(step.old.inputs, step.new.inputs)
    if not found and not changed:
        return ""
    found = found or Differences()
    wanted = set(step.diffs)
    return "diff: " + "".join(
        (
            _keys("create", _among(found.adds, wanted)),
            _keys("delete", _among(found.deletes, wanted)),
            _keys("update", _among({*found.updates, *changed}, wanted)),
        )
    )


def _among(keys: Iterable[str], wanted: set[str]) -> list[str]:
    return sorted(key for key in keys if not wanted or key in wanted)


def _keys(op: str, keys: list[str]) -> str:
    return f"{words(op).colour}{words(op).mark.strip()}{','.join(keys)}{colour.RESET}" if keys else ""
