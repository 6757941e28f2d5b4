"""URNs and provider references."""

from __future__ import annotations

import pytest

from engine import urn
from engine.errors import StateError

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def test_types_of_parents_are_prefixed_but_for_the_root_stack():
    component = urn.build("dev", "shop", "demo:index:C", name="hi", parent=STACK)
    child = urn.build("dev", "shop", "pkg:m:R", name="hi-r", parent=component)
    assert component == "urn:pulumi:dev::shop::demo:index:C::hi"
    assert child == "urn:pulumi:dev::shop::demo:index:C$pkg:m:R::hi-r"
    assert urn.type_of(child) == "pkg:m:R"


def test_a_name_may_hold_the_separator():
    parsed = urn.parse("urn:pulumi:s::p::a:b:C::x::y")
    assert parsed.name == "x::y"
    assert str(parsed) == "urn:pulumi:s::p::a:b:C::x::y"


def test_provider_references_split_at_the_last_separator():
    reference = urn.provider_reference("urn:pulumi:s::p::pulumi:providers:k8s::a::b", "uuid")
    assert urn.split_provider_reference(reference) == ("urn:pulumi:s::p::pulumi:providers:k8s::a::b", "uuid")


def test_default_providers_are_told_by_their_name():
    assert urn.is_default_provider("urn:pulumi:s::p::pulumi:providers:random::default_4_21_4")
    assert not urn.is_default_provider("urn:pulumi:s::p::pulumi:providers:random::mine")
    assert urn.package_of("pulumi:providers:random") == "random"
    assert urn.package_of("kubernetes:apps/v1:Deployment") == "kubernetes"


@pytest.mark.parametrize("text", ["", "urn:pulumi:a::b", "urn:other:a::b::c::d"])
def test_what_is_no_urn_is_refused(text):
    with pytest.raises(StateError, match="no URN"):
        urn.parse(text)
