"""Live progress on stderr: finished steps as lines with their time, what is at work as one line that is rewritten."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from mf.cli.show import seconds
from mf.ops.progress import Note, Output, Progress, Status, Step
from mf.ops.session import Session

_TICK = 0.2
_HEARTBEAT = 15.0
_WORTH_TELLING = 0.1
_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red"), "replace": ("±", "magenta")}
_COLOURS = {"warning": "yellow", "error": "red", "info": None}


class Display:
    """Prints progress records; on a terminal the last line shows what is at work, elsewhere a heartbeat does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._running: dict[str, tuple[str, float]] = {}
        self._status = ""
        self._drawn = False
        self._live = sys.stderr.isatty()
        self._spoke = time.monotonic()
        self._stop = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __call__(self, progress: Progress) -> None:
        """The `Report` of a session."""
        with self._lock:
            if isinstance(progress, Step):
                self._step(progress)
            elif isinstance(progress, Status):
                self._status = progress.text
            elif isinstance(progress, Note):
                colour = _COLOURS.get(progress.level)
                self._print(click.style(f"  {progress.text}", fg=colour) if colour else f"  {progress.text}")
            elif isinstance(progress, Output):
                self._print(click.style("    │ ", dim=True) + progress.text)

    def start(self) -> None:
        """Begin to rewrite the last line, or to send heartbeats."""
        self._ticker.start()

    def stop(self) -> None:
        """Leave no half line behind."""
        self._stop.set()
        self._ticker.join(timeout=2)
        with self._lock:
            self._erase()

    def _step(self, step: Step) -> None:
        sign, colour = _SIGNS.get(step.verb, ("·", "cyan"))
        title = f"{step.verb} {step.kind} {step.name}"
        if step.state == "started":
            self._running[step.key] = (title, time.monotonic())
        elif step.state == "planned":
            self._print(f"  {click.style(sign, fg=colour)} {step.verb:<8}{step.kind:<24} {step.name}")
        else:
            self._running.pop(step.key, None)
            failed = step.state == "failed"
            mark = click.style("✗" if failed else sign, fg="red" if failed else colour)
            verb = "failed" if failed else _past(step.verb)
            took = click.style(f"  {seconds(step.seconds)}", dim=True) if step.seconds >= _WORTH_TELLING else ""
            self._print(f"  {mark} {verb:<9}{step.kind:<24} {step.name}{took}")
        self._status = ""

    def _print(self, line: str) -> None:
        self._erase()
        click.echo(line, err=True)
        self._spoke = time.monotonic()

    def _tick(self) -> None:
        while not self._stop.wait(_TICK):
            with self._lock:
                if self._live:
                    self._draw()
                elif time.monotonic() - self._spoke > _HEARTBEAT:
                    self._print(f"  … {self._working()}")

    def _working(self) -> str:
        elapsed = seconds(time.monotonic() - self._begun)
        now = [f"{title} {seconds(time.monotonic() - since)}" for title, since in self._running.values()]
        told = [self._status] if self._status else []
        return f"{elapsed}  " + " · ".join([*told, *now[-3:]] or ["at work"])

    def _draw(self) -> None:
        if time.monotonic() - self._begun < 1 or not (self._running or self._status):
            return
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + f"  … {self._working()}"[:width])
        sys.stderr.flush()
        self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False


def _past(verb: str) -> str:
    return {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}.get(verb, verb)


@contextmanager
def display() -> Iterator[Display]:
    """A running display that is put away in any case."""
    shown = Display()
    shown.start()
    try:
        yield shown
    finally:
        shown.stop()


@contextmanager
def session_progress(session: Session) -> Iterator[Display]:
    """Show what the session's operations report."""
    with display() as shown:
        session.report = shown
        yield shown
