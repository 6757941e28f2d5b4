"""Plans, places and parameters answer a wrong name with the right ones."""

from __future__ import annotations

import pytest

from catalog import registry
from catalog.errors import BadParameter, NotOffered, UnknownPlace, UnknownPlan
from catalog.model import Image, Images
from catalog.parameter import Parameter, completed

POSTGRESQL = registry.get("postgresql")


def test_unknown_plan_names_the_service_and_its_plans() -> None:
    with pytest.raises(UnknownPlan, match="postgresql has no plan 'huge'; choose one of: small, medium, large"):
        POSTGRESQL.plan("huge")


def test_unknown_place_names_the_places() -> None:
    with pytest.raises(UnknownPlace, match="no place 'mars'; choose one of: local, aws, gcp, azure"):
        POSTGRESQL.offering("mars")


def test_a_place_without_a_form_says_why_and_where_else() -> None:
    with pytest.raises(NotOffered, match=r"not offered on aws: .*; it is offered on: local"):
        POSTGRESQL.form("aws")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"size": 3}, "no parameter 'size'; choose from: count, mode"),
        ({"count": "3"}, "'count'; it must be a number"),
        ({"count": True}, "'count'; it must be a number"),
        ({"count": 0}, "at least 1"),
        ({"count": 10}, "at most 9"),
        ({"mode": "z"}, "choose one of: a, b"),
    ],
)
def test_wrong_parameters_are_refused_with_what_would_be_right(given: dict[str, object], problem: str) -> None:
    parameters = (
        Parameter(name="count", type=int, summary="", default=2, least=1, most=9),
        Parameter(name="mode", type=str, summary="", default="a", choices=("a", "b")),
    )
    with pytest.raises(BadParameter) as error:
        completed("thing", parameters, given)
    assert problem in str(error.value)


def test_parameters_are_completed_with_their_defaults() -> None:
    assert POSTGRESQL.check_parameters({}) == {"version": "15"}


def test_images_come_from_the_platforms_registry_or_their_makers() -> None:
    image = Image(bundle="microfoundry/x:1", official="docker.io/library/x:1.2")
    assert Images(registry="127.0.0.1:30500").resolve(image) == "127.0.0.1:30500/microfoundry/x:1"
    assert Images(source="official").resolve(image) == "docker.io/library/x:1.2"
    with pytest.raises(BadParameter, match="bundle, official"):
        Images(source="elsewhere")  # type: ignore[arg-type]  # the wrong value is the point
