"""How a property's value is written in Keycloak's JSON, and read from there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.keycloak.field import Field

SEPARATOR = "##"
_UNITS = {"h": 3600, "m": 60, "s": 1, "ms": 0.001, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def encode(field: Field, value: Any) -> Any:
    """A property's value as Keycloak wants it; an empty setting of a component is an empty list."""
    if value == "" and field.has("one"):
        return []
    written = _spelling(field)
    value = written.write(value) if written else value
    return [text_of(value)] if field.has("one") else value


def decode(field: Field, value: Any) -> Any:
    """A property's value from what Keycloak says."""
    if field.has("one") and isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return field.zero
    written = _spelling(field)
    return written.read(value) if written and written.read else _typed(field, value)


def _typed(field: Field, value: Any) -> Any:
    if field.type == "bool":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if field.type == "int":
        return int(value) if str(value).strip() else 0
    if field.type in ("map", "extra"):
        spell = json_text if field.has("jsons") else value_of
        return {key: spell(item) for key, item in value.items()}
    return value if isinstance(value, list) else str(value)


def text_of(value: Any) -> str:
    """A value as the text that Keycloak keeps in configuration."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def value_of(value: Any) -> str:
    """A value of a map as state keeps it: always text."""
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return json.dumps(value) if isinstance(value, Mapping) else text_of(value)


def json_text(value: Any) -> str:
    """A value of a map in which structures are written as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def seconds(text: str) -> int:
    """Seconds of a duration such as `1h30m`."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)", text)
    if text not in ("0", "") and "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"'{text}' is no duration; write it like 1h30m or 90s")
    return int(sum(float(number) * _UNITS[unit] for number, unit in parts))


def duration(total: int) -> str:
    """Seconds as hours, minutes and seconds: `1h30m0s`."""
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}h{minutes}m{left}s"
    return f"{minutes}m{left}s" if minutes else f"{left}s"


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to write a value, and to read it where the type alone does not say how."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any] | None = None


def _spelling(field: Field) -> _Spelling | None:
    return next((way for word, way in _SPELLINGS.items() if field.has(word)), None)


def _lists(value: Mapping[str, Any]) -> dict[str, list[str]]:
    return {key: text_of(text).split(SEPARATOR) for key, text in value.items()}


def _joined(value: Mapping[str, Any]) -> dict[str, str]:
    return {key: SEPARATOR.join(map(str, texts)) for key, texts in value.items()}


def _separated(separator: str) -> _Spelling:
    def read(value: Any) -> list[str]:
        return [part.strip() for part in str(value).split(separator) if part.strip()]

    return _Spelling(lambda value: separator.join(map(str, value)), read)


_SPELLINGS: Mapping[str, _Spelling] = {
    "multi": _Spelling(_lists, _joined),
    "ones": _Spelling(_lists, _joined),
    "hash": _separated(SEPARATOR),
    "comma": _separated(","),
    "texts": _Spelling(
        lambda value: json.dumps(value) if value else "", lambda value: json.loads(value) if value else []
    ),
    "duration": _Spelling(lambda value: seconds(str(value)), lambda value: duration(int(value))),
    "millis": _Spelling(
        lambda value: seconds(str(value)) * 1000,
        lambda value: duration(int(value) // 1000) if str(value).strip("0") else "",
    ),
    "lower": _Spelling(lambda value: str(value).lower(), lambda value: str(value).upper()),
    "quoted": _Spelling(text_of),
}
