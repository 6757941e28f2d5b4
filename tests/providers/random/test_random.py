"""The types of pulumi_random draw under their rules, once, and can be imported where an id tells the value."""

from __future__ import annotations

import base64
import uuid

import bcrypt
import pytest

from engine.provider_api import ReadRequest
from engine.values import UNKNOWN
from providers.errors import BadInput, ImportRefused
from providers.random import RandomProvider
from tests.providers.conftest import Asked, RecordingHost


@pytest.fixture
def of(host: RecordingHost):
    def make(name: str) -> Asked:
        return Asked(RandomProvider(host), f"random:index/random{name}:Random{name}")

    return make


def test_password_has_its_length_its_kinds_and_a_matching_hash(of) -> None:
    made = of("Password").create(length=24, special=False, minUpper=5, minNumeric=5)
    result = made.outputs["result"]
    assert (len(result), made.id) == (24, "none")
    assert result.isalnum()
    assert sum(c.isupper() for c in result) >= 5 and sum(c.isdigit() for c in result) >= 5
    assert bcrypt.checkpw(result.encode(), made.outputs["bcryptHash"].encode())


def test_two_passwords_differ(of) -> None:
    assert len({of("Password").create(length=16).outputs["result"] for _ in range(5)}) == 5


def test_string_keeps_to_the_special_characters_given(of) -> None:
    made = of("String").create(length=40, overrideSpecial="~", lower=False, upper=False, numeric=False)
    assert made.outputs["result"] == made.id == "~" * 40
    assert made.outputs["minLower"] == 0


@pytest.mark.parametrize(
    ("inputs", "wrong"),
    [
        ({}, "length is required"),
        ({"length": 3, "minLower": 4}, "at least 4"),
        ({"length": 3, "lower": False, "upper": False, "numeric": False, "special": False}, "no kind of characters"),
    ],
)
def test_impossible_strings_are_refused_before_anything_is_drawn(of, inputs: dict[str, object], wrong: str) -> None:
    assert wrong in of("String").check(**inputs).failures[0].reason


def test_id_spells_the_same_bytes_four_ways(of) -> None:
    outputs = of("Id").create(byteLength=6, prefix="a-").outputs
    raw = bytes.fromhex(outputs["hex"].removeprefix("a-"))
    assert base64.b64decode(outputs["b64Std"].removeprefix("a-")) == raw
    assert int(outputs["dec"].removeprefix("a-")) == int.from_bytes(raw, "big")


def test_bytes_are_as_many_as_asked_for(of) -> None:
    outputs = of("Bytes").create(length=32).outputs
    assert base64.b64decode(outputs["base64"]) == bytes.fromhex(outputs["hex"])
    assert len(bytes.fromhex(outputs["hex"])) == 32


def test_integer_lies_between_its_bounds_and_repeats_with_a_seed(of) -> None:
    assert of("Integer").create(min=7, max=7).outputs["result"] == 7
    seeded = {of("Integer").create(min=1, max=10**9, seed="s").outputs["result"] for _ in range(3)}
    assert len(seeded) == 1
    assert "above max" in of("Integer").check(min=2, max=1).failures[0].reason


def test_shuffle_cuts_and_repeats_to_the_count_asked_for(of) -> None:
    assert sorted(of("Shuffle").create(inputs=["a", "b", "c"]).outputs["results"]) == ["a", "b", "c"]
    assert len(of("Shuffle").create(inputs=["a", "b"], resultCount=5).outputs["results"]) == 5
    assert of("Shuffle").create(inputs=[], resultCount=5).outputs["results"] == []


def test_pet_has_as_many_words_as_asked_for(of) -> None:
    assert len(of("Pet").create().id.split("-")) == 2
    assert len(of("Pet").create(length=4, separator=".", prefix="x").id.split(".")) == 5
    assert len(of("Pet").create(length=1).id.split("-")) == 1


@pytest.mark.parametrize(("name", "version"), [("Uuid", 4), ("Uuid4", 4), ("Uuid7", 7)])
def test_uuids_have_their_version_and_variant(of, name: str, version: int) -> None:
    made = uuid.UUID(of(name).create(keepers={"a": "b"}).id)
    assert (made.version, made.variant) == (version, uuid.RFC_4122)


def test_any_change_draws_anew_and_no_change_does_not(of) -> None:
    asked = of("String")
    made = asked.create(length=8)
    assert asked.diff(made, old={"length": 8}, new={"length": 9}).replaces == ["length"]
    assert asked.diff(made, old={"length": 8}, new={"length": 8, "keepers": {"a": "b"}}).replaces == ["keepers"]
    assert asked.diff(made, old={"length": 8, "__defaults": []}, new={"length": 8}).changes.name == "NONE"


def test_preview_draws_nothing(of) -> None:
    outputs = of("Password").create(preview=True, length=8).outputs
    assert (outputs["result"], outputs["bcryptHash"], outputs["upper"]) == (UNKNOWN, UNKNOWN, True)


def test_unknown_length_passes_the_check(of) -> None:
    assert not of("String").check(length=UNKNOWN).failures


def _read(asked: Asked, id: str):
    return asked.provider.read(ReadRequest(urn=asked.urn, type=asked.type, name="n", id=id, inputs={}, outputs={}))


def test_values_that_their_id_tells_can_be_imported(of) -> None:
    assert _read(of("Password"), "swordfish").outputs["result"] == "swordfish"
    assert _read(of("Password"), "swordfish").id == "none"
    assert _read(of("Integer"), "5,1,9").inputs == {"min": 1, "max": 9}
    assert _read(of("Id"), "p-,AQID").outputs["hex"] == "p-010203"


def test_values_that_their_id_does_not_tell_refuse_import(of) -> None:
    with pytest.raises((BadInput, ImportRefused), match="import"):
        _read(of("Shuffle"), "-")
