"""On the real cluster: commands, logs and ports of containers, and why workloads are not ready."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InitFailed
from engine.kube.client import Kube
from engine.kube.errors import KubeError
from providers.kubernetes import KubernetesProvider
from tests.e2e.conftest import ROOT
from tests.providers.conftest import RecordingHost
from tests.providers.kubernetes.conftest import Resource

pytestmark = pytest.mark.e2e

IMAGE = "docker.io/microfoundry/busybox:1"
SERVE = 'while true; do echo -e "HTTP/1.0 200 OK\\r\\n\\r\\nhello" | nc -l -p 8080; done'

Workload = Callable[..., Resource]


@pytest.fixture(scope="module")
def namespace(kubeconfig: str) -> Iterator[str]:
    """A namespace of this module's own."""
    kube, name = Kube.load(kubeconfig), f"test-{secrets.token_hex(3)}"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    kube.delete("v1", "Namespace", name)
    kube.close()


@pytest.fixture(scope="module")
def provider(kubeconfig: str, namespace: str) -> Iterator[KubernetesProvider]:
    made = KubernetesProvider(RecordingHost("."))
    made.configure({"kubeconfig": kubeconfig, "namespace": namespace})
    yield made
    made.close()


@pytest.fixture(scope="module")
def pod(kubeconfig: str, namespace: str, provider: KubernetesProvider) -> Iterator[tuple[Kube, str, str]]:
    """A running pod, and a client for it."""
    container = {"name": "main", "image": IMAGE, "command": ["sh", "-c", f"echo started; {SERVE}"]}
    resource = Resource(provider, "kubernetes:core/v1:Pod", "served")
    spec = {"terminationGracePeriodSeconds": 0, "containers": [container]}
    resource.create(timeout=60, metadata={"name": "served"}, spec=spec)
    kube = Kube.load(kubeconfig)
    yield kube, namespace, "served"
    kube.close()


def _deployment(name: str, command: str | list[str], *, image: str = IMAGE, **container: Any) -> dict[str, Any]:
    words = ["sh", "-c", command] if isinstance(command, str) else command
    main = {"name": "main", "image": image, "command": words, **container}
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"terminationGracePeriodSeconds": 0, "containers": [main]},
    }
    return {
        "metadata": {"name": name},
        "spec": {
            "progressDeadlineSeconds": 25,
            "selector": {"matchLabels": {"app": name}},
            "template": template,
        },
    }


def test_a_command_gets_its_input_and_gives_its_output_and_exit_code(pod: tuple[Kube, str, str]) -> None:
    kube, namespace, name = pod
    big = secrets.token_bytes(300_000)
    assert kube.exec(namespace, name, ["cat"], stdin=big).stdout == big
    result = kube.exec(namespace, name, ["sh", "-c", "echo out; echo err >&2; exit 7"])
    assert (result.code, result.stdout, result.stderr) == (7, b"out\n", b"err\n")
    with pytest.raises(KubeError, match=r'the command cannot be started: .*"/no-such-program"'):
        kube.exec(namespace, name, ["/no-such-program"])


def test_logs_are_read_and_ports_are_reached(pod: tuple[Kube, str, str]) -> None:
    kube, namespace, name = pod
    assert list(kube.logs(namespace, name, tail=1)) == ["started"]
    with kube.port_forward(namespace, name, 8080) as port:
        for _ in range(2):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as reply:
                assert reply.read() == b"hello\n"


def test_the_program_passes_streams_and_exit_code_and_takes_the_kubeconfig_from_the_environment(
    pod: tuple[Kube, str, str], kubeconfig: str
) -> None:
    _, namespace, name = pod
    command = [sys.executable, "-m", "engine.kube", "exec", namespace, name, "--", "sh", "-c", "tr a-z A-Z; exit 3"]
    for variable, value in (("KUBECONFIG", kubeconfig), ("MF_KUBECONFIG_CONTENT", Path(kubeconfig).read_text())):
        env = {key: value for key, value in os.environ.items() if key != "KUBECONFIG"}
        done = subprocess.run(command, env={**env, variable: value}, cwd=ROOT, input=b"hello", capture_output=True)
        assert (done.returncode, done.stdout) == (3, b"HELLO"), done.stderr


def test_a_deployment_is_ready_soon_after_its_pod(provider: KubernetesProvider) -> None:
    resource, began = Resource(provider, "kubernetes:apps/v1:Deployment", "quick"), time.monotonic()
    resource.create(timeout=60, **_deployment("quick", SERVE))
    assert time.monotonic() - began < 10
    resource.delete(timeout=60)


@pytest.mark.parametrize(
    ("name", "given", "cause", "log"),
    [
        (
            "crashes",
            _deployment("crashes", "echo no settings; exit 3", readinessProbe={"tcpSocket": {"port": 8080}}),
            "container main: crashed 3 times (exit code 3, Error)",
            "no settings",
        ),
        (
            "deaf",
            _deployment(
                "deaf", f"echo port 8080; {SERVE}", readinessProbe={"tcpSocket": {"port": 9}, "periodSeconds": 1}
            ),
            "Readiness probe failed: dial tcp",
            "port 8080",
        ),
        (
            "absent",
            _deployment("absent", "true", image="127.0.0.1:30500/no/such:1"),
            "image 127.0.0.1:30500/no/such:1 cannot be pulled: not found",
            "",
        ),
        ("wordless", _deployment("wordless", ["/no-such"]), 'cannot be started: exec: "/no-such"', ""),
        (
            "keyless",
            _deployment("keyless", SERVE, envFrom=[{"secretRef": {"name": "missing"}}]),
            'cannot be started: secret "missing" not found',
            "",
        ),
    ],
)
def test_what_keeps_a_deployment_from_being_ready_is_said(
    provider: KubernetesProvider, namespace: str, name: str, given: dict[str, Any], cause: str, log: str
) -> None:
    resource = Resource(provider, "kubernetes:apps/v1:Deployment", name, id=f"{namespace}/{name}")
    with pytest.raises(InitFailed) as caught:
        resource.create(timeout=90, **given)
    first, *rest = caught.value.reasons
    assert first.startswith(f"Deployment {namespace}/{name} is not ready") and cause in first
    assert log in "\n".join(rest)
    resource.delete(timeout=60)
