"""Scale, restart, delete: the spec is edited, the stack does the rest."""

from __future__ import annotations

from typing import Any

import pytest

from mf.errors import Missing, UsageError
from mf.ops import app_lifecycle as lifecycle
from tests.mf import samples


def test_scaling_changes_only_what_was_said(recorder) -> None:
    session = samples.session_with(samples.app("web", memory="256Mi"))
    lifecycle.scale(session, "web", lifecycle.Size(instances=3))
    changed = recorder.specs[-1]
    assert (changed.instances, changed.memory) == (3, "256Mi")


def test_memory_and_disk_take_cloud_foundrys_units(recorder) -> None:
    lifecycle.scale(samples.session_with(samples.app("web")), "web", lifecycle.Size(memory="1G", disk="512M"))
    assert (recorder.specs[-1].memory, recorder.specs[-1].disk) == ("1Gi", "512Mi")


def test_scaling_to_what_it_is_runs_nothing(recorder) -> None:
    lifecycle.scale(samples.session_with(samples.app("web", instances=2, ready=2)), "web", lifecycle.Size(instances=2))
    assert recorder.done == []


@pytest.mark.parametrize("size", [{"instances": -1}, {"instances": 501}, {"memory": "lots"}, {"disk": "0G"}])
def test_impossible_sizes_are_refused(size: dict[str, Any], recorder) -> None:
    with pytest.raises(UsageError):
        lifecycle.scale(samples.session_with(samples.app("web")), "web", lifecycle.Size(**size))
    assert recorder.done == []


def test_restart_leaves_a_new_mark_and_takes_the_present_environment(recorder) -> None:
    session = samples.session_with(samples.app("web"), samples.secret("web-env", A="1"))
    lifecycle.restart(session, "web")
    assert recorder.specs[-1].restarted
    assert recorder.specs[-1].env_revision


def test_deleting_removes_app_then_bindings_then_environment(recorder) -> None:
    session = samples.session_with(samples.app("web", bindings=("cache", "my-db")), samples.secret("web-env", A="1"))
    lifecycle.delete(session, lifecycle.removal(session, "web"))
    assert recorder.done == [
        ("destroy", "app", "web"),
        ("destroy", "binding", "web.cache"),
        ("destroy", "binding", "web.my-db"),
    ]
    assert samples.kube_of(session).calls[-1] == ("delete", "Secret", "web-env")


def test_what_would_go_is_known_before_it_goes(recorder) -> None:
    session = samples.session_with(samples.app("web", bindings=("my-db",)))
    planned = lifecycle.removal(session, "web")
    assert (planned.urls, planned.services) == (("http://web.dev.apps.localhost",), ("my-db",))
    assert recorder.done == []


@pytest.mark.parametrize(
    "left",
    [samples.state("app", "web"), samples.state("binding", "web.my-db"), samples.secret("web-env", A="1")],
    ids=["stack", "binding", "environment"],
)
def test_a_removal_that_was_cut_short_is_finished_by_the_same_command(left: dict[str, Any], recorder) -> None:
    session = samples.session_with(left)
    planned = lifecycle.removal(session, "web")
    lifecycle.delete(session, planned)
    assert recorder.done[0] == ("destroy", "app", "web")
    assert planned.services == (("my-db",) if "my-db" in left["metadata"]["name"] else ())


def test_an_unknown_app_is_not_deleted(recorder) -> None:
    with pytest.raises(Missing):
        lifecycle.removal(samples.session_with(), "web")
