"""One resource on the screen: what happens to it, how long that takes, and what was said about it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.deploy.decide.step import Op, Step
from engine.display import colour
from engine.display.look import Look
from engine.display.short_diff import short_diff
from engine.display.words import joined, planned, words
from engine.urn import STACK_TYPE

_KINDS: Final = (
    ("error", "error", "errors", colour.RED),
    ("warning", "warning", "warnings", colour.YELLOW),
    ("info", "message", "messages", colour.MAGENTA),
    ("debug", "debug", "debugs", colour.RESET),
)


@dataclass(slots=True)
class Notes:
    """The diagnostics of one resource."""

    all: list[Mapping[str, Any]] = field(default_factory=list)
    last: Mapping[str, Any] | None = None
    last_error: Mapping[str, Any] | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, body: Mapping[str, Any]) -> None:
        """Remember one; ephemeral ones only until the next."""
        severity = str(body.get("severity", "info"))
        self.last = body
        if severity == "error":
            self.last_error = body
        self.all.append(body)
        if not body.get("ephemeral"):
            kind = "info" if severity == "info#err" else severity
            self.counts[kind] = self.counts.get(kind, 0) + 1

    def tally(self) -> list[str]:
        """`1 error`, `2 warnings`."""
        found = [(self.counts.get(kind, 0), one, many, paint) for kind, one, many, paint in _KINDS]
        return [
            f"{count} {paint}{one if count == 1 else many}{colour.RESET}" for count, one, many, paint in found if count
        ]


@dataclass(slots=True)
class Row:
    """A line of the tree; `step` is None until the resource itself is heard of."""

    urn: str
    look: Look
    step: Step | None = None
    hidden: bool = True
    """Not worth a line unless something below it is."""

    failed: bool = False
    over: bool = False
    """Whether the whole update is over."""

    trouble: bool = False
    """Whether a step of the update failed, so that the parts of replacements are told apart to the end."""

    born: int = 0
    order: int = 0
    began: float | None = None
    ended: float | None = None
    outputs: dict[str, Step] = field(default_factory=dict)
    """The steps that were done, by op."""

    notes: Notes = field(default_factory=Notes)

    @property
    def op(self) -> str:
        """The op as it is shown."""
        op = self.step.op.value if self.step is not None else "same"
        if self.look.terminal and not self.trouble and (self.look.preview or self.over):
            return joined(op)
        return op

    @property
    def is_root(self) -> bool:
        """Whether it is the stack."""
        return not self.urn or self.type == STACK_TYPE

    @property
    def parent(self) -> str:
        """The URN of what it belongs to."""
        return self.step.resource.parent if self.step is not None else ""

    @property
    def type(self) -> str:
        """The resource's type."""
        return self.urn.split("::", 3)[2].rpartition("$")[2] if self.urn else STACK_TYPE

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.split("::", 3)[3] if self.urn else ""

    @property
    def done(self) -> bool:
        """Whether nothing more is to happen to it."""
        if self.failed or self.over:
            return True
        return not self.is_root and self.step is not None and self.step.op.value in self.outputs

    def columns(self) -> list[str]:
        """Mark, type, name, status, info; or the URN in the place of type and name."""
        mark = words(self.op).prefix(done=self.done) + colour.RESET
        names = [self.urn] if self.look.urns else [self.type, _printable(self.name)]
        return [mark, *names, self._status(), self._info()]

    def dots(self, ticks: int) -> str:
        """What moves while it goes on."""
        if self.done or not self.look.terminal or (self.op == "same" and not self.is_root):
            return ""
        return f"{words(self.op).paint(done=False)}{'.' * ((self.born + ticks) % 4)}{colour.RESET}"

    def _status(self) -> str:
        failed = self.failed or "error" in self.notes.counts
        if not self.done:
            text = self._going_on()
        elif not failed and self._cut_off():
            text = f"{colour.YELLOW}{words(self.op).doing} (interrupted){colour.RESET}"
        else:
            text = self._finished(failed=failed)
        return text + ("[retain]" if self._retained() else "")

    def _going_on(self) -> str:
        op = self.op
        if self.is_root and op == "same":
            return "running"
        text = words(op).plan if self.look.preview else words(op).doing
        if text and not self.look.preview and self.began is not None and self.look.timings:
            text += f" ({int(time.monotonic() - self.began)}s)"
        return f"{words(op).paint(done=False)}{text}{colour.RESET}"

    def _finished(self, *, failed: bool) -> str:
        op = self.op
        if self.look.preview:
            return f"{words(op).colour}{planned(self.step.op.value if self.step else 'same')}{colour.RESET}"
        text = words(op).failed if failed else words(op).done
        if op != "same":
            text += self._took()
        return f"{colour.RED}**{text}**{colour.RESET}" if failed else f"{words(op).colour}{text}{colour.RESET}"

    def _took(self) -> str:
        if self.began is None or self.ended is None or not self.look.timings:
            return ""
        seconds = self.ended - self.began
        return f" ({seconds:.2f}s)" if seconds < 1 else f" ({int(seconds)}s)"

    def _cut_off(self) -> bool:
        """Whether the update ended while something was still being done to it."""
        step = self.step
        if step is None or not self.over or not step.resource.custom:
            return False
        return step.op not in (Op.SAME, Op.REMOVE_PENDING_REPLACE) and step.op.value not in self.outputs

    def _retained(self) -> bool:
        step = self.step
        return bool(
            step is not None
            and step.old is not None
            and step.old.retain_on_delete
            and step.op in (Op.DELETE, Op.REPLACE, Op.CREATE_REPLACEMENT, Op.DELETE_REPLACED)
        )

    def _info(self) -> str:
        parts = []
        changes = short_diff(self._telling_step())
        if changes:
            parts.append(f"[{changes}]")
        parts.extend(self.notes.tally() if self.over else self._latest())
        return "; ".join(parts).partition("\n")[0]

    def _telling_step(self) -> Step | None:
        """The step that says what changes: of the parts of a replacement, the replacement itself."""
        if self.step is not None and self.step.op in (Op.CREATE_REPLACEMENT, Op.DELETE_REPLACED):
            return self.outputs.get("replace", self.step)
        return self.step

    def _latest(self) -> list[str]:
        note = self.notes.last
        if self.look.terminal and self.notes.last_error is not None:
            note = self.notes.last_error
        text = message(note, debug=self.look.debug) if note is not None else ""
        return [text] if text else []


def message(body: Mapping[str, Any], *, debug: bool) -> str:
    """A diagnostic's text; nothing for debug lines that nobody asked for."""
    if body.get("severity") == "debug" and not debug:
        return ""
    return f"{body.get('prefix', '')}{body.get('message', '')}".rstrip()


def _printable(name: str) -> str:
    return name if name.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
