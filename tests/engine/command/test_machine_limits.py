"""What the machine refuses is told in one line, and is no internal error."""

from __future__ import annotations

import errno
import os

import pytest

from engine.backend.api import Backend
from engine.command.main import execute
from engine.command.session import Session


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_limit_of_the_machine_is_told_in_one_line(dev, code):
    def failing(_url: str, _environment: object, _directory: object) -> Backend:
        raise OSError(code, os.strerror(code), "/state/dev.json")

    session = Session(
        directory=dev.directory,
        environment=dev.environment,
        out=dev.out.append,
        err=dev.err.append,
        open_backend=failing,
        read_input=str,
    )
    dev.err.clear()
    assert execute(["stack", "ls"], session) == 1
    assert dev.complaint == f"error: /state/dev.json: {os.strerror(code)}"
