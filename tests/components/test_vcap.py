"""VCAP documents are what Cloud Foundry's client libraries parse."""

from __future__ import annotations

import base64
import json

import pytest

from catalog import registry
from components import binding, vcap
from components.instance_spec import BindingSpec, InstanceSpec

INSTANCE = InstanceSpec(
    name="my-db", org="default", space="dev", namespace="mf-default-dev", service="postgresql", plan="small"
)
BINDING = BindingSpec.of(INSTANCE, app="web")


def bound(**values: str) -> vcap.BoundService:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return vcap.BoundService.of_secret(binding.metadata(BINDING)["annotations"], data)


def test_a_bound_service_is_listed_under_its_label_with_all_documented_fields() -> None:
    document = vcap.services_document([bound(uri="postgresql://x", type="postgresql")])
    (entry,) = document["postgresql"]
    assert entry["credentials"] == {"uri": "postgresql://x"}
    assert (entry["name"], entry["instance_name"], entry["binding_name"]) == ("my-db", "my-db", None)
    assert (entry["label"], entry["plan"]) == ("postgresql", "small")
    assert (entry["syslog_drain_url"], entry["volume_mounts"]) == (None, [])
    assert "postgresql" in entry["tags"]


def test_two_instances_of_a_service_share_its_label() -> None:
    assert len(vcap.services_document([bound(uri="a"), bound(uri="b")])["postgresql"]) == 2


def test_the_text_is_the_same_in_whatever_order_the_secret_comes() -> None:
    one, other = bound(uri="u", host="h", username="n"), bound(username="n", host="h", uri="u")
    assert vcap.services_environment([one]) == vcap.services_environment([other])


def test_database_url_is_that_of_the_first_database() -> None:
    environment = vcap.services_environment([bound(uri="postgresql://a"), bound(uri="postgresql://b")])
    assert environment["DATABASE_URL"] == "postgresql://a"
    assert json.loads(environment["VCAP_SERVICES"])["postgresql"][1]["credentials"]["uri"] == "postgresql://b"


def test_a_named_binding_is_known_by_its_name() -> None:
    named = BindingSpec.of(INSTANCE, app="web", binding_name="main")
    about = vcap.about(named, registry.get("postgresql"))
    assert (about["name"], about["binding_name"], about["instance_name"]) == ("main", "main", "my-db")


@pytest.mark.parametrize(
    ("quantity", "count"), [("512Mi", 512), ("2Gi", 2048), ("1048576", 1), ("2048Ki", 2), ("1Ti", 1048576)]
)
def test_sizes_are_told_in_mebibytes(quantity: str, count: int) -> None:
    assert vcap.mebibytes(quantity) == count
