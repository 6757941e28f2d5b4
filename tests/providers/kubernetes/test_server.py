"""Objects made, changed, read and removed at a real API server."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InitFailed, ProviderError
from engine.kube.client import Kube
from engine.provider_api import DiffChanges
from engine.values import UNKNOWN, Secret
from providers.plain import reveal
from tests.providers.conftest import RecordingHost
from tests.providers.kubernetes.conftest import Make
from tests.support.apiserver import ApiServer

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
# The garbage collector hears of new kinds only every half minute: objects of theirs must not wait for it.
BACKGROUND = {"pulumi.com/deletionPropagationPolicy": "background"}
CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


def _definition(kind: str, scope: str = "Namespaced") -> dict[str, Any]:
    plural = f"{kind.lower()}s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": kind, "plural": plural}
    spec = {"group": "test.example", "scope": scope, "names": names, "versions": [version]}
    return {"metadata": {"name": f"{plural}.test.example"}, "spec": spec}


def test_an_object_is_made_with_a_name_of_its_own_and_the_bookkeeping_of_pulumi(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, "settings").create(data={"a": "1"})
    namespace, name = made.id.split("/")
    live = kube.get("v1", "ConfigMap", name, namespace=namespace)
    assert name.startswith("settings-") and len(name) == len("settings-") + 8
    assert live["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    assert made.outputs["metadata"]["uid"] == live["metadata"]["uid"]
    assert made.outputs["__inputs"] == made.inputs
    assert made.outputs["__initialApiVersion"] == "v1"
    assert made.outputs["__fieldManager"].startswith("pulumi-kubernetes-")


def test_an_update_takes_away_what_the_program_no_longer_sets(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, enableConfigMapMutable="true").create(metadata={"name": "m"}, data={"a": "1", "b": "2"})
    made.update(metadata={"name": "m"}, data={"b": "3"})
    assert kube.get("v1", "ConfigMap", "m", namespace=made.id.split("/")[0])["data"] == {"b": "3"}
    made.update(metadata={"name": "m"}, data={"c": "4"})
    assert kube.get("v1", "ConfigMap", "m", namespace=made.id.split("/")[0])["data"] == {"c": "4"}


def test_fields_that_somebody_else_set_stay(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, enableConfigMapMutable="true").create(metadata={"name": "m"}, data={"a": "1"})
    namespace = made.id.split("/")[0]
    kube.patch("v1", "ConfigMap", "m", {"metadata": {"labels": {"theirs": "yes"}}}, namespace=namespace)
    made.update(metadata={"name": "m", "labels": {"ours": "yes"}}, data={"a": "2"})
    live = kube.get("v1", "ConfigMap", "m", namespace=namespace)
    assert live["metadata"]["labels"] == {"theirs": "yes", "ours": "yes"}


def test_a_field_owned_by_another_is_an_error_that_names_it_unless_forced(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, enableConfigMapMutable="true").create(metadata={"name": "m"}, data={"a": "1"})
    theirs = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "m", "namespace": made.id.split("/")[0]},
        "data": {"a": "theirs"},
    }
    kube.apply(theirs, field_manager="somebody", force=True)
    with pytest.raises(ProviderError, match=r"ConfigMap test-\d+/m: .*\.data\.a.*somebody") as caught:
        made.update(metadata={"name": "m"}, data={"a": "2"})
    assert "patchForce" in caught.value.hint
    forced = {"name": "m", "annotations": {"pulumi.com/patchForce": "true"}}
    assert made.update(metadata=forced, data={"a": "2"})["data"] == {"a": "2"}


def test_an_object_of_somebody_else_is_not_taken_over_by_creating_it(online: Make, kube: Kube) -> None:
    resource = online(CONFIG_MAP)
    namespace = str(resource.check()["metadata"]["namespace"])
    kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": namespace}})
    with pytest.raises(ProviderError, match=r"ConfigMap .*/m exists already and is not ours"):
        resource.create(metadata={"name": "m"}, data={"a": "1"})
    upsert = online(CONFIG_MAP, upsertExistingObjects="true").create(metadata={"name": "m"}, data={"a": "1"})
    assert upsert.outputs["data"] == {"a": "1"}


def test_what_an_interrupted_run_left_behind_is_taken_up_again(online: Make) -> None:
    lost = online(CONFIG_MAP, "same").create(metadata={"name": "m"}, data={"a": "1"})
    again = online(CONFIG_MAP, "same").create(metadata={"name": "m"}, data={"a": "2"})
    assert again.outputs["metadata"]["uid"] == lost.outputs["metadata"]["uid"]
    assert again.outputs["data"] == {"a": "2"}


def test_an_object_that_is_on_its_way_out_is_waited_for(online: Make, kube: Kube) -> None:
    old = online(CONFIG_MAP, "old").create(metadata={"name": "m", "finalizers": ["test.example/hold"]})
    namespace = old.id.split("/")[0]
    kube.delete("v1", "ConfigMap", "m", namespace=namespace)
    release = {"metadata": {"finalizers": None}}
    threading.Timer(0.5, lambda: kube.patch("v1", "ConfigMap", "m", release, namespace=namespace)).start()
    new = online(CONFIG_MAP, "new").create(metadata={"name": "m"}, data={"a": "1"})
    assert new.outputs["metadata"]["uid"] != old.outputs["metadata"]["uid"]


def test_a_preview_asks_the_server_and_changes_nothing(online: Make, kube: Kube) -> None:
    service = {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}], "selector": {"app": "x"}}}
    resource = online("kubernetes:core/v1:Service")
    expected = resource.preview(**service)
    assert expected["spec"]["ports"][0]["protocol"] == "TCP"
    assert expected["metadata"]["uid"] and "status" not in expected
    assert kube.find("v1", "Service", "web", namespace=expected["metadata"]["namespace"]) is None


def test_a_preview_with_unknowns_gives_the_inputs_back(online: Make) -> None:
    expected = online(CONFIG_MAP).preview(data={"a": UNKNOWN})
    assert expected["data"] == {"a": UNKNOWN}


def test_a_preview_of_what_the_server_would_refuse_fails(online: Make) -> None:
    with pytest.raises(ProviderError, match=r"ConfigMap .*/Not A Name: .*metadata\.name"):
        online(CONFIG_MAP).preview(metadata={"name": "Not A Name"})


def test_a_preview_in_a_namespace_to_come_gives_the_inputs_back(online: Make) -> None:
    expected = online(CONFIG_MAP).preview(metadata={"name": "m", "namespace": "not-there-yet"}, data={"a": "1"})
    assert expected["data"] == {"a": "1"}


def test_a_previewed_update_is_not_stopped_by_our_own_creation(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, enableConfigMapMutable="true").create(metadata={"name": "m"}, data={"a": "1"})
    assert made.update(preview=True, metadata={"name": "m"}, data={"a": "2"})["data"] == {"a": "2"}
    assert kube.get("v1", "ConfigMap", "m", namespace=made.id.split("/")[0])["data"] == {"a": "1"}


def test_custom_resources_follow_their_definition_within_one_run(online: Make, kube: Kube) -> None:
    preview = online("kubernetes:test.example/v1:Widget").preview(metadata={"name": "w"}, spec={"size": 1})
    assert preview["spec"] == {"size": 1}
    definition = online(CRD).create(**_definition("Widget"))
    metadata = {"name": "w", "annotations": BACKGROUND}
    widget = online("kubernetes:test.example/v1:Widget").create(metadata=metadata, spec={"size": 1})
    widget.update(metadata=metadata, spec={"colour": "red"})
    namespace, name = widget.id.split("/")
    live = kube.get("test.example/v1", "Widget", name, namespace=namespace)
    assert live["spec"] == {"colour": "red"}
    widget.delete()
    definition.delete()
    assert kube.find("test.example/v1", "Widget", "w", namespace=namespace) is None


def test_a_cluster_wide_kind_loses_the_namespace_that_was_guessed_for_it(online: Make) -> None:
    resource = online("kubernetes:test.example/v1:Planet")
    inputs = resource.check(metadata={"name": "mars"})
    assert inputs["metadata"]["namespace"]
    definition = online(CRD).create(**_definition("Planet", "Cluster"))
    planet = online("kubernetes:test.example/v1:Planet").create(
        metadata={"name": "mars", "namespace": "guess", "annotations": BACKGROUND}
    )
    assert planet.id == "mars"
    planet.delete()
    definition.delete()


def test_a_kind_that_never_comes_is_an_error_that_names_it(online: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.kubernetes.apply._RACE_PAUSES", (0.01, 0.01))
    with pytest.raises(ProviderError, match=r"no kind Nothing of none\.example/v1"):
        online("kubernetes:none.example/v1:Nothing").create(metadata={"name": "x"})


def test_secrets_are_secret_in_state_and_never_in_messages(online: Make) -> None:
    made = online("kubernetes:core/v1:Secret").create(metadata={"name": "s"}, stringData={"password": "hunter2hunter2"})
    assert isinstance(made.outputs["data"], Secret)
    assert "hunter2" not in repr(made.outputs) and "hunter2" not in repr(made.inputs)
    assert reveal(made.outputs["data"])["password"]
    with pytest.raises(ProviderError) as caught:
        online("kubernetes:core/v1:Secret").create(metadata={"name": Secret("Not A Valid Name")}, data={})
    assert "Not A Valid" not in str(caught.value) and "[secret]" in str(caught.value)


def test_a_secret_input_makes_the_same_output_secret(online: Make) -> None:
    made = online(CONFIG_MAP).create(metadata={"name": "m"}, data={"open": "seen", "closed": Secret("hidden-value")})
    assert made.outputs["data"]["open"] == "seen"
    assert "hidden-value" not in repr(made.outputs)


def test_deletion_waits_until_the_object_and_its_finalizers_are_gone(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP).create(metadata={"name": "m", "finalizers": ["test.example/hold"]})
    namespace = made.id.split("/")[0]
    with pytest.raises(ProviderError, match="not gone after 1 s: finalizers test"):
        made.delete(timeout=1)
    kube.patch("v1", "ConfigMap", "m", {"metadata": {"finalizers": None}}, namespace=namespace)
    made.delete()
    made.delete()
    assert kube.find("v1", "ConfigMap", "m", namespace=namespace) is None


def test_deletion_ends_soon_when_the_user_stops(online: Make, host: RecordingHost) -> None:
    made = online(CONFIG_MAP).create(metadata={"name": "m", "finalizers": ["test.example/hold"]})
    host.stop = True
    with pytest.raises(ProviderError, match="stopped while waiting"):
        made.delete()


def test_dependents_go_before_their_owner(online: Make, kube: Kube) -> None:
    container = {"name": "main", "image": "none.invalid/none:1"}
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [container]}}
    made = online("kubernetes:apps/v1:Deployment").create(
        metadata={"name": "web"},
        spec={"replicas": 0, "selector": {"matchLabels": {"app": "x"}}, "template": template},
    )
    namespace = made.id.split("/")[0]
    assert len(kube.list("apps/v1", "ReplicaSet", namespace=namespace)) == 1
    made.delete()
    assert kube.find("apps/v1", "Deployment", "web", namespace=namespace) is None
    assert kube.list("apps/v1", "ReplicaSet", namespace=namespace) == []


def test_reading_what_is_not_there_gives_an_empty_id(online: Make) -> None:
    resource = online(CONFIG_MAP)
    resource.id = "default/nothing-of-that-name"
    assert resource.read().id == ""
    unknown = online("kubernetes:none.example/v1:Nothing")
    unknown.id = "default/x"
    assert unknown.read().id == ""


def test_reading_by_id_alone_gives_inputs_that_could_have_made_it(online: Make, kube: Kube) -> None:
    resource = online(CONFIG_MAP)
    made = online(CONFIG_MAP, "other").create(metadata={"name": "m"}, data={"a": "1"})
    resource.id = made.id
    reply = resource.refresh()
    assert reply.inputs is not None and "uid" not in reply.inputs["metadata"] and reply.inputs["data"] == {"a": "1"}
    assert resource.diff(metadata={"name": "m"}, data={"a": "1"}).changes is DiffChanges.NONE


def test_a_refresh_sees_what_others_changed_and_keeps_how_the_rest_was_written(online: Make, kube: Kube) -> None:
    limits = {"limits": {"cpu": "1000m"}}
    pod = {"containers": [{"name": "main", "image": "none.invalid/a:1", "resources": limits}]}
    given: dict[str, Any] = {"metadata": {"name": "p", "annotations": {"pulumi.com/skipAwait": "true"}}, "spec": pod}
    made = online("kubernetes:core/v1:Pod").create(**given)
    made.refresh()
    assert made.diff(**given).changes is DiffChanges.NONE
    patch = {"spec": {"containers": [{"name": "main", "image": "none.invalid/b:2"}]}}
    kube.patch("v1", "Pod", "p", patch, namespace=made.id.split("/")[0], type="strategic")
    made.refresh()
    diff = made.diff(**given)
    assert list(diff.detailed) == ["spec.containers[0].image"] and not diff.replaces


def test_a_patch_sets_some_fields_and_gives_them_back(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP).create(metadata={"name": "m"}, data={"a": "1"})
    patch = online("kubernetes:core/v1:ConfigMapPatch", "patch").create(
        kind="ConfigMap", metadata={"name": "m"}, data={"b": "2"}
    )
    namespace = made.id.split("/")[0]
    assert kube.get("v1", "ConfigMap", "m", namespace=namespace)["data"] == {"a": "1", "b": "2"}
    patch.delete()
    assert kube.get("v1", "ConfigMap", "m", namespace=namespace)["data"] == {"a": "1"}


def test_an_unready_object_is_kept_with_the_reason(online: Make) -> None:
    annotations = {"pulumi.com/waitFor": "jsonpath={.data.ready}=yes", "pulumi.com/timeoutSeconds": "1"}
    with pytest.raises(InitFailed, match=r"ConfigMap .*/m is not ready \(after 1 s\): waiting for jsonpath") as caught:
        online(CONFIG_MAP).create(timeout=0, metadata={"name": "m", "annotations": annotations}, data={"ready": "no"})
    assert caught.value.id.endswith("/m") and caught.value.properties["data"] == {"ready": "no"}


def test_an_unreachable_cluster_is_one_clear_line(online: Make, apiserver: ApiServer) -> None:
    config = json.loads(Path(apiserver.kubeconfig).read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    with pytest.raises(ProviderError, match=r"cannot reach the Kubernetes API at https://127\.0\.0\.1:9: connection"):
        online(CONFIG_MAP, kubeconfig=json.dumps(config)).create(metadata={"name": "m"})


def test_a_certificate_that_is_not_trusted_is_named_as_the_cause(online: Make, apiserver: ApiServer) -> None:
    config = json.loads(Path(apiserver.kubeconfig).read_text())
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    with pytest.raises(ProviderError, match="its certificate is not trusted"):
        online(CONFIG_MAP, kubeconfig=json.dumps(config)).create(metadata={"name": "m"})
