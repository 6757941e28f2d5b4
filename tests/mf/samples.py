"""Objects as the platform leaves them in a cluster (support file of the tests of operations)."""

from __future__ import annotations

from typing import Any

from components.app_spec import AppSpec, Route
from components.instance_spec import InstanceSpec
from mf.ops.session import Session
from tests.mf.fake_kube import FakeKube

NAMESPACE = "mf-default-dev"
PREFIX = "microfoundry.dev/"
Object = dict[str, Any]


def session_with(*objects: Object) -> Session:
    """A session whose cluster holds the platform's settings and these objects."""
    session = Session()
    session.__dict__["kube"] = FakeKube(settings(), *objects)
    return session


def kube_of(session: Session) -> FakeKube:
    kube = session.kube
    assert isinstance(kube, FakeKube)
    return kube


def settings(**data: str) -> Object:
    given = {"domain": "apps.localhost", "port": "80", **data}
    return _object("v1", "ConfigMap", "platform", namespace="microfoundry-system", data=given)


def spec(name: str = "web", **changes: Any) -> AppSpec:
    given = {
        "name": name,
        "org": "default",
        "space": "dev",
        "namespace": NAMESPACE,
        "image": f"127.0.0.1:30500/apps/{name}@sha256:1",
        "routes": (Route(host=f"{name}.dev.apps.localhost"),),
    }
    return AppSpec(**{**given, **changes})


def app(name: str = "web", *, ready: int = 1, status: Object | None = None, **changes: Any) -> Object:
    wanted = spec(name, **changes)
    usual = {
        "observedGeneration": 1,
        "replicas": wanted.instances,
        "updatedReplicas": wanted.instances,
        "readyReplicas": ready,
        "conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}],
    }
    deployment = _object("apps/v1", "Deployment", name, labels={f"{PREFIX}app": name})
    deployment["metadata"]["annotations"] = {f"{PREFIX}spec": wanted.to_json()}
    deployment["metadata"]["generation"] = 1
    return {**deployment, "spec": {"replicas": wanted.instances}, "status": {**usual, **(status or {})}}


def pod(name: str, *, app: str = "web", status: Object | None = None, created: str = "2026-01-01T00:00:00Z") -> Object:
    running = {"phase": "Running", "containerStatuses": [container(running=True)]}
    made = _object("v1", "Pod", name, labels={f"{PREFIX}app": app})
    made["metadata"]["creationTimestamp"] = created
    return {**made, "spec": {"nodeName": "n1"}, "status": running if status is None else status}


def container(*, running: bool = False, waiting: str = "", ended: int | None = None, restarts: int = 0) -> Object:
    state: Object = {"running": {}} if running else {"waiting": {"reason": waiting}} if waiting else {}
    last = {"terminated": {"exitCode": ended, "reason": "Error"}} if ended is not None else {}
    return {"name": "app", "ready": running, "restartCount": restarts, "state": state, "lastState": last}


def instance(name: str = "my-db", *, ready: int = 1, plan: str = "small") -> Object:
    wanted = InstanceSpec(name=name, org="default", space="dev", namespace=NAMESPACE, service="postgresql", plan=plan)
    made = _object("apps/v1", "StatefulSet", name, labels={f"{PREFIX}instance": name})
    made["metadata"]["annotations"] = {f"{PREFIX}spec": wanted.to_json()}
    return {**made, "spec": {"replicas": 1}, "status": {"readyReplicas": ready}}


def binding(app: str = "web", instance: str = "my-db") -> Object:
    labels = {f"{PREFIX}app": app, f"{PREFIX}instance": instance}
    return _object("v1", "Secret", f"{app}-{instance}-binding", labels=labels)


def state(project: str, stack: str) -> Object:
    """The head of a micro-stack's state."""
    head = _object("v1", "Secret", f"pulumi-{project}-{stack}")
    head["metadata"]["labels"] = {"pulumi.com/project": project, f"{PREFIX}part": "head"}
    head["metadata"]["annotations"] = {f"{PREFIX}stack": f"{project}/{stack}"}
    return head


def secret(name: str, **data: str) -> Object:
    import base64

    return _object("v1", "Secret", name, data={k: base64.b64encode(v.encode()).decode() for k, v in data.items()})


def space(org: str, name: str) -> Object:
    labels = {f"{PREFIX}org": org, f"{PREFIX}space": name}
    return _object("v1", "Namespace", f"mf-{org}-{name}", namespace="", labels=labels)


def route(app: str, text: str, *, namespace: str = NAMESPACE) -> Object:
    made = _object(
        "gateway.networking.k8s.io/v1", "HTTPRoute", f"{app}-r", namespace=namespace, labels={f"{PREFIX}app": app}
    )
    made["metadata"]["annotations"] = {f"{PREFIX}route": text}
    return made


def _object(
    api_version: str, kind: str, name: str, *, namespace: str = NAMESPACE, labels: Object | None = None, **rest: Any
) -> Object:
    metadata: Object = {"name": name, **({"namespace": namespace} if namespace else {}), "labels": labels or {}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}
