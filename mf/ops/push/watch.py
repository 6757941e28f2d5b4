"""Looks at a new version's pods while it is rolled out, and ends a roll-out that can't succeed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from components import names as keys
from components.app_spec import AppSpec
from engine.kube.errors import KubeError
from mf.ops import instances
from mf.ops.progress import Status
from mf.ops.push import diagnosis, sockets
from mf.ops.push.diagnosis import Verdict
from mf.ops.session import Session

_POLL = 1.0
_PATIENCE = 6.0
"""Seconds that a fatal finding has to last, so that a slow start is not taken for a wrong one."""
_LINES = 20
_NO_LOG = "unable to retrieve container logs for "
"""What the kubelet answers, in place of a log, for a container that it has removed."""
DEPLOYMENT = ("apps/v1", "Deployment")
REPLICA_SET = ("apps/v1", "ReplicaSet")


class Watch:
    """One roll-out; `explain` says what is wrong now, or what was when the roll-out was ended."""

    def __init__(self, session: Session, spec: AppSpec) -> None:
        self._session, self.spec = session, spec
        self._stop = threading.Event()
        self.ended: Verdict | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look every second beside the roll-out."""
        thread = threading.Thread(target=self._look_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=10)

    def explain(self) -> tuple[Verdict | None, list[str]]:
        """The verdict and, where they help, the last log lines of the pod that it is about."""
        pod = self._worst()
        verdict = self.ended or (self._judge(pod) if pod else None)
        wanted = pod is not None and (verdict is None or verdict.logs)
        return verdict, log_of(self._session, pod) if wanted and pod else []

    def _look_on(self) -> None:
        seen: tuple[str, float] = ("", 0.0)
        while not self._stop.wait(_POLL):
            try:
                verdict = self._first()
            except KubeError:
                continue  # the roll-out itself reports a cluster that does not answer
            if verdict is None:
                continue
            self._session.report(Status(verdict.text))
            if verdict.text != seen[0]:
                seen = (verdict.text, time.monotonic())
            if verdict.fatal and time.monotonic() - seen[1] >= _PATIENCE and self._end():
                self.ended = verdict
                return

    def _end(self) -> bool:
        """Let Kubernetes declare the roll-out failed: whoever waits for it hears so at once."""
        patch = {"spec": {"progressDeadlineSeconds": 1}}
        try:
            self._session.kube.patch(*DEPLOYMENT, self.spec.name, patch, namespace=self._session.namespace)
        except KubeError:
            return False
        return True

    def _first(self) -> Verdict | None:
        pod = self._worst()
        return self._judge(pod) if pod else None

    def _judge(self, pod: Mapping[str, Any]) -> Verdict | None:
        return diagnosis.judge(pod, self.spec, log=log_of(self._session, pod), ports=ports_of(self._session, pod))

    def _worst(self) -> Mapping[str, Any] | None:
        """The new version's pod with the most restarts among those that are not ready."""
        mine = [item for item in replica_sets(self._session, self.spec.name) if _spec_text(item) == self.spec.to_json()]
        pods = diagnosis.pods_of(instances.pods(self._session, self.spec.name), diagnosis.newest(mine))
        unready = [pod for pod in pods if not _ready(pod) and not pod["metadata"].get("deletionTimestamp")]
        return max(unready, key=_restarts, default=None)


def replica_sets(session: Session, app: str) -> list[dict[str, Any]]:
    """The app's revisions, as Kubernetes keeps them."""
    return session.kube.list(*REPLICA_SET, namespace=session.namespace, labels=f"{keys.APP}={app}")


def last_good(session: Session, app: str) -> AppSpec | None:
    """The spec of the newest revision that has a ready instance: what can be returned to."""
    serving = diagnosis.serving(replica_sets(session, app))
    text = _spec_text(serving) if serving else ""
    return AppSpec.from_json(text) if text else None


def log_of(session: Session, pod: Mapping[str, Any]) -> list[str]:
    """The last lines of the pod's container, of the crashed one where there was one."""
    name, crashed = pod["metadata"]["name"], _restarts(pod) > 0
    for previous in (True, False) if crashed else (False,):
        try:
            lines = session.kube.logs(session.namespace, name, tail=_LINES, previous=previous)
            found = [line.rstrip() for line in lines if line.strip() and not line.startswith(_NO_LOG)]
        except KubeError:
            continue  # no container of this kind has run
        if found:
            return found
    return []


def ports_of(session: Session, pod: Mapping[str, Any]) -> Mapping[int, bool] | None:
    """What the running container listens on; None where it can't be told."""
    if not any("running" in (item.get("state") or {}) for item in _containers(pod)):
        return None
    try:
        result = session.kube.exec(session.namespace, pod["metadata"]["name"], list(sockets.COMMAND))
    except KubeError:
        return None
    return sockets.listening(result.stdout.decode("utf-8", "replace")) if result.stdout else None


def _containers(pod: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (pod.get("status") or {}).get("containerStatuses") or []


def _ready(pod: Mapping[str, Any]) -> bool:
    containers = _containers(pod)
    return bool(containers) and all(item.get("ready") for item in containers)


def _restarts(pod: Mapping[str, Any]) -> int:
    return sum(int(item.get("restartCount") or 0) for item in _containers(pod))


def _spec_text(item: Mapping[str, Any]) -> str:
    return str((item["metadata"].get("annotations") or {}).get(keys.SPEC, ""))
