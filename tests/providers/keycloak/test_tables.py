"""The tables against the SDK package: every type, every input, every output."""

from __future__ import annotations

import pytest

from providers.keycloak.field import table
from providers.keycloak.tables import kinds
from tests.support import sdk_surface

SDK = sdk_surface.types("pulumi_keycloak")


def test_every_type_of_the_sdk_is_in_the_tables_and_no_other() -> None:
    assert {f"keycloak:{token}" for token in kinds()} == set(SDK)


@pytest.mark.parametrize("token", sorted(SDK))
def test_a_type_has_the_sdks_inputs_and_outputs(token: str) -> None:
    fields = kinds()[token.removeprefix("keycloak:")].fields
    assert {one.name for one in fields if not one.has("output")} == SDK[token].inputs
    assert {one.name for one in fields if one.has("output")} == SDK[token].outputs


def test_a_line_of_a_table_says_where_a_property_is_and_what_it_means() -> None:
    (field,) = table("    userInfo @config/user.info bool quoted new :true|not~so = true")
    assert (field.name, field.place, field.type, field.default) == ("userInfo", ("config", "user.info"), "bool", True)
    assert field.has("quoted") and field.has("new") and not field.has("required")
    assert field.choices == ("true", "not so")


def test_an_unknown_word_in_a_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="'quotd' of the property x"):
        table("    x quotd")


def test_indented_lines_are_the_parts_of_an_object() -> None:
    (field,) = table("    a object\n        b int\n        c @. object\n            d\n")
    assert [one.name for one in field.fields] == ["b", "c"]
    assert field.fields[1].inline and field.fields[1].fields[0].name == "d"
