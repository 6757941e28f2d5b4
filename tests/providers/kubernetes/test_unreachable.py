"""Clusters that are gone, and manifests that are written to files instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import ProviderError
from engine.provider_api import DiffChanges
from engine.values import Secret
from providers.kubernetes import KubernetesProvider
from tests.providers.conftest import RecordingHost
from tests.providers.kubernetes.conftest import Make, Resource

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
NAMED: dict[str, Any] = {"metadata": {"name": "m"}}


def _known(resource: Resource, **inputs: Any) -> Resource:
    resource.inputs = resource.check(**inputs)
    resource.id = "home/m"
    resource.outputs = {**resource.inputs, "__inputs": resource.inputs}
    return resource


def test_a_read_says_how_to_forget_a_cluster_that_is_gone(offline: Make) -> None:
    with pytest.raises(ProviderError) as caught:
        _known(offline(CONFIG_MAP), **NAMED).read()
    assert "PULUMI_K8S_DELETE_UNREACHABLE=true" in caught.value.hint


def test_what_was_in_a_cluster_that_is_gone_can_be_forgotten(offline: Make) -> None:
    resource = _known(offline(CONFIG_MAP, deleteUnreachable="true"), **NAMED)
    assert resource.read().id == ""
    resource.delete()


def test_what_is_in_a_cluster_that_is_gone_can_be_left_as_it_was(offline: Make) -> None:
    resource = _known(offline(CONFIG_MAP, skipUpdateUnreachable="true"), **NAMED, data={"a": "1"})
    reply = resource.read()
    assert (reply.id, reply.inputs) == ("home/m", resource.inputs)
    assert resource.diff(**NAMED, data={"a": "2"}).changes is DiffChanges.NONE


def test_a_kubeconfig_that_is_gone_can_be_passed_over_too(tmp_path: Path) -> None:
    provider = KubernetesProvider(RecordingHost(str(tmp_path)))
    missing = {"kubeconfig": str(tmp_path / "none")}
    with pytest.raises(ProviderError, match="no kubeconfig at"):
        provider.configure(missing)
    provider.configure({**missing, "deleteUnreachable": "true"})
    assert _known(Resource(provider, CONFIG_MAP), **NAMED).read().id == ""


def test_manifests_are_rendered_to_a_folder_instead(tmp_path: Path) -> None:
    host = RecordingHost(str(tmp_path))
    provider = KubernetesProvider(host)
    provider.configure({"renderYamlToDirectory": "out", "kubeconfig": str(tmp_path / "none")})
    made = Resource(provider, "kubernetes:core/v1:Secret", "s").create(**NAMED, stringData={"a": "1"})
    file = tmp_path / "out/1-manifest/v1-secret-default-m.yaml"
    assert made.id == "default/m" and isinstance(made.outputs["data"], Secret)
    assert yaml.safe_load(file.read_text())["data"] == {"a": "MQ=="}
    assert file.stat().st_mode & 0o777 == 0o600
    assert any("secret value in plaintext" in line for line, _ in host.lines)
    assert made.read().inputs == made.inputs
    made.update(**NAMED, stringData={"a": "2"})
    assert yaml.safe_load(file.read_text())["data"] == {"a": "Mg=="}
    made.delete()
    assert not file.exists()


def test_definitions_are_rendered_apart_and_previews_write_nothing(offline: Make, tmp_path: Path) -> None:
    resource = offline(
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", renderYamlToDirectory="out", alwaysRender="true"
    )
    resource.preview(**NAMED)
    assert not (tmp_path / "out").exists()
    made = resource.create(**NAMED)
    path = tmp_path / "out/0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-m.yaml"
    assert path.exists()
    assert made.diff(**NAMED).changes is DiffChanges.SOME
    odd = offline("kubernetes:none.example/v1:Nothing", renderYamlToDirectory="out").create(**NAMED)
    assert odd.id == "home/m"
