"""One child process whose lines are shown as they come; it never outlives its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mf.ops.build.builder import Say

_TAIL = 40
_GRACE = 5.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Finished:
    """Exit code and the last lines of what was printed."""

    code: int
    tail: tuple[str, ...]


def run(command: Sequence[str], *, env: Mapping[str, str], say: Say, keep: Sequence[int] = ()) -> Finished:
    """Run to the end; `keep` are file descriptors (locks) that the child holds on to as well."""
    tail: deque[str] = deque(maxlen=_TAIL)
    process = subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=tuple(keep),
        start_new_session=True,
        preexec_fn=_die_with_parent,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    try:
        with process.stdout:
            for line in process.stdout:
                tail.append(line.rstrip())
                say(line.rstrip())
        return Finished(process.wait(), tuple(tail))
    except BaseException:  # also Ctrl-C: nothing goes on building behind the person's back
        _stop(process)
        raise


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[str]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(_GRACE)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
