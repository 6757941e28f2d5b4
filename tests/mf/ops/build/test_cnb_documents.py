"""The Job of a buildpacks build: what it runs, as whom, and where it pushes to."""

from __future__ import annotations

from mf.ops.build.cnb_documents import CnbBuild, job

BUILD = CnbBuild(
    name="build-web-1",
    app="web",
    namespace="mf-default-dev",
    builder="registry.example.com/builder@sha256:1",
    helper="127.0.0.1:30500/microfoundry/busybox:1",
    registry="registry.microfoundry-system.svc:5000",
    repository="apps/default/dev/web",
)


def test_the_lifecycle_pushes_to_the_registry_that_pods_reach() -> None:
    (container,) = job(BUILD)["spec"]["template"]["spec"]["containers"]
    assert container["image"] == BUILD.builder
    assert container["command"] == ["/cnb/lifecycle/creator"]
    assert container["args"][-1] == "registry.microfoundry-system.svc:5000/apps/default/dev/web:latest"
    assert "-insecure-registry=registry.microfoundry-system.svc:5000" in container["args"]
    assert "-process-type=web" in container["args"]


def test_the_build_waits_for_the_source_that_both_containers_share() -> None:
    pod = job(BUILD)["spec"]["template"]["spec"]
    (source,) = pod["initContainers"]
    assert "until [ -f /ready/done ]" in source["command"][-1]
    shared = {mount["name"] for mount in source["volumeMounts"]} & {
        mount["name"] for mount in pod["containers"][0]["volumeMounts"]
    }
    assert shared == {"workspace"}
    assert {volume["name"] for volume in pod["volumes"]} == {"workspace", "layers", "ready"}


def test_nothing_of_a_build_runs_as_root_or_twice_or_for_ever() -> None:
    spec = job(BUILD)["spec"]
    pod = spec["template"]["spec"]
    assert (spec["backoffLimit"], pod["restartPolicy"], spec["activeDeadlineSeconds"]) == (0, "Never", 1800)
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in (*pod["initContainers"], *pod["containers"]):
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def test_a_build_is_not_taken_for_an_instance_of_the_app() -> None:
    assert "microfoundry.dev/app" not in job(BUILD)["spec"]["template"]["metadata"]["labels"]
