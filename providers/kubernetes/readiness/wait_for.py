"""Conditions that a program names itself, in place of the kind's own rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from providers.kubernetes.errors import KubernetesProviderError
from providers.kubernetes.readiness.feed import Object
from providers.kubernetes.readiness.verdict import READY, Alone, Verdict, View, condition, waiting

_STEP = re.compile(r"""\.([^.\[\]]+)|\[(\d+|\*)\]|\['([^']+)'\]|\["([^"]+)"\]""")


class WaitForRule(Alone):
    """Ready when every expression holds: `condition=Type[=Status]`, `jsonpath={.path}[=value]`."""

    def __init__(self, expressions: Sequence[str]) -> None:
        for expression in expressions:
            if not expression.startswith(("condition=", "jsonpath=")):
                known = "condition=TYPE, condition=TYPE=STATUS, jsonpath={.PATH}, jsonpath={.PATH}=VALUE"
                raise KubernetesProviderError(f"pulumi.com/waitFor is '{expression}'; it would be one of: {known}")
        self._expressions = expressions

    def judge(self, obj: Object, view: View) -> Verdict:
        """The first expression that does not hold is what is waited for."""
        del view
        for expression in self._expressions:
            form, _, rest = expression.partition("=")
            held = _condition(obj, rest) if form == "condition" else _jsonpath(obj, rest)
            if not held:
                return waiting(f"waiting for {expression}")
        return READY


def _condition(obj: Object, text: str) -> bool:
    type, _, status = text.partition("=")
    return str(condition(obj, type).get("status", "")).lower() == (status or "True").lower()


def _jsonpath(obj: Object, text: str) -> bool:
    path, _, wanted = text.partition("}=") if text.startswith("{") else text.partition("=")
    found = values(obj, path.strip("{}"))
    return any(_text(v) == wanted.strip("\"'") for v in found) if wanted else bool(found)


def values(obj: Any, path: str) -> list[Any]:
    """What is at a path of keys, indexes and `[*]`."""
    path = path if path.startswith((".", "[")) else f".{path}"
    if "".join(m.group(0) for m in _STEP.finditer(path)) != path:
        raise KubernetesProviderError(f"pulumi.com/waitFor: the path '{path}' is not understood; use .key, [0] and [*]")
    found = [obj]
    for match in _STEP.finditer(path):
        found = [item for value in found for item in _step(value, match)]
    return found


def _step(value: Any, match: re.Match[str]) -> list[Any]:
    key = match[1] or match[3] or match[4]
    if key is not None:
        return [value[key]] if isinstance(value, dict) and value.get(key) is not None else []
    if not isinstance(value, list):
        return []
    if match[2] == "*":
        return value
    return value[int(match[2]) : int(match[2]) + 1]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
