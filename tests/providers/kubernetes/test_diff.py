"""What counts as a change, and which changes need a new object."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.provider_api import CheckRequest, DiffChanges, DiffKind, DiffRequest
from engine.values import UNKNOWN, Secret
from providers.kubernetes import settings
from tests.providers.conftest import RecordingHost
from tests.providers.kubernetes.conftest import Make, Resource


def _made(resource: Resource, **inputs: Any) -> Resource:
    resource.inputs = resource.check(**inputs)
    resource.id = "home/a"
    resource.outputs = {**resource.inputs, "__inputs": resource.inputs}
    return resource


NAMED = {"metadata": {"name": "a"}}
CONTAINERS = {"containers": [{"name": "m", "image": "i:1"}]}


@pytest.mark.parametrize(
    ("type", "old", "new", "replaces"),
    [
        ("apps/v1:Deployment", {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}, []),
        (
            "apps/v1:Deployment",
            {"spec": {"selector": {"a": "1"}}},
            {"spec": {"selector": {"a": "2"}}},
            ["spec.selector.a"],
        ),
        ("apps/v1:StatefulSet", {"spec": {"serviceName": "x"}}, {"spec": {"serviceName": "y"}}, ["spec.serviceName"]),
        ("batch/v1:Job", {"spec": {"template": CONTAINERS}}, {"spec": {}}, ["spec.template"]),
        ("core/v1:ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, ["data.a"]),
        ("core/v1:ConfigMap", {}, {"data": {"a": "2"}}, ["data"]),
        ("core/v1:Secret", {"stringData": {"a": "1"}}, {"stringData": {"a": "2"}}, ["data.a"]),
        ("core/v1:Secret", {"type": "Opaque"}, {"type": "x/y"}, ["type"]),
        ("core/v1:Pod", {"spec": CONTAINERS}, {"spec": {"containers": [{"name": "m", "image": "i:2"}]}}, []),
        ("core/v1:Pod", {"spec": {"hostNetwork": True}}, {"spec": {"hostNetwork": False}}, ["spec.hostNetwork"]),
        ("core/v1:Service", {"spec": {"clusterIP": "None"}}, {"spec": {"clusterIP": "10.0.0.1"}}, ["spec.clusterIP"]),
        ("core/v1:Service", {"spec": {"type": "ClusterIP"}}, {"spec": {"type": "NodePort"}}, []),
        ("core/v1:PersistentVolumeClaim", {"spec": {"storageClassName": "x"}}, {"spec": {}}, ["spec.storageClassName"]),
        (
            "rbac.authorization.k8s.io/v1:RoleBinding",
            {"roleRef": {"name": "x"}},
            {"roleRef": {"name": "y"}},
            ["roleRef.name"],
        ),
        ("example.com/v1:Deployment", {"spec": {"selector": "x"}}, {"spec": {"selector": "y"}}, []),
    ],
)
def test_fields_that_cannot_change_in_place_need_a_new_object(
    offline: Make, type: str, old: dict[str, Any], new: dict[str, Any], replaces: list[str]
) -> None:
    if type.startswith("example.com"):
        resource = offline("kubernetes:core/v1:ConfigMap")
        resource.type = f"kubernetes:{type}"
        inputs = {"apiVersion": "example.com/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "home"}}
        request = DiffRequest(
            urn="", type=resource.type, name="", id="", olds={}, old_inputs={**inputs, **old}, news={**inputs, **new}
        )
        diff = resource.provider.diff(request)
    else:
        diff = _made(offline(f"kubernetes:{type}"), **NAMED, **old).diff(**NAMED, **new)
    assert diff.changes is DiffChanges.SOME
    assert list(diff.replaces) == replaces
    assert diff.delete_before_replace is bool(replaces)


def test_nothing_changed_is_no_change_even_if_secrecy_did(offline: Make) -> None:
    made = _made(offline("kubernetes:core/v1:ConfigMap"), **NAMED, data={"a": "1"})
    assert made.diff(**NAMED, data={"a": Secret("1")}).changes is DiffChanges.NONE


def test_mutable_maps_change_in_place_unless_they_were_frozen(offline: Make) -> None:
    made = _made(offline("kubernetes:core/v1:ConfigMap", enableConfigMapMutable="true"), **NAMED, data={"a": "1"})
    assert not made.diff(**NAMED, data={"a": "2"}).replaces
    frozen = _made(
        offline("kubernetes:core/v1:Secret", enableSecretMutable="true"), **NAMED, immutable=True, data={"a": "MQ=="}
    )
    assert list(frozen.diff(**NAMED, immutable=True, data={"a": "Mg=="}).replaces) == ["data.a"]


def test_an_autonamed_object_is_replaced_before_the_old_one_goes(offline: Make) -> None:
    made = _made(offline("kubernetes:core/v1:ConfigMap"), data={"a": "1"})
    diff = made.diff(data={"a": "2"})
    assert list(diff.replaces) == ["data.a"] and not diff.delete_before_replace


def test_another_name_means_another_object_that_may_come_first(offline: Make) -> None:
    diff = _made(offline("kubernetes:apps/v1:Deployment"), **NAMED).diff(metadata={"name": "b"})
    assert list(diff.replaces) == ["metadata.name"] and not diff.delete_before_replace


def test_what_is_not_known_yet_is_a_change_at_its_place(offline: Make) -> None:
    made = _made(offline("kubernetes:apps/v1:Deployment"), **NAMED, spec={"replicas": 1})
    assert made.diff(**NAMED, spec={"replicas": UNKNOWN}).detailed["spec.replicas"].kind is DiffKind.UPDATE


def test_a_job_that_cannot_be_asked_about_is_not_replaced(offline: Make) -> None:
    given = {"metadata": {"name": "a", "annotations": {"pulumi.com/replaceUnready": "true"}}}
    made = _made(offline("kubernetes:batch/v1:Job"), **given)
    assert made.diff(**given).changes is DiffChanges.NONE


def test_amounts_written_in_another_way_are_no_change(offline: Make) -> None:
    def pod(cpu: Any, memory: str) -> dict[str, Any]:
        resources = {"limits": {"cpu": cpu, "memory": memory}}
        return {**NAMED, "spec": {"containers": [{"name": "m", "resources": resources}]}}

    made = _made(offline("kubernetes:core/v1:Pod"), **pod("1000m", "1Gi"))
    assert made.diff(**pod("1", "1024Mi")).changes is DiffChanges.NONE
    assert made.diff(**pod(2, "1024Mi")).changes is DiffChanges.SOME


def test_an_old_secret_s_texts_are_its_new_one_s_data(offline: Make) -> None:
    made = _made(offline("kubernetes:core/v1:Secret"), **NAMED, stringData={"a": "1"})
    made.inputs = {**made.inputs, "stringData": Secret({"a": "1"}), "data": None}
    made.inputs = {key: value for key, value in made.inputs.items() if value is not None}
    assert made.diff(**NAMED, stringData={"a": "1"}).changes is DiffChanges.NONE
    assert made.diff(**NAMED, data={"a": "MQ=="}).changes is DiffChanges.NONE
    assert made.diff(**NAMED, stringData={"a": "2"}).replaces


def _config(server: str, cluster: str) -> str:
    return json.dumps(
        {
            "clusters": [{"name": cluster, "cluster": {"server": server}}],
            "contexts": [{"name": "x", "context": {"cluster": cluster}}],
            "current-context": "x",
        }
    )


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ({"kubeconfig": _config("https://a", "one")}, {"kubeconfig": _config("https://b", "one")}, True),
        ({"kubeconfig": _config("https://a", "one")}, {"kubeconfig": _config("https://a", "two")}, False),
        ({"kubeconfig": _config("https://a", "one")}, {"kubeconfig": "{}"}, False),
        ({"kubeconfig": _config("https://a", "one")}, {"kubeconfig": UNKNOWN}, True),
        ({"clusterIdentifier": "x"}, {"clusterIdentifier": "x", "kubeconfig": _config("https://b", "two")}, False),
        ({"clusterIdentifier": "x"}, {"clusterIdentifier": "y"}, True),
        (
            {"kubeconfig": _config("https://a", "one")},
            {"kubeconfig": _config("https://a", "one"), "clusterIdentifier": "y"},
            False,
        ),
        ({"renderYamlToDirectory": "x"}, {"renderYamlToDirectory": "y"}, True),
        ({"namespace": "a", "clusterIdentifier": "x"}, {"namespace": "b", "clusterIdentifier": "x"}, False),
    ],
)
def test_only_another_cluster_replaces_what_is_in_it(
    offline: Make, old: dict[str, Any], new: dict[str, Any], replaced: bool
) -> None:
    request = DiffRequest(urn="", type="", name="", id="", olds={}, old_inputs=old, news=new)
    assert bool(offline("").provider.diff_config(request).replaces) is replaced


def test_settings_that_are_not_followed_are_refused_by_name(offline: Make) -> None:
    assert _wrong(offline, enableServerSideApply="false", namespace="fine") == ["enableServerSideApply"]


@pytest.mark.parametrize(
    ("news", "wrong"),
    [
        ({"alwaysRender": "true"}, ["alwaysRender"]),
        ({"alwaysRender": "true", "renderYamlToDirectory": "out"}, []),
        ({"renderYamlToDirectory": "out", "kubeconfig": "{}", "cluster": "c"}, ["cluster", "kubeconfig"]),
        ({"strictMode": "true"}, ["kubeconfig", "context"]),
        ({"strictMode": "true", "kubeconfig": "{}", "context": "c"}, []),
    ],
)
def test_settings_that_do_not_go_together_are_refused(offline: Make, news: dict[str, str], wrong: list[str]) -> None:
    assert _wrong(offline, **news) == wrong


def test_strict_mode_has_no_default_provider(offline: Make) -> None:
    urn = "urn:pulumi:dev::p::pulumi:providers:kubernetes::default_4_34_2"
    news = {"strictMode": "true", "kubeconfig": "{}", "context": "c"}
    (failure,) = offline("").provider.check_config(CheckRequest(urn=urn, type="", name="", news=news)).failures
    assert failure.reason == "strict mode prohibits default provider"


def _wrong(offline: Make, **news: str) -> list[str]:
    request = CheckRequest(urn="", type="", name="", news=news)
    return [failure.property for failure in offline("").provider.check_config(request).failures]


def test_the_run_s_environment_names_cluster_and_context_unless_the_program_does(tmp_path: Path) -> None:
    host = RecordingHost(str(tmp_path))
    contexts = [{"name": name, "context": {"cluster": name}} for name in ("one", "two")]
    clusters = [{"name": name, "cluster": {"server": f"https://{name}"}} for name in ("one", "two")]
    document = {"clusters": clusters, "contexts": contexts, "current-context": "one"}
    (tmp_path / "config").write_text(json.dumps(document))
    host.environment = {"KUBECONFIG": str(tmp_path / "config"), "MF_KUBE_CONTEXT": "two"}
    assert settings.settings({}, host.environment).kube.host == "https://two"
    assert settings.settings({"context": "one"}, host.environment).kube.host == "https://one"
    assert settings.settings({"kubeconfig": json.dumps(document)}, host.environment).kube.host == "https://one"
