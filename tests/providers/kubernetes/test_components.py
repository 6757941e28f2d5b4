"""The components of the Python SDK, unmodified, through the engine and at a real API server."""

from __future__ import annotations

import shutil
import stat
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest

import engine.providers
from engine.deploy.api import ConfigValue
from engine.kube.client import Kube
from providers.kubernetes import KubernetesProvider
from tests.engine.deploy.cloud import Cloud
from tests.engine.deploy.stage import Stage
from tests.support.apiserver import ApiServer

CRD = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: comets.GROUP}
    spec:
      group: GROUP
      scope: Namespaced
      names: {kind: Comet, plural: comets}
      versions:
      - name: v1
        served: true
        storage: true
        schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""


def _maps(*names: str) -> str:
    one = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}}}\ndata: {{day: 2001-01-01, a: '1'}}\n"
    return "---\n".join(one.format(name) for name in names)


@pytest.fixture
def namespace(make_namespace: Callable[[], str]) -> str:
    return make_namespace()


@pytest.fixture
def stage(apiserver: ApiServer, namespace: str, tmp_path: Path) -> Stage:
    engine.providers.register("kubernetes", KubernetesProvider)
    made = Stage(cloud=Cloud(), directory=tmp_path)
    made.config["kubernetes:kubeconfig"] = ConfigValue(apiserver.kubeconfig)
    made.config["kubernetes:namespace"] = ConfigValue(namespace)
    return made


def _up(stage: Stage, program: Callable[[], Any]) -> None:
    def run() -> None:
        program()

    outcome = stage.up(run)
    assert outcome.succeeded, stage.errors()


def test_a_group_takes_files_patterns_text_and_objects(stage: Stage, kube: Kube, namespace: str) -> None:
    (stage.directory / "one.yaml").write_text(_maps("a"))
    (stage.directory / "two.yaml").write_text(_maps("b"))
    objs = [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "d"}, "stringData": {"k": "hidden-value"}}]

    def program() -> None:
        group = k8s.yaml.v2.ConfigGroup("g", files=["*.yaml"], yaml=_maps("c"), objs=objs)
        pulumi.export("count", group.resources.apply(lambda made: len(made or [])))
        pulumi.export("uids", group.resources.apply(lambda made: [type(one).__name__ for one in made or []]))

    _up(stage, program)
    assert sorted(stage.names()) == ["g", *(f"g:{namespace}/{name}" for name in "abcd")]
    assert stage.resource("demo-dev").outputs["count"] == 4
    assert set(stage.resource("demo-dev").outputs["uids"]) == {"ConfigMap", "Secret"}
    assert kube.get("v1", "ConfigMap", "c", namespace=namespace)["data"] == {"day": "2001-01-01", "a": "1"}
    secret, group = stage.resource(f"g:{namespace}/d"), stage.resource("g")
    assert secret.parent == group.urn and "hidden-value" not in repr(secret)
    assert (group.custom, dict(group.inputs), dict(group.outputs)) == (False, {}, {})
    assert stage.up(lambda: program()).changes == {"same": 6}
    assert stage.destroy().succeeded
    assert kube.find("v1", "ConfigMap", "c", namespace=namespace) is None


