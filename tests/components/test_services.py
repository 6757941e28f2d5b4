"""The contract of the catalog: every service, plan and form makes what its kind promises."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest

from catalog import registry
from catalog.errors import NotOffered
from catalog.model import Place, Service
from components.instance_spec import BindingSpec, InstanceSpec
from components.names import SPEC
from components.programs import binding_program, service_program
from tests.components.conftest import is_secret, opened

OFFERED = [
    pytest.param(service, place, plan.name, id=f"{service.name}-{place}-{plan.name}")
    for service in registry.all()
    for place in service.places
    for plan in service.plans
]
LOCAL = [
    pytest.param(service, plan.name, id=f"{service.name}-{plan.name}")
    for service in registry.all()
    for plan in service.plans
    if Place.LOCAL in service.places
]


def instance(service: Service, plan: str, place: str = "local") -> InstanceSpec:
    return InstanceSpec(
        name="my-db",
        org="default",
        space="dev",
        namespace="mf-default-dev",
        service=service.name,
        plan=plan,
        place=place,
    )


@pytest.mark.parametrize(("service", "place", "plan"), OFFERED)
def test_a_binding_gives_exactly_the_keys_of_its_kind_all_secret_and_filled(
    run, service: Service, place: str, plan: str
) -> None:
    spec = BindingSpec.of(instance(service, plan, place), app="web")
    secret = run(binding_program(spec)).one("core/v1:Secret")
    values = {key: base64.b64decode(value).decode() for key, value in opened(secret["data"]).items()}
    assert is_secret(secret["data"])
    assert sorted(values) == sorted(service.kind.keys)
    assert all(values.values())
    assert secret["type"] == f"servicebinding.io/{service.kind.name}"
    assert values["type"] == service.kind.name


@pytest.mark.parametrize(("service", "place", "plan"), OFFERED)
def test_an_instance_tells_its_address_and_nothing_secret(run, service: Service, place: str, plan: str) -> None:
    made = run(service_program(instance(service, plan, place)))
    (component,) = [item for item in made.resources if item.typ == "microfoundry:index:BackingService"]
    assert component.name == "my-db"
    children = {
        name: parent for name, parent in made.parents.items() if not name.startswith(("pulumi:", "microfoundry:"))
    }
    assert children and all("microfoundry:index:BackingService::my-db" in parent for parent in children.values())
    assert "password-of" not in str([item.inputs for item in made.resources if not item.typ.endswith("Secret")])


@pytest.mark.parametrize(("service", "plan"), LOCAL)
def test_a_local_instance_is_pinned_labelled_unprivileged_and_sized_by_its_plan(
    run, service: Service, plan: str
) -> None:
    made = run(service_program(instance(service, plan)))
    workload = made.one("StatefulSet")
    pod = workload["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert not container["image"].endswith(":latest") and ":" in container["image"].rpartition("/")[2]
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["fsGroup"]
    assert container["resources"]["limits"]["memory"] == service.plan(plan).memory
    (claim,) = workload["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == service.plan(plan).storage
    for item in made.resources:
        if item.typ.startswith("kubernetes:"):
            assert item.inputs["metadata"]["labels"]["microfoundry.dev/instance"] == "my-db"


@pytest.mark.parametrize(("service", "plan"), LOCAL)
def test_a_local_instance_can_be_made_again_from_its_annotation(run, service: Service, plan: str) -> None:
    spec = instance(service, plan)
    annotations = run(service_program(spec)).one("StatefulSet")["metadata"]["annotations"]
    assert InstanceSpec.from_json(annotations[SPEC]) == spec


@pytest.mark.parametrize("service", [pytest.param(item, id=item.name) for item in registry.all()])
def test_each_plan_is_larger_than_the_one_before(service: Service) -> None:
    sizes = [(_number(plan.cpu), _number(plan.memory), _number(plan.storage)) for plan in service.plans]
    for smaller, larger in pairwise(sizes):
        assert all(a <= b for a, b in zip(smaller, larger, strict=True)) and smaller != larger


@pytest.mark.parametrize("service", [pytest.param(item, id=item.name) for item in registry.all()])
def test_a_place_that_is_not_offered_says_so_before_anything_is_made(run, service: Service) -> None:
    for place in Place:
        if place not in service.places:
            assert service.offering(place).note
            with pytest.raises(NotOffered):
                run(service_program(instance(service, "small", place)))


def test_the_password_reaches_the_client_by_standard_input_alone(run) -> None:
    spec = BindingSpec.of(instance(registry.get("postgresql"), "small"), app="web")
    command = run(binding_program(spec)).one("command:local:Command")
    assert is_secret(command["stdin"]) and "password-of" in opened(command["stdin"])
    assert "password-of" not in str({key: value for key, value in command.items() if key != "stdin"})


def test_unbinding_revokes_the_role_that_binding_made_unless_the_instance_is_gone(run) -> None:
    spec = BindingSpec.of(instance(registry.get("postgresql"), "small"), app="web")
    command = run(binding_program(spec)).one("command:local:Command")
    assert 'DROP ROLE "web_my_db_0badcafe"' in command["environment"]["REVOKE"]
    assert command["delete"].startswith("mf-kube exists apps/v1 StatefulSet mf-default-dev my-db; case $? in 0)")
    assert "1) ;;" in command["delete"]


def _number(quantity: str) -> float:
    units = {"m": 0.001, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    for unit, factor in units.items():
        if quantity.endswith(unit):
            return float(quantity.removesuffix(unit)) * factor
    return float(quantity)
