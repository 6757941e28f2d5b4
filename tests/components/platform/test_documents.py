"""The documents of the platform's parts: what a node must run, reach and be refused."""

from __future__ import annotations

import json

import pytest

from components.platform import gateway_documents, registry, storage
from components.platform.gateway_rules import cluster_rules
from components.platform.images import platform_images


def _gateway() -> dict[str, object]:
    spec = gateway_documents.deployment_spec(contour_image="c", envoy_image="e", host_port=8080, host_ip="127.0.0.1")
    pod: dict[str, object] = spec["template"]["spec"]
    return pod


def test_gateway_is_reached_on_the_loopback_port_that_was_chosen() -> None:
    containers = {c["name"]: c for c in _gateway()["containers"]}  # type: ignore[attr-defined]  # JSON
    ports = [port for port in containers["envoy"]["ports"] if "hostPort" in port]
    assert [(port["hostPort"], port["hostIP"]) for port in ports] == [(8080, "127.0.0.1")]


def test_proxy_configuration_never_leaves_the_gateways_pod() -> None:
    containers = {c["name"]: c for c in _gateway()["containers"]}  # type: ignore[attr-defined]  # JSON
    assert "--xds-address=127.0.0.1" in containers["contour"]["command"]


def test_gateway_listens_also_while_there_is_no_app() -> None:
    route = gateway_documents.fallback_spec()
    assert route["parentRefs"][0]["name"] == "gateway"
    assert all(name.endswith(".invalid") for name in route["hostnames"]), "no name that anybody may ask for"


def test_gateway_runs_without_root() -> None:
    assert _gateway()["securityContext"]["runAsNonRoot"]  # type: ignore[index]  # JSON


def test_request_log_has_what_metrics_need_and_no_query_strings() -> None:
    fields = json.loads(gateway_documents.contour_config())["json-fields"]
    assert {"@timestamp", "authority", "path", "response_code", "duration"} <= set(fields)
    assert not {"cookie", "authorization"} & set(fields)


def test_gateway_writes_nothing_but_status() -> None:
    writes = [
        resource
        for rule in cluster_rules()
        if set(rule["verbs"]) & {"create", "update", "patch", "delete"}
        for resource in rule["resources"]
    ]
    assert writes and all(resource.endswith("/status") for resource in writes)


def test_registry_can_forget_images_and_listens_on_every_nodes_loopback() -> None:
    assert json.loads(registry.config_document())["storage"]["delete"]["enabled"]
    port = registry.service_spec(30500)["ports"][0]
    assert (port["port"], port["nodePort"]) == (5000, 30500)


def test_registrys_pods_never_share_its_volume() -> None:
    assert registry.deployment_spec("r")["strategy"] == {"type": "Recreate"}


def test_volumes_are_made_by_pods_of_the_account_that_may_do_so() -> None:
    args = storage.LocalStorageArgs(image="p", helper_image="b", directory="/somewhere")
    assert "/somewhere" in storage.config_documents(args)["config.json"]
    pod = storage.deployment_spec(args)["template"]["spec"]
    env = {item["name"]: item.get("value") for item in pod["containers"][0]["env"]}
    assert env["SERVICE_ACCOUNT_NAME"] == pod["serviceAccountName"] == storage.access_args().account


@pytest.mark.parametrize(("source", "prefix"), [("bundle", "microfoundry/"), ("official", ("docker.io/", "ghcr.io/"))])
def test_images_come_from_the_bundle_or_from_their_publishers(source: str, prefix: str | tuple[str, ...]) -> None:
    images = platform_images(source)
    assert set(images) == {"registry", "local-path-provisioner", "busybox", "contour", "envoy"}
    assert all(reference.startswith(prefix) and ":" in reference for reference in images.values())
