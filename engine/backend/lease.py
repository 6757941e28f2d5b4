"""A Kubernetes Lease as lock: held while its holder renews it, taken over once it does not."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from engine.backend.api import LockWish
from engine.backend.holder import Holder
from engine.errors import StackLocked
from engine.kube.errors import AlreadyExists, Conflict, KubeError, NotFound

DURATION_SECONDS: Final = 30
RENEW_SECONDS: Final = 8.0

_API: Final = "coordination.k8s.io/v1"
_HOLDER: Final = "microfoundry.dev/holder"


class Objects(Protocol):
    """What the lock and the state need of a Kubernetes client."""

    def find(
        self, api_version: str, kind: str, name: str, *, namespace: str | None = None
    ) -> dict[str, Any] | None: ...

    def create(self, obj: Mapping[str, Any]) -> dict[str, Any]: ...

    def replace(self, obj: Mapping[str, Any]) -> dict[str, Any]: ...

    def list(self, api_version: str, kind: str, *, namespace: str | None = None, labels: str = "") -> Sequence[Any]: ...

    def delete(
        self, api_version: str, kind: str, name: str, *, namespace: str | None = None, uid: str | None = None
    ) -> None: ...


class Lease:
    """One attempt to hold one lock; renewed by a thread from `take` to `release`."""

    def __init__(self, kube: Objects, namespace: str, name: str, *, seconds: int = DURATION_SECONDS) -> None:
        self._kube = kube
        self._namespace = namespace
        self._name = name
        self._seconds = seconds
        self._identity = str(uuid.uuid4())
        self._held: dict[str, Any] | None = None
        self._seen: tuple[str, float] | None = None
        self._renewals = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost = threading.Event()
        """Set once another holder took the lock; nothing may be written from then on."""

    def take(self, wish: LockWish) -> None:
        """Hold the lock. A live holder is an error, unless the wish has time; a silent one is waited out."""
        deadline = time.monotonic() + wish.wait
        told = False
        while (holder := self._attempt(wish)) is not None:
            alive = holder.is_near() or self._was_renewed()
            if alive and time.monotonic() >= deadline:
                raise StackLocked([f"Lease {self._namespace}/{self._name}: {holder}"])
            if not told:
                wish.say(f"the stack is locked, {holder}; waiting until it is free or its lock runs out")
                told = True
            time.sleep(0.5)
        self._thread = threading.Thread(target=self._renew, name="lease-renewal", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Let go; a lock that was lost meanwhile is left to its new holder."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._held is None or self.lost.is_set():
            return
        uid = self._held["metadata"].get("uid")
        try:
            self._kube.delete(_API, "Lease", self._name, namespace=self._namespace, uid=uid)
        except (NotFound, Conflict):
            self.lost.set()

    def _attempt(self, wish: LockWish) -> Holder | None:
        """None when the lock is ours, else who holds it."""
        try:
            self._held = self._kube.create(self._manifest())
            return None
        except AlreadyExists:
            pass
        there = self._kube.find(_API, "Lease", self._name, namespace=self._namespace)
        if there is None:
            return self._attempt(wish)
        holder = _holder(there)
        if not (holder.is_gone() or self._has_run_out(there)):
            return holder
        try:
            self._held = self._kube.replace(self._manifest(there["metadata"]["resourceVersion"]))
        except (Conflict, NotFound):
            return holder
        wish.say(f"took over the lock of a process that is gone: {holder}")
        return None

    def _has_run_out(self, lease: Mapping[str, Any]) -> bool:
        # Measured by our own clock since we saw the last renewal: clocks of two machines may differ.
        renewed = str(lease["spec"].get("renewTime"))
        if self._seen is None:
            self._seen = (renewed, time.monotonic())
        elif self._seen[0] != renewed:
            self._seen = (renewed, time.monotonic())
            self._renewals += 1
        return time.monotonic() - self._seen[1] > float(lease["spec"].get("leaseDurationSeconds") or self._seconds)

    def _was_renewed(self) -> bool:
        return self._renewals > 0

    def _renew(self) -> None:
        while not self._stop.wait(min(RENEW_SECONDS, self._seconds / 3)):
            assert self._held is not None
            try:
                try:
                    self._held = self._kube.replace(self._manifest(self._held["metadata"]["resourceVersion"]))
                except (Conflict, NotFound):
                    if not self._still_ours():
                        self.lost.set()
                        return
            except KubeError:
                # The server may be back before the lease runs out; if not, the next holder's write makes ours fail.
                continue

    def _still_ours(self) -> bool:
        # A renewal whose answer got lost has changed the version that we know.
        there = self._kube.find(_API, "Lease", self._name, namespace=self._namespace)
        if there is None or there["spec"].get("holderIdentity") != self._identity:
            return False
        self._held = there
        return True

    def _manifest(self, version: str = "") -> dict[str, Any]:
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        spec = {"holderIdentity": self._identity, "leaseDurationSeconds": self._seconds, "renewTime": moment}
        metadata: dict[str, Any] = {
            "name": self._name,
            "namespace": self._namespace,
            "labels": {"app.kubernetes.io/managed-by": "microfoundry"},
            "annotations": {_HOLDER: json.dumps(Holder.me().tree())},
        }
        if version:
            metadata["resourceVersion"] = version
        return {"apiVersion": _API, "kind": "Lease", "metadata": metadata, "spec": {**spec, "acquireTime": moment}}


def _holder(lease: Mapping[str, Any]) -> Holder:
    text = (lease["metadata"].get("annotations") or {}).get(_HOLDER) or "{}"
    return Holder.parse(json.loads(text))
