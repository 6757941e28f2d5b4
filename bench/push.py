"""How long `mf push --image` takes beside `kubectl apply`, wait and curl of the same manifest; `mf apps`; `mf --help`.

Usage: python -m bench.push [ROUNDS]     on a running platform (`mf up`); everything it makes is removed
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from baremetal import bundle
from components import app_documents, names
from components.app_spec import AppSpec, Route
from engine.kube.client import Kube

SPACE = "bench"
NAMESPACE = f"mf-default-{SPACE}"
SITE = Path(__file__).resolve().parent.parent / "examples" / "hello-static"
MF = str(Path(sys.executable).parent / "mf")
GOALS = {"push": 1.3, "apps": 2.0}
HELP_GOAL_MS = 150
HELP_ROUNDS = 15

Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Bench:
    """The platform that is measured on."""

    kube: Kube
    kubectl: str
    port: int
    image: str

    def spec(self, name: str) -> AppSpec:
        """What both sides deploy."""
        route = Route(host=f"{name}.{SPACE}.apps.localhost")
        return AppSpec(name=name, org="default", space=SPACE, namespace=NAMESPACE, image=self.image, routes=(route,))

    def push(self, name: str) -> None:
        """Our side: one command."""
        run([MF, "push", name, "-s", SPACE, "--image", self.image])

    def apply(self, name: str) -> None:
        """The peer: apply, wait for the roll-out, ask the gateway until it answers."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(manifest(self.spec(name)), file)
            file.flush()
            run([self.kubectl, "apply", "-f", file.name])
        run([self.kubectl, "rollout", "status", "-n", NAMESPACE, f"deployment/{name}", "--timeout=120s"])
        address = ["-H", f"Host: {name}.{SPACE}.apps.localhost", f"http://127.0.0.1:{self.port}/"]
        while run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *address]) != "200":
            time.sleep(0.1)


def manifest(spec: AppSpec) -> dict[str, object]:
    """The documents of an app as one list that kubectl can apply."""
    (route,) = spec.routes
    items = (
        ("apps/v1", "Deployment", app_documents.deployment_metadata(spec), app_documents.deployment_spec(spec)),
        ("v1", "Service", app_documents.metadata(spec, spec.name), app_documents.service_spec(spec)),
        (
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            app_documents.metadata(spec, route.object_name(spec.name), {names.ROUTE: route.text}),
            app_documents.route_spec(spec, route),
        ),
    )
    listed = [{"apiVersion": api, "kind": kind, "metadata": about, "spec": body} for api, kind, about, body in items]
    return {"apiVersion": "v1", "kind": "List", "items": listed}


def run(command: Sequence[str]) -> str:
    """Standard output of a command that has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def compare(ours: Callable[[int], object], theirs: Callable[[int], object], rounds: int) -> Pairs:
    """Times of both, by turns so that a busy moment hits both; who goes first changes with each round."""
    pairs = []
    for i in range(rounds):
        if i % 2:
            second = seconds(partial(theirs, i))
            pairs.append((seconds(partial(ours, i)), second))
        else:
            pairs.append((seconds(partial(ours, i)), seconds(partial(theirs, i))))
    return pairs


def spread(times: Sequence[float]) -> str:
    """Least, median and most, in seconds."""
    return f"{min(times):.3f} / {statistics.median(times):.3f} / {max(times):.3f} s"


def report(title: str, pairs: Pairs, goal: float) -> None:
    """What was measured, and the medians' ratio beside the goal."""
    ours, theirs = zip(*pairs, strict=True)
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"{title}: {ratio:.2f}x   goal {goal}x   {'ok' if ratio <= goal else 'over'}   ({len(pairs)} rounds)")
    print(f"  min / median / max   ours {spread(ours)}   theirs {spread(theirs)}")


def report_help() -> None:
    """Start-up alone, against a limit of its own."""
    times = [seconds(lambda: run([MF, "--help"])) for _ in range(HELP_ROUNDS)]
    taken = statistics.median(times) * 1000
    print(f"mf --help: {taken:.0f} ms   goal {HELP_GOAL_MS} ms   {'ok' if taken < HELP_GOAL_MS else 'over'}")
    print(f"  min / median / max   {spread(times)}")


def prepare() -> Bench:
    """A space of its own, and an image that is in the registry and on the node already."""
    named = os.environ.setdefault("KUBECONFIG", str(Path.home() / ".config/microfoundry/kubeconfig"))
    kube = Kube.load(named)
    settings = kube.get("v1", "ConfigMap", "platform", namespace="microfoundry-system")["data"]
    made = bundle.find("kubectl")
    kubectl = str(made.files["kubectl"]) if made else shutil.which("kubectl")
    if kubectl is None:
        raise SystemExit("there is no kubectl to compare with; make one: python -m baremetal.bundle build kubectl")
    if kube.find("v1", "Namespace", NAMESPACE) is None:
        run([MF, "create-space", SPACE])
    image = json.loads(run([MF, "push", "warm", "-s", SPACE, "-p", str(SITE), "--json"]))["image"]
    return Bench(kube, kubectl, int(settings["port"]), image)


def main(rounds: int) -> None:
    """Print what each measure found, and remove what was made."""
    bench = prepare()
    try:
        pushed = compare(lambda i: bench.push(f"ours{i}"), lambda i: bench.apply(f"theirs{i}"), rounds)
        report("mf push --image / kubectl apply + rollout status + curl", pushed, GOALS["push"])
        again = compare(lambda _: bench.push("ours0"), lambda _: bench.apply("theirs0"), rounds)
        report("the same again, unchanged", again, GOALS["push"])
        deployments = [bench.kubectl, "get", "deploy", "-n", NAMESPACE]
        listed = compare(lambda _: run([MF, "apps", "-s", SPACE]), lambda _: run(deployments), rounds * 4)
        report("mf apps / kubectl get deploy", listed, GOALS["apps"])
        report_help()
    finally:
        bench.kube.delete("v1", "Namespace", NAMESPACE)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
