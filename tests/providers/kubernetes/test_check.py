"""What inputs become before anything is made."""

from __future__ import annotations

import pytest

from engine.errors import ProviderError
from engine.provider_api import CheckRequest
from engine.values import UNKNOWN, Secret
from tests.providers.kubernetes.conftest import Make

POD = "kubernetes:core/v1:Pod"


def test_kind_and_version_come_from_the_type(offline: Make) -> None:
    inputs = offline("kubernetes:apps/v1:Deployment").check(metadata={"name": "a"})
    assert (inputs["apiVersion"], inputs["kind"]) == ("apps/v1", "Deployment")
    assert offline(POD).check()["apiVersion"] == "v1"
    assert offline("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute").check()["kind"] == "HTTPRoute"


def test_a_name_is_made_once_and_kept(offline: Make) -> None:
    pod = offline(POD, "web")
    first = pod.check()
    assert first["metadata"]["name"].startswith("web-")
    assert first["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    pod.inputs = first
    assert pod.check()["metadata"]["name"] == first["metadata"]["name"]
    assert pod.check(fresh=True)["metadata"]["name"] != first["metadata"]["name"]


def test_a_given_name_stays_as_it_is(offline: Make) -> None:
    pod = offline(POD)
    pod.inputs = pod.check()
    meta = pod.check(metadata={"name": "mine"})["metadata"]
    assert meta == {"name": "mine", "namespace": "home"}


def test_a_name_for_the_server_to_make_is_refused(offline: Make) -> None:
    request = CheckRequest(urn="", type=POD, name="n", news={"metadata": {"generateName": "web-"}})
    (failure,) = offline(POD).provider.check(request).failures
    assert failure.property == "metadata.generateName"


@pytest.mark.parametrize(
    ("settings", "given", "namespace"),
    [
        ({}, {}, "home"),
        ({"namespace": "work"}, {}, "work"),
        ({"namespace": "work"}, {"namespace": "mine"}, "mine"),
        ({"namespace": "work"}, {"namespace": UNKNOWN}, UNKNOWN),
    ],
)
def test_the_namespace_is_the_nearest_one_that_is_given(
    offline: Make, settings: dict[str, str], given: dict[str, object], namespace: object
) -> None:
    assert offline(POD, **settings).check(metadata={"name": "a", **given})["metadata"]["namespace"] == namespace


def test_a_kind_without_namespaces_gets_none(offline: Make) -> None:
    assert offline("kubernetes:core/v1:Namespace").check(metadata={"name": "a", "namespace": "b"})["metadata"] == {
        "name": "a"
    }


def test_nulls_are_left_out_at_any_depth(offline: Make) -> None:
    inputs = offline(POD).check(
        metadata={"name": "a", "labels": None}, spec={"containers": [{"name": "m", "tty": None}]}
    )
    assert inputs["spec"] == {"containers": [{"name": "m"}]} and "labels" not in inputs["metadata"]


def test_what_a_secret_holds_is_secret_even_if_given_openly(offline: Make) -> None:
    inputs = offline("kubernetes:core/v1:Secret").check(metadata={"name": "a"}, stringData={"key": "value"})
    assert inputs["data"] == Secret({"key": "dmFsdWU="}) and "stringData" not in inputs


def test_metadata_that_is_secret_as_a_whole_stays_so(offline: Make) -> None:
    assert isinstance(offline(POD).check(metadata=Secret({"name": "hidden"}))["metadata"], Secret)


def test_metadata_to_come_is_left_alone(offline: Make) -> None:
    assert offline(POD).check(metadata=UNKNOWN)["metadata"] is UNKNOWN


def test_a_patch_must_say_what_it_changes(offline: Make) -> None:
    patch = offline("kubernetes:core/v1:PodPatch")
    request = CheckRequest(urn=patch.urn, type=patch.type, name="it", news={"kind": "Pod"})
    assert [f.property for f in patch.provider.check(request).failures] == ["metadata.name"]


@pytest.mark.parametrize(
    "type",
    [
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:kustomize/v2:Directory",
        "kubernetes:broken",
    ],
)
def test_types_that_are_not_done_here_are_refused_by_name(offline: Make, type: str) -> None:
    with pytest.raises(ProviderError, match=type):
        offline(type).check()


def test_lists_are_refused(offline: Make) -> None:
    with pytest.raises(ProviderError, match="PodList: lists of objects"):
        offline("kubernetes:core/v1:PodList").check(items=[])
