"""A support file: the moments at which a process may be killed; it kills itself at the one that it was told."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any, Final

_WRITES: Final = ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate")
_FOR_WRITING: Final = os.O_WRONLY | os.O_RDWR


class Points:
    """Counts moments by kind; the process dies at number `kill_at`, before what the moment is about happens."""

    def __init__(self, kill_at: int | None) -> None:
        self.kinds: list[str] = []
        self._kill_at = kill_at
        self._lock = threading.Lock()

    def reach(self, kind: str) -> None:
        """A moment is there."""
        with self._lock:
            self.kinds.append(kind)
            if len(self.kinds) - 1 == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch_folder(self, folder: str) -> None:
        """Every change of a file below the folder is a moment."""

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event in _WRITES and _is_change(event, args) and str(args[0]).startswith(folder):
                self.reach(f"file {event}")

        sys.addaudithook(hook)

    def watch_cluster(self) -> None:
        """Every writing request to a cluster is two moments: before it is sent, and after its answer came."""
        from engine.kube.client import Kube

        for name in ("create", "replace", "delete"):
            setattr(Kube, name, self._around(name, getattr(Kube, name)))

    def _around(self, name: str, call: Any) -> Any:
        def around(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before cluster {name}")
            answer = call(*args, **kwargs)
            self.reach(f"after cluster {name}")
            return answer

        return around


def _is_change(event: str, args: tuple[Any, ...]) -> bool:
    return event != "open" or bool(int(args[2] or 0) & _FOR_WRITING)
