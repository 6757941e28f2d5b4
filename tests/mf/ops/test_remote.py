"""A command that could not be started ends as it would in a shell; other failures are the cluster's."""

from __future__ import annotations

import io
from typing import Any

import pytest

from engine.kube.errors import Forbidden, KubeError
from mf.ops import remote
from mf.ops.session import Session
from tests.mf import samples


def session_that_raises(error: Exception, monkeypatch: pytest.MonkeyPatch) -> Session:
    def exec_stream(*_: Any, **__: Any) -> int:
        raise error

    session = samples.session_with(samples.app("web"), samples.pod("web-1-x"))
    monkeypatch.setattr(session.kube, "exec_stream", exec_stream, raising=False)
    return session


def run(session: Session) -> int:
    return remote.run(session, "web-1-x", ["x"], tty=False, stdin=None, stdout=io.BytesIO(), stderr=io.BytesIO())


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ('exec: "nosuch": executable file not found in $PATH', 127),
        ('exec: "/no/such": stat /no/such: no such file or directory', 127),
        ('exec: "/etc/passwd": permission denied', 126),
        ("exec /data: exec format error", 126),
    ],
)
def test_a_command_that_cannot_be_started_has_a_shells_code(
    cause: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_that_raises(KubeError(500, "NotStarted", f"the command cannot be started: {cause}"), monkeypatch)
    with pytest.raises(remote.NotStarted) as caught:
        run(session)
    assert (caught.value.code, cause in caught.value.message) == (code, True)


def test_what_the_cluster_refuses_is_no_matter_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Forbidden):
        run(session_that_raises(Forbidden(403, "Forbidden", "no"), monkeypatch))
