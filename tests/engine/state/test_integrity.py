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
        ((STACK, PROVIDER, CHILD, CHILD), "duplicate resource"),
        ((PROVIDER, CHILD, STACK), "parent .* comes after it"),
        ((STACK, CHILD, PROVIDER), "unknown provider"),
        ((STACK, replace(PROVIDER, id="other"), CHILD), "unknown provider"),
        ((replace(STACK, id="x"),), "non-empty ID"),
        ((STACK, PROVIDER, replace(CHILD, dependencies=("urn:pulumi:a::b::c::d",))), "refers to missing resource"),
        ((STACK, PROVIDER, replace(CHILD, parent="urn:pulumi:a::b::c::d")), "missing parent"),
        ((STACK, PROVIDER, replace(CHILD, deleted_with="urn:pulumi:a::b::c::d")), "deleted with .* missing"),
        ((STACK, replace(PROVIDER, replace_with=(CHILD.urn,)), CHILD), "replaced with .* comes after it"),
        ((replace(STACK, urn="nonsense"),), "no URN"),
    ],
)
def test_a_broken_rule_is_named(resources, words):
    with pytest.raises(StateError, match=words):
        check(_deployment(*resources))
