"""The documents of an app: safe, started before the old one stops, rolled exactly when they must."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components import app_documents as documents
from components.app_spec import AppSpec, HealthCheck, Route
from tests.components.test_app_spec import SPEC


def pod(spec: AppSpec, digest: str = "") -> Any:
    return documents.deployment_spec(spec, services_digest=digest)["template"]


def container(spec: AppSpec) -> Any:
    return pod(spec)["spec"]["containers"][0]


def variables(spec: AppSpec) -> dict[str, str]:
    return {item["name"]: item["value"] for item in documents.environment(spec) if "value" in item}


def test_new_instances_come_up_before_old_ones_go() -> None:
    update = documents.deployment_spec(SPEC)["strategy"]["rollingUpdate"]
    assert update == {"maxSurge": 1, "maxUnavailable": 0}


def test_app_has_no_privileges() -> None:
    security = pod(SPEC)["spec"]["securityContext"]
    assert (security["runAsNonRoot"], security["runAsUser"]) == (True, 1000)
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    own = container(SPEC)["securityContext"]
    assert own == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert pod(SPEC)["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"image": "registry/web@sha256:2"},
        {"env_revision": "42"},
        {"restarted": "2026-11-21T12:00:00Z"},
        {"bindings": ()},
        {"memory": "1Gi"},
    ],
)
def test_what_must_roll_the_instances_changes_their_template(change: dict[str, Any]) -> None:
    assert pod(replace(SPEC, **change)) != pod(SPEC)


def test_new_credentials_roll_the_instances() -> None:
    assert pod(SPEC, "a") != pod(SPEC, "b")


@pytest.mark.parametrize("change", [{"instances": 3}, {"source": "sha256:3"}, {"start_timeout": 180}])
def test_what_must_not_roll_the_instances_leaves_their_template(change: dict[str, Any]) -> None:
    assert pod(replace(SPEC, **change)) == pod(SPEC)


def test_mapping_a_route_rolls_nothing() -> None:
    assert pod(SPEC.with_routes([Route(host="new.example")])) == pod(SPEC)


def test_http_check_asks_the_path_and_port_check_connects() -> None:
    assert documents.probes(SPEC)["readinessProbe"]["httpGet"]["path"] == "/up"
    by_port = documents.probes(replace(SPEC, health=HealthCheck()))
    assert {name: "tcpSocket" in probe for name, probe in by_port.items()} == dict.fromkeys(by_port, True)
    assert documents.probes(replace(SPEC, health=HealthCheck(kind="process"))) == {}


def test_start_timeout_is_what_the_first_answer_may_take() -> None:
    slow = replace(SPEC, start_timeout=400)
    assert documents.probes(slow)["startupProbe"]["failureThreshold"] == 400
    assert documents.deployment_spec(slow)["progressDeadlineSeconds"] > 400


def test_bindings_are_files_and_variables() -> None:
    mounts = {mount["mountPath"] for mount in container(SPEC)["volumeMounts"]}
    assert mounts == {"/bindings/my-db"}
    assert pod(SPEC)["spec"]["volumes"] == [
        {"name": "binding-0", "secret": {"secretName": "web-my-db-binding"}},
    ]
    sources = [source["secretRef"]["name"] for source in container(SPEC)["envFrom"]]
    assert sources == ["web-services", "web-env"]


def test_an_app_that_lost_its_last_binding_reads_nothing_of_it() -> None:
    sources = [source["secretRef"]["name"] for source in container(replace(SPEC, bindings=()))["envFrom"]]
    assert sources == ["web-env"]


def test_vcap_services_is_there_even_without_bindings() -> None:
    assert variables(replace(SPEC, bindings=()))["VCAP_SERVICES"] == "{}"
    assert "VCAP_SERVICES" not in variables(SPEC)


def test_app_is_told_its_port_and_itself() -> None:
    told = variables(SPEC)
    about = json.loads(told["VCAP_APPLICATION"])
    assert (told["PORT"], about["application_name"], about["limits"]["mem"]) == ("8080", "web", 512)
    assert about["application_uris"] == ["web.dev.apps.localhost"]


def test_command_is_the_images_own_unless_given() -> None:
    assert container(SPEC)["command"] == ["/bin/sh", "-c", "serve"]
    assert "command" not in container(replace(SPEC, command=()))


def test_an_instance_that_leaves_serves_on_until_the_gateway_knows() -> None:
    leaving = container(SPEC)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert 0 < leaving < pod(SPEC)["spec"]["terminationGracePeriodSeconds"]


def test_route_leads_from_the_gateway_to_the_service() -> None:
    spec = documents.route_spec(SPEC, Route(host="a.b", path="/x"))
    assert spec["parentRefs"] == [{"name": "gateway", "namespace": "microfoundry-system"}]
    assert spec["rules"][0]["matches"][0]["path"]["value"] == "/x"
    assert spec["rules"][0]["backendRefs"] == [{"name": "web", "port": 80}]


def test_deployment_carries_the_spec_from_which_it_can_be_made_again() -> None:
    annotation = documents.deployment_metadata(SPEC)["annotations"]["microfoundry.dev/spec"]
    assert AppSpec.from_json(annotation) == SPEC
