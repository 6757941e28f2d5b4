"""Property paths such as `a.b[0]["x"]["*"]`: read, get, set, delete, and ask whether one contains another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from engine.errors import UsageError
from engine.values import OutputValue, Secret, Value

Step: TypeAlias = str | int
"""One step into a value: a key, or an index."""

Path: TypeAlias = tuple[Step, ...]

WILDCARD: Final = "*"
MISSING: Final = object()
"""What `get` answers when nothing is there; None is a value."""

_PLAIN: Final = re.compile(r'[^.\["]+')
_INDEX: Final = re.compile(r"\[(\d+|\*)\]")
_QUOTED: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')
_SIMPLE_KEY: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")


def parse(text: str) -> Path:
    """The steps of a path, or UsageError where it makes no sense."""
    return tuple(_steps(text))


def _steps(text: str) -> Iterator[Step]:
    at = 0
    while at < len(text):
        if text[at] == ".":
            at += 1
            if at == len(text) or text[at] in ".":
                raise _bad(text, at)
        if text[at] == "[":
            match = _QUOTED.match(text, at)
            if match:
                yield re.sub(r"\\(.)", r"\1", match[1])
            else:
                match = _INDEX.match(text, at)
                if not match:
                    raise _bad(text, at)
                yield WILDCARD if match[1] == WILDCARD else int(match[1])
        else:
            match = _PLAIN.match(text, at)
            if not match:
                raise _bad(text, at)
            yield match[0]
        at = match.end()


def _bad(text: str, at: int) -> UsageError:
    return UsageError(f"property path '{text}' makes no sense at character {at + 1}", hint='write it as a.b[0]["x y"]')


def render(path: Sequence[Step]) -> str:
    """The text of a path, quoted where needed."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _SIMPLE_KEY.match(step):
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def bare(value: Value) -> Value:
    """The value inside secrets and outputs."""
    while isinstance(value, Secret | OutputValue):
        value = value.value
    return value


def get(value: Value, path: Sequence[Step]) -> Value:
    """What is at the path, looking through secrets; MISSING when nothing is (no wildcards)."""
    for step in path:
        value = _child(bare(value), step)
        if value is MISSING:
            return MISSING
    return value


def _child(value: Value, step: Step) -> Value:
    if isinstance(value, Mapping):
        return value.get(str(step), MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return MISSING


def put(value: Value, path: Sequence[Step], new: Value) -> Value:
    """A copy with `new` at the path; maps and lists on the way are made, secrets on the way stay secret."""
    if not path:
        return new
    if isinstance(value, Secret):
        return Secret(put(value.value, path, new))
    step, rest = path[0], path[1:]
    if isinstance(value, list) or (not isinstance(value, Mapping) and isinstance(step, int)):
        return _put_in_list(value if isinstance(value, list) else [], step, (rest, new))
    members = dict(value) if isinstance(value, Mapping) else {}
    members[str(step)] = put(members.get(str(step)), rest, new)
    return members


def _put_in_list(items: list[Value], step: Step, rest_and_new: tuple[Sequence[Step], Value]) -> list[Value]:
    rest, new = rest_and_new
    if not isinstance(step, int) or step > len(items):
        raise UsageError(f"a list of {len(items)} has no place '{step}'; the next free one is {len(items)}")
    old = items[step] if step < len(items) else None
    return [*items[:step], put(old, rest, new), *items[step + 1 :]]


def delete(value: Value, path: Sequence[Step]) -> Value:
    """A copy without what is at the path; the same value when nothing is there."""
    if not path or get(value, path) is MISSING:
        return value
    if isinstance(value, Secret):
        return Secret(delete(value.value, path))
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        assert isinstance(step, int)
        middle = [delete(value[step], rest)] if rest else []
        return [*value[:step], *middle, *value[step + 1 :]]
    if rest:
        return {**value, str(step): delete(value[str(step)], rest)}
    return {key: item for key, item in value.items() if key != str(step)}


def expand(value: Value, path: Sequence[Step]) -> Iterator[Path]:
    """The existing paths that a path with wildcards stands for."""
    if not path:
        yield ()
        return
    inner = bare(value)
    for step in _matching(inner, path[0]):
        for rest in expand(_child(inner, step), path[1:]):
            yield (step, *rest)


def _matching(value: Value, step: Step) -> Sequence[Step]:
    if step == WILDCARD:
        return list(value) if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    return () if _child(value, step) is MISSING else (step,)


def contains(outer: Sequence[Step], inner: Sequence[Step]) -> bool:
    """Whether `inner` lies at or below `outer`; a wildcard in `outer` matches any one step."""
    if len(inner) < len(outer):
        return False
    return all(a in (WILDCARD, b) or str(a) == str(b) for a, b in zip(outer, inner, strict=False))
