"""Service instances: ordered by the catalog, refused while bound, deleted with their data."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.errors import UnknownPlan, UnknownService
from mf.errors import AlreadyThere, Missing, Refused, UsageError
from mf.ops import services
from tests.mf import samples

ORDER = {"service": "postgresql", "plan": "small", "name": "my-db", "parameters": {}}


def _order(**changes) -> services.Order:
    return services.Order(**{**ORDER, **changes})


def test_a_new_instance_is_a_stack_of_its_own(recorder) -> None:
    services.create(samples.session_with(), _order())
    assert recorder.done == [("up", "service", "my-db")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"service": "postgres"}, UnknownService),
        ({"plan": "huge"}, UnknownPlan),
        ({"name": "My_DB"}, UsageError),
    ],
)
def test_a_wrong_order_changes_nothing(change: dict[str, Any], error: type[Exception], recorder) -> None:
    with pytest.raises(error):
        services.create(samples.session_with(), _order(**change))
    assert recorder.done == []


def test_a_name_that_is_taken_says_by_what(recorder) -> None:
    session = samples.session_with(samples.instance("my-db", plan="large"))
    with pytest.raises(AlreadyThere, match="postgresql large"):
        services.create(session, _order())


def test_the_same_order_again_changes_nothing(recorder) -> None:
    session = samples.session_with()
    there = samples.instance("my-db")
    there["metadata"]["annotations"]["microfoundry.dev/spec"] = services._spec(session, _order()).to_json()
    samples.kube_of(session)._keep(there)
    assert services.create(session, _order()) is None
    assert recorder.done == []


def test_an_instance_that_never_got_ready_is_finished_by_the_same_order(recorder) -> None:
    session = samples.session_with()
    half = samples.instance("my-db", ready=0)
    half["metadata"]["annotations"]["microfoundry.dev/spec"] = services._spec(session, _order()).to_json()
    samples.kube_of(session)._keep(half)
    services.create(session, _order())
    assert recorder.done == [("up", "service", "my-db")]


def test_a_listing_says_which_apps_are_bound() -> None:
    session = samples.session_with(
        samples.instance("my-db"), samples.instance("other", ready=0), samples.binding("web"), samples.binding("api")
    )
    mine, other = services.list_instances(session)
    assert (mine.name, mine.state, mine.apps) == ("my-db", "ready", ("api", "web"))
    assert (other.state, other.apps) == ("starting", ())


def test_deleting_is_refused_while_an_app_is_bound(recorder) -> None:
    session = samples.session_with(samples.instance("my-db"), samples.binding("web"))
    with pytest.raises(Refused, match="service my-db is bound to web") as caught:
        services.delete(session, services.removal(session, "my-db"))
    assert "mf unbind-service web my-db" in caught.value.hint
    assert recorder.done == []


def test_force_deletes_also_what_cannot_revoke_any_more(recorder) -> None:
    claim = samples._object(
        "v1", "PersistentVolumeClaim", "data-my-db-0", labels={"microfoundry.dev/instance": "my-db"}
    )
    app = samples.app("web", bindings=("my-db",))
    session = samples.session_with(samples.instance("my-db"), app, samples.binding("web"), claim)
    services.delete(session, services.removal(session, "my-db"), force=True)
    assert recorder.done == [("up", "app", "web"), ("destroy", "service", "my-db"), ("destroy", "binding", "web.my-db")]
    assert recorder.specs[-1].bindings == ()
    assert ("delete", "PersistentVolumeClaim", "data-my-db-0") in samples.kube_of(session).calls


def test_an_unknown_instance_is_answered_with_those_there_are() -> None:
    with pytest.raises(Missing, match=r"no service named 'nope'.*there is: my-db"):
        services.get(samples.session_with(samples.instance("my-db")), "nope")


def test_a_removal_that_was_cut_short_is_finished_by_the_same_command(recorder) -> None:
    claim = samples._object(
        "v1", "PersistentVolumeClaim", "data-my-db-0", labels={"microfoundry.dev/instance": "my-db"}
    )
    session = samples.session_with(claim)
    planned = services.removal(session, "my-db")
    assert planned.what == "what is left of it"
    services.delete(session, planned)
    assert ("delete", "PersistentVolumeClaim", "data-my-db-0") in samples.kube_of(session).calls


def test_nothing_at_all_is_not_removed() -> None:
    with pytest.raises(Missing, match="no service named 'my-db'"):
        services.removal(samples.session_with(), "my-db")


def test_a_binding_that_was_only_begun_counts_as_one() -> None:
    session = samples.session_with(samples.instance("my-db"), samples.state("binding", "web.my-db"))
    assert services.users(session, "my-db") == ["web"]