def test_namespaces_and_definitions_come_first_and_annotations_tell_the_rest(stage: Stage, namespace: str) -> None:
    inner = f"{namespace}-in"
    text = f"""
        apiVersion: order.example/v1
        kind: Comet
        metadata:
          name: halley
          namespace: {inner}
          annotations: {{pulumi.com/deletionPropagationPolicy: background}}
        ---
        {textwrap.indent(textwrap.dedent(CRD.replace("GROUP", "order.example")).strip(), " " * 8).strip()}
        ---
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: late
            namespace: {inner}
            annotations: {{config.kubernetes.io/depends-on: order.example/namespaces/{inner}/Comet/halley}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {{name: {inner}}}
        """
    _up(stage, lambda: k8s.yaml.v2.ConfigGroup("g", yaml=textwrap.dedent(text), resource_prefix="p", skip_await=True))
    names = [f"p:{inner}/late", f"p:{inner}/halley", "p:comets.order.example", f"p:{inner}"]
    late, comet, definition, outer = (stage.resource(name) for name in names)
    assert comet.dependencies == tuple(sorted([definition.urn, outer.urn]))
    assert late.dependencies == tuple(sorted([comet.urn, outer.urn]))
    assert late.inputs["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"
    assert stage.destroy().succeeded


def test_a_preview_of_a_group_shows_what_will_be_made(stage: Stage, kube: Kube, namespace: str) -> None:
    outcome = stage.preview(lambda: _nothing(k8s.yaml.v2.ConfigGroup("g", yaml=_maps("a"))))
    assert outcome.succeeded, stage.errors()
    assert ("create", f"g:{namespace}/a") in stage.ops()
    assert kube.find("v1", "ConfigMap", "a", namespace=namespace) is None


def test_a_preview_with_unknown_text_says_that_it_is_incomplete(stage: Stage, namespace: str) -> None:
    def program() -> None:
        source = k8s.core.v1.ConfigMap("source", data={"a": "1"})
        text = source.id.apply(lambda id: _maps("a").replace("'1'", id))
        made = k8s.yaml.v2.ConfigGroup("g", yaml=text)
        pulumi.export("count", made.resources.apply(lambda found: len(found or [])))

    outcome = stage.preview(program)
    assert outcome.succeeded, stage.errors()
    assert ("create", "g") in stage.ops() and ("create", f"g:{namespace}/a") not in stage.ops()
    assert "Preview is incomplete" in repr(stage.events)
    _up(stage, program)
    assert stage.resource(f"g:{namespace}/a").inputs["data"]["a"] == stage.resource("source").id


def _nothing(_made: Any) -> None:
    return None


def test_what_is_no_object_ends_the_update_and_says_why(stage: Stage) -> None:
    outcome = stage.up(lambda: _nothing(k8s.yaml.v2.ConfigGroup("g", yaml="a: 1")))
    assert not outcome.succeeded
    assert "Kubernetes resources require a kind and apiVersion" in "\n".join(stage.errors())


def test_a_file_may_be_named_alone(stage: Stage, namespace: str) -> None:
    (stage.directory / "one.yaml").write_text(_maps("a", "b"))
    _up(stage, lambda: k8s.yaml.v2.ConfigFile("f", file="one.yaml", resource_prefix=""))
    assert sorted(stage.names()) == ["f", f"{namespace}/a", f"{namespace}/b"]


def test_secret_text_makes_secret_resources(stage: Stage, namespace: str) -> None:
    text = pulumi.Output.secret
    _up(stage, lambda: k8s.yaml.v2.ConfigGroup("g", yaml=text(_maps("a").replace("'1'", "hidden-value"))))
    assert "hidden-value" not in repr(stage.resource(f"g:{namespace}/a"))


def test_providers_and_protection_reach_the_objects(stage: Stage, apiserver: ApiServer, namespace: str) -> None:
    def program() -> None:
        provider = k8s.Provider("own", kubeconfig=apiserver.kubeconfig, namespace=namespace)
        opts = pulumi.ResourceOptions(provider=provider, protect=True)
        k8s.yaml.v2.ConfigGroup("g", yaml=_maps("a"), opts=opts)

    _up(stage, program)
    made = stage.resource(f"g:{namespace}/a")
    assert "::own::" in made.provider and made.protect


def test_the_first_generation_s_components_decode_through_the_provider(stage: Stage, namespace: str) -> None:
    (stage.directory / "one.yaml").write_text(_maps("a"))

    def program() -> None:
        file = k8s.yaml.ConfigFile("f", file=str(stage.directory / "one.yaml"))
        k8s.yaml.ConfigGroup("g", yaml=[_maps("b")], resource_prefix="p")
        pulumi.export("uid", file.get_resource("v1/ConfigMap", "a").metadata.uid)

    _up(stage, program)
    assert set(stage.names()) == {"f", "p-g", "a", "p-b"}
    assert stage.resource("demo-dev").outputs["uid"] == stage.resource("a").outputs["metadata"]["uid"]


def test_an_object_that_is_there_can_be_got(stage: Stage, kube: Kube, namespace: str) -> None:
    meta = {"name": "there", "namespace": namespace}
    kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"a": "1"}})

    def program() -> None:
        pulumi.export("data", k8s.core.v1.ConfigMap.get("got", f"{namespace}/there").data)

    _up(stage, program)
    assert stage.resource("demo-dev").outputs["data"] == {"a": "1"}
    assert stage.resource("got").external


@pytest.fixture
def kustomization(tmp_path: Path) -> None:
    if not (shutil.which("kubectl") or shutil.which("kustomize")):
        pytest.skip("neither kustomize nor kubectl is on the PATH")
    folder = tmp_path / "kustom"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text("resources: [one.yaml]\nnamePrefix: pre-\n")
    (folder / "one.yaml").write_text(_maps("a"))


