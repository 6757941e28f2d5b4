"""What the package's own provider keeps and does, at a real API server."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import ProviderError
from engine.kube.client import Kube
from engine.provider_api import DiffChanges, UpdateRequest
from engine.values import Secret
from providers.plain import reveal
from tests.providers.kubernetes.conftest import Make, Resource

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
MUTABLE = {"enableConfigMapMutable": "true"}


def _update(made: Resource, *, ignore: tuple[str, ...] = (), preview: bool = False, **news: Any) -> Any:
    request = UpdateRequest(
        urn=made.urn,
        type=made.type,
        name=made.name,
        id=made.id,
        olds=made.outputs,
        old_inputs=made.inputs,
        news=made.check(**news),
        ignore_changes=ignore,
        preview=preview,
    )
    return made.provider.update(request).outputs


def _live(kube: Kube, made: Resource) -> dict[str, Any]:
    namespace, name = made.id.split("/")
    return kube.get("v1", "ConfigMap", name, namespace=namespace)


def _managers(obj: dict[str, Any]) -> set[str]:
    return {entry["manager"] for entry in obj["metadata"]["managedFields"]}


def test_a_secret_s_texts_are_kept_as_its_data(online: Make) -> None:
    made = online("kubernetes:core/v1:Secret").create(metadata={"name": "s"}, stringData={"a": "1"}, data={"b": "Mg=="})
    assert "stringData" not in made.inputs and isinstance(made.inputs["data"], Secret)
    assert reveal(made.inputs["data"]) == reveal(made.outputs["data"]) == {"a": "MQ==", "b": "Mg=="}
    made.refresh()
    assert made.diff(metadata={"name": "s"}, stringData={"a": "1"}, data={"b": "Mg=="}).changes is DiffChanges.NONE


def test_a_definition_is_replaced_as_a_whole_and_its_extensions_have_the_sdk_s_names(online: Make, kube: Kube) -> None:
    def wanted(*versions: str) -> dict[str, Any]:
        schema = {"type": "object", "x_kubernetes_preserve_unknown_fields": True}
        served = [
            {"name": name, "served": True, "storage": name == versions[0], "schema": {"openAPIV3Schema": schema}}
            for name in versions
        ]
        names = {"kind": "Moon", "plural": "moons"}
        spec = {"group": "takeover.example", "scope": "Namespaced", "names": names, "versions": served}
        return {"metadata": {"name": "moons.takeover.example"}, "spec": {**spec, "preserveUnknownFields": False}}

    made = online("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").create(**wanted("v1", "v1beta1"))
    schemas = [version["schema"]["openAPIV3Schema"] for version in made.outputs["spec"]["versions"]]
    assert all(schema["x_kubernetes_preserve_unknown_fields"] for schema in schemas)
    assert "x-kubernetes-preserve-unknown-fields" in str(made.inputs) and "preserveUnknownFields" not in str(
        made.inputs
    )
    assert made.diff(**wanted("v1", "v1beta1")).changes is DiffChanges.NONE
    assert len(_update(made, preview=True, **wanted("v1"))["spec"]["versions"]) == 1
    made.update(**wanted("v1"))
    api = ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "moons.takeover.example")
    assert [version["name"] for version in kube.get(*api)["spec"]["versions"]] == ["v1"]
    made.delete()


def test_ignored_changes_keep_what_is_in_the_cluster(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, **MUTABLE).create(metadata={"name": "m"}, data={"a": "1", "b": "1"})
    theirs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _live(kube, made)["metadata"]}
    theirs["metadata"] = {key: theirs["metadata"][key] for key in ("name", "namespace")}
    kube.apply({**theirs, "data": {"c": "theirs"}}, field_manager="somebody")
    wanted: dict[str, Any] = {"metadata": {"name": "m"}, "data": {"a": "2", "b": "2", "c": "ours"}}
    assert _update(made, ignore=("data.a", "data.c"), preview=True, **wanted)["data"]["a"] == "1"
    _update(made, ignore=("data.a", "data.c"), **wanted)
    live = _live(kube, made)
    assert live["data"] == {"a": "1", "b": "2", "c": "theirs"}
    entries = [entry for entry in live["metadata"]["managedFields"] if "f:c" in entry["fieldsV1"].get("f:data", {})]
    assert _managers({"metadata": {"managedFields": entries}}) == {"somebody"}


def test_what_kubectl_and_other_versions_set_becomes_ours_with_the_first_update(online: Make, kube: Kube) -> None:
    resource = online(CONFIG_MAP, **MUTABLE)
    namespace = str(resource.check()["metadata"]["namespace"])
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": namespace}}
    kube.create({**obj, "data": {"a": "1"}}, field_manager="pulumi-kubernetes")
    kube.apply({**obj, "data": {"b": "1"}}, field_manager="kubectl")
    resource.id = f"{namespace}/m"
    resource.refresh()
    wanted: dict[str, Any] = {"metadata": {"name": "m"}, "data": {"a": "2", "b": "2"}}
    assert _update(resource, preview=True, **wanted)["data"] == wanted["data"]
    _update(resource, **wanted)
    assert _live(kube, resource)["data"] == wanted["data"]
    assert _managers(_live(kube, resource)) == {resource.outputs["__fieldManager"]}


def test_a_preview_sees_conflicts_with_others(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, **MUTABLE).create(metadata={"name": "m"}, data={"a": "1"})
    _update(made, metadata={"name": "m"}, data={"a": "1"})
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": made.id.split("/")[0]}}
    kube.apply({**obj, "data": {"a": "theirs"}}, field_manager="somebody", force=True)
    with pytest.raises(ProviderError, match="somebody"):
        _update(made, preview=True, metadata={"name": "m"}, data={"a": "2"})


def test_another_field_manager_takes_over_from_the_former(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP, **MUTABLE).create(metadata={"name": "m"}, data={"a": "1"})
    renamed = {"name": "m", "annotations": {"pulumi.com/patchFieldManager": "me"}}
    made.update(metadata=renamed, data={"a": "1"})
    assert made.outputs["__fieldManager"] == "me"
    assert _managers(_live(kube, made)) == {"me"}


def test_an_updated_patch_owns_no_more_than_it_says(online: Make, kube: Kube) -> None:
    made = online(CONFIG_MAP).create(metadata={"name": "m"}, data={"a": "1"})
    patch = online("kubernetes:core/v1:ConfigMapPatch", "patch").create(metadata={"name": "m"}, data={"b": "2"})
    patch.update(metadata={"name": "m"}, data={"b": "3"})
    patch.delete()
    assert _live(kube, made)["data"] == {"a": "1"}


def test_a_patch_that_alone_has_a_required_field_cannot_go(online: Make) -> None:
    container = {"name": "main", "image": "none.invalid/a:1"}
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "x"}}, "template": template}
    patch = online("kubernetes:apps/v1:DeploymentPatch").create(metadata={"name": "d"}, spec=spec)
    with pytest.raises(ProviderError, match="this patch alone manages the required field spec") as caught:
        patch.delete()
    assert "retainOnDelete" in caught.value.hint


def test_a_job_that_is_not_complete_is_replaced_if_it_says_so(online: Make) -> None:
    annotations = {"pulumi.com/replaceUnready": "true", "pulumi.com/skipAwait": "true"}
    container = {"name": "main", "image": "none.invalid/a:1"}
    given: dict[str, Any] = {
        "metadata": {"name": "j", "annotations": annotations},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}},
    }
    made = online("kubernetes:batch/v1:Job").create(**given)
    diff = made.diff(**given)
    assert diff.changes is DiffChanges.SOME and diff.delete_before_replace
    assert diff.replaces == ['metadata.annotations["pulumi.com/replaceUnready"]']


def test_kinds_that_are_not_there_can_be_refused(online: Make) -> None:
    with pytest.raises(ProviderError, match="rejectUnknownResources"):
        online("kubernetes:none.example/v1:Nothing", rejectUnknownResources="true").check(metadata={"name": "x"})
