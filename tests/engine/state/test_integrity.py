"""The rules that a sound state keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import StateError
from engine.state.integrity import check
from engine.state.model import Deployment, Resource
from tests.engine.state.test_serialise import CHILD, PROVIDER, STACK


def _deployment(*resources: Resource) -> Deployment:
    return Deployment(resources=resources)


def test_a_sound_state_passes():
    check(_deployment(STACK, PROVIDER, CHILD))


def test_a_twin_that_is_to_be_deleted_may_share_its_urn():
    check(_deployment(STACK, PROVIDER, CHILD, replace(CHILD, delete=True)))


def test_a_provider_may_be_missing_while_a_replacement_is_pending():
    check(_deployment(STACK, replace(CHILD, pending_replacement=True)))


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ((STACK, PROVIDER, CHILD, CHILD), "twice"),
        ((PROVIDER, CHILD, STACK), "before its parent"),
        ((STACK, CHILD, PROVIDER), "needs provider"),
        ((STACK, replace(PROVIDER, id="other"), CHILD), "needs provider"),
        ((replace(STACK, id="x"),), "has an id"),
        ((STACK, PROVIDER, replace(CHILD, dependencies=("urn:pulumi:a::b::c::d",))), "depends on"),
        ((replace(STACK, urn="nonsense"),), "no URN"),
    ],
)
def test_a_broken_rule_is_named(resources, words):
    with pytest.raises(StateError, match=words):
        check(_deployment(*resources))