@pytest.mark.usefixtures("kustomization")
def test_a_kustomization_goes_to_the_namespace_that_is_asked_for(stage: Stage, kube: Kube, namespace: str) -> None:
    other = f"{namespace}-other"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": other}})

    def program() -> None:
        k8s.kustomize.v2.Directory("new", directory="kustom")
        k8s.kustomize.v2.Directory("there", directory="kustom", namespace=other)

    _up(stage, program)
    assert {f"new:{namespace}/pre-a", f"there:{other}/pre-a"} <= set(stage.names())


@pytest.mark.usefixtures("kustomization")
def test_a_kustomization_of_the_first_generation(stage: Stage) -> None:
    _up(stage, lambda: k8s.kustomize.Directory("old", directory="kustom", resource_prefix="p"))
    assert set(stage.names()) == {"p-old", "p-pre-a"}


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 1.2.3\n",
    "values.yaml": "word: default\n",
    "templates/map.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-map
          annotations: {helm.sh/resource-policy: keep}
        data:
          word: {{ .Values.word }}
          apps: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
        """,
    "templates/hook.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{ .Release.Name }}-hook, annotations: {helm.sh/hook: pre-install}}
        """,
}


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    if not shutil.which("helm"):
        pytest.skip("helm is not on the PATH")
    for name, text in CHART.items():
        path = tmp_path / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    return tmp_path / "tiny"


def test_a_chart_is_rendered_and_its_objects_registered(stage: Stage, chart: Path, kube: Kube, namespace: str) -> None:
    values = {"word": pulumi.StringAsset("hello")}
    files = [pulumi.StringAsset("word: file\n")]
    _up(stage, lambda: k8s.helm.v4.Chart("c", chart="./tiny", values=values, value_yaml_files=files))
    assert stage.names() == ["c", f"c:{namespace}/c-map"]
    assert kube.get("v1", "ConfigMap", "c-map", namespace=namespace)["data"] == {"word": "hello", "apps": "true"}
    assert stage.resource(f"c:{namespace}/c-map").retain_on_delete


def test_a_chart_of_the_third_generation_keeps_its_hooks(stage: Stage, chart: Path, namespace: str) -> None:
    opts = k8s.helm.v3.LocalChartOpts(path=str(chart), namespace=namespace, values={"word": "v3"})
    _up(stage, lambda: k8s.helm.v3.Chart("c", opts))
    assert set(stage.names()) == {"c", f"{namespace}/c-map", f"{namespace}/c-hook"}


@pytest.fixture
def no_programs(stage: Stage, tmp_path: Path) -> None:
    stage.environment["PATH"] = str(tmp_path / "empty")


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: k8s.helm.v4.Chart("c", chart="x"), "Helm charts need helm, which is not on the PATH"),
        (lambda: k8s.kustomize.v2.Directory("d", directory="x"), "kustomizations need kustomize or kubectl"),
        (lambda: k8s.helm.v3.Release("r", chart="x"), "helm.sh/v3:Release"),
    ],
)
def test_what_needs_another_program_says_so(stage: Stage, make: Callable[[], Any], wanted: str) -> None:
    assert not stage.up(lambda: _nothing(make())).succeeded
    assert wanted in "\n".join(stage.errors())


def test_helm_is_told_everything_but_passwords(stage: Stage, tmp_path: Path, namespace: str) -> None:
    """A stand-in for helm that renders the words it was called with."""
    path = tmp_path / "bin" / "helm"
    path.parent.mkdir()
    script = '#!/bin/sh\nprintf "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: said}\\ndata:\\n"\nfor word; do\n'
    script += '  case "$word" in --api-versions=*|--values=*|--kube-version=*) continue;; esac\n'
    script += '  n=$((n+1)); echo "  w$n: \\"$word\\""\ndone\n'
    path.write_text(script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    stage.environment["PATH"] = f"{path.parent}:/usr/bin:/bin"
    repository = k8s.helm.v4.RepositoryOptsArgs(repo="https://charts.example", username="me")
    _up(
        stage,
        lambda: k8s.helm.v4.Chart("c", chart="web", version="1.0.0", repository_opts=repository, skip_crds=True),
    )
    words = set(stage.resource(f"c:{namespace}/said").inputs["data"].values())
    options = {"--version=1.0.0", "--repo=https://charts.example", "--username=me", "--no-hooks", "--skip-tests"}
    assert words == {"template", "--", "c", "web", *options}
    secret = k8s.helm.v4.RepositoryOptsArgs(repo="https://charts.example", password="hunter2hunter2")
    assert not stage.up(lambda: _nothing(k8s.helm.v4.Chart("c", chart="web", repository_opts=secret))).succeeded
    assert "helm registry login" in "\n".join(map(str, stage.events)) and "hunter2" not in repr(stage.errors())
