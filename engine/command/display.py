"""Shows an update line by line while it runs, as Pulumi does where there is no terminal."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.command.words import words
from engine.deploy.api import Event

_SHOWN_FROM_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 10.0
_MASK: Final = "[secret]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What to show."""

    preview: bool = False
    debug: bool = False
    progress: bool = True
    sames: bool = False


@dataclass(slots=True)
class _Note:
    """What is said at the end about one resource."""

    type: str
    name: str
    lines: list[str] = field(default_factory=list)


class LineDisplay:
    """A listener that writes lines; `close` ends the heartbeat of long steps."""

    def __init__(self, out: Callable[[str], None], style: Style) -> None:
        self._out = out
        self._style = style
        self._begun: dict[tuple[str, str], float] = {}
        self._rows: dict[tuple[str, str], str] = {}
        self._notes: dict[str, _Note] = {}
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._heartbeat: threading.Thread | None = None
        self._react: Final[Mapping[str, Callable[[Any], None]]] = {
            "resourcePreEvent": self._on_begin,
            "resOutputsEvent": self._on_end,
            "resOpFailedEvent": self._on_failure,
            "diagnosticEvent": self._on_diagnostic,
            "stdoutEvent": self._on_stdout,
        }

    def take(self, event: Event) -> None:
        """Show one event."""
        for kind, react in self._react.items():
            if kind in event:
                react(event[kind])

    def close(self) -> None:
        """No more events."""
        self._stopped.set()
        if self._heartbeat is not None:
            self._heartbeat.join()

    def diagnostics(self) -> None:
        """All warnings and errors once more, by resource."""
        if not self._notes:
            return
        self._out("\nDiagnostics:")
        for note in self._notes.values():
            self._out(f"  {note.type} ({note.name}):" if note.type else "  Program:")
            for line in note.lines:
                self._out(f"    {line}")

    def _on_begin(self, body: Mapping[str, Any]) -> None:
        meta = body["metadata"]
        op = meta["op"]
        if op == "same" and not self._style.sames:
            return
        row = _row(meta)
        if self._style.preview:
            self._out(f"{row} {words(op).plan}{_changed(meta)}")
            return
        with self._lock:
            self._begun[op, meta["urn"]] = time.monotonic()
            self._rows[op, meta["urn"]] = f"{row} {words(op).doing}"
        self._start_heartbeat()
        self._out(f"{row} {words(op).doing}{_changed(meta)}")

    def _on_end(self, body: Mapping[str, Any]) -> None:
        meta = body["metadata"]
        with self._lock:
            # The stack's own outputs come as an event of their own, long after it was made.
            known = (meta["op"], meta["urn"]) in self._begun
        if known:
            self._out(f"{_row(meta)} {words(meta['op']).done}{self._elapsed(meta)}")

    def _on_failure(self, body: Mapping[str, Any]) -> None:
        meta = body["metadata"]
        self._out(f"{_row(meta)} **{words(meta['op']).doing} failed**{self._elapsed(meta)}")

    def _on_stdout(self, body: Mapping[str, Any]) -> None:
        self._out(str(body["message"]).rstrip("\n"))

    def _on_diagnostic(self, body: Mapping[str, Any]) -> None:
        severity, text = body.get("severity", "info"), str(body.get("message", "")).rstrip("\n")
        if severity == "debug" and not self._style.debug:
            return
        type, name = _type_and_name(body.get("urn") or "")
        if severity in ("warning", "error", "info#err"):
            note = self._notes.setdefault(body.get("urn") or "", _Note(type, name))
            note.lines.extend(f"{body.get('prefix', '')}{text}".splitlines())
            return
        where = f"    {type} {name}: " if type and type != "pulumi:pulumi:Stack" else "    "
        for line in text.splitlines():
            self._out(f"{where}{line}")

    def _elapsed(self, meta: Mapping[str, Any]) -> str:
        with self._lock:
            begun = self._begun.pop((meta["op"], meta["urn"]), None)
        took = 0.0 if begun is None else time.monotonic() - begun
        return f" ({took:.0f}s)" if took >= _SHOWN_FROM_SECONDS else ""

    def _start_heartbeat(self) -> None:
        if self._heartbeat is None and self._style.progress:
            self._heartbeat = threading.Thread(target=self._beat, name="display-heartbeat", daemon=True)
            self._heartbeat.start()

    def _beat(self) -> None:
        while not self._stopped.wait(_HEARTBEAT_SECONDS / 2):
            now = time.monotonic()
            with self._lock:
                long = [(self._rows[key], now - at) for key, at in self._begun.items() if now - at > _HEARTBEAT_SECONDS]
            for row, took in long:
                self._out(f"{row} ({took:.0f}s)")


def summary(changes: Mapping[str, int], seconds: float, *, preview: bool) -> list[str]:
    """The block of counts and the duration."""
    lines = ["", "Resources:"]
    for op, count in changes.items():
        if op != "same" and count:
            word = f"to {words(op).plan}" if preview else words(op).done
            lines.append(f"    {words(op).mark}{count} {word}")
    changed = len(lines) - 2
    same = changes.get("same", 0)
    if same:
        total = sum(count for op, count in changes.items() if op != "same")
        lines.append(f"    {total} changes. {same} unchanged" if changed else f"    {same} unchanged")
    if not changed and not same:
        lines.append("    none")
    return [*lines, "", f"Duration: {_duration(seconds)}"]


def outputs(values: Mapping[str, Any]) -> list[str]:
    """The block of outputs, of plain values with secrets masked already."""
    if not values:
        return []
    width = max(len(name) for name in values)
    shown = {name: _MASK if item == _MASK else json.dumps(item, ensure_ascii=False) for name, item in values.items()}
    return ["", "Outputs:", *(f"    {name:<{width}}: {text}" for name, text in shown.items())]


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}m{whole % 60}s" if whole >= 60 else f"{whole}s" if seconds >= 1 else f"{seconds:.1f}s"


def _row(meta: Mapping[str, Any]) -> str:
    type, name = _type_and_name(meta["urn"])
    return f" {words(meta['op']).mark} {type} {name}"


def _type_and_name(urn: str) -> tuple[str, str]:
    parts = urn.split("::", 3)
    return (parts[2].rpartition("$")[2], parts[3]) if len(parts) == 4 else ("", "")


def _changed(meta: Mapping[str, Any]) -> str:
    keys = list(meta.get("detailedDiff") or {}) or list(meta.get("diffs") or [])
    return f" [diff: {','.join(keys[:8])}{',…' if len(keys) > 8 else ''}]" if keys else ""
