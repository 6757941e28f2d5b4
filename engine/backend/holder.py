"""Who holds a lock, and whether that process is surely gone."""

from __future__ import annotations

import os
import pwd
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

_SLACK_SECONDS: Final = 2.0
"""Start times are only known to a tick, and a lock is taken well after its process started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process behind a lock; fields as in Pulumi's lock files, `boot` and `space` are our own addition."""

    pid: int
    username: str
    hostname: str
    timestamp: str
    boot: str = ""
    space: str = ""

    @classmethod
    def me(cls) -> Holder:
        """This process, now."""
        return cls(
            pid=os.getpid(),
            username=_username(),
            hostname=socket.gethostname(),
            timestamp=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            boot=_boot(),
            space=_pid_space(),
        )

    @classmethod
    def parse(cls, tree: Any) -> Holder:
        """The holder that a lock names; what is missing stays empty. ValueError for what is no holder at all."""
        if not isinstance(tree, dict) or type(tree.get("pid") or 0) is not int:
            raise ValueError("a holder is an object with a pid")
        texts = {key: str(tree.get(key) or "") for key in ("username", "hostname", "timestamp", "boot", "space")}
        return cls(pid=tree.get("pid") or 0, **texts)

    def tree(self) -> dict[str, Any]:
        """The JSON object of this holder."""
        return asdict(self)

    def __str__(self) -> str:
        return f"created by {self.username}@{self.hostname} (pid {self.pid}) at {self.timestamp}"

    def is_near(self) -> bool:
        """Whether the process can be looked up from here: same machine, same boot, same table of processes."""
        return self.hostname == socket.gethostname() and self.space in ("", _pid_space())

    def is_gone(self) -> bool:
        """Whether the process has surely ended; False where that cannot be known from here."""
        if not self.is_near():
            return False
        if self.boot and self.boot != _boot():
            return True
        started = _start_time(self.pid)
        if started is None:
            return not Path(f"/proc/{self.pid}").exists() and Path("/proc/self").exists()
        taken = _seconds(self.timestamp)
        # The pid was given to another process since: that one started after the lock was taken.
        return taken is not None and started > taken + _SLACK_SECONDS


def _username() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _boot() -> str:
    return _text(Path("/proc/sys/kernel/random/boot_id"))


def _pid_space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _start_time(pid: int) -> float | None:
    stat, table = _text(Path(f"/proc/{pid}/stat")), _text(Path("/proc/stat"))
    boots = [line.split()[1] for line in table.splitlines() if line.startswith("btime ")]
    if not stat or not boots:
        return None
    # The process name, in brackets, may hold anything; fields are counted behind it.
    fields = stat.rpartition(")")[2].split()
    if fields[0] in ("Z", "X"):
        return None
    return float(boots[0]) + float(fields[19]) / os.sysconf("SC_CLK_TCK")


def _seconds(timestamp: str) -> float | None:
    try:
        return datetime.fromisoformat(timestamp).timestamp()
    except (ValueError, OverflowError):
        return None
