"""Building with Cloud Native Buildpacks: the platform's builder image, run as a Job in the space's namespace.

For platforms whose settings name a builder image. Nothing is needed on the person's machine, root neither.
"""

from __future__ import annotations

import contextlib
import io
import secrets
import tarfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kube.client import Kube
from engine.kube.errors import NotFound
from mf.ops.build import cnb_documents as documents
from mf.ops.build.builder import BuildRequest, Say
from mf.ops.build.cause import cause, last_lines
from mf.ops.build.errors import BuilderMissing, BuildFailed, UploadFailed
from mf.ops.build.registry import Registry

IN_CLUSTER = "registry.microfoundry-system.svc:5000"
_START_SECONDS = 300.0
_POLL = 0.5
_TAIL = 40


@dataclass(frozen=True, kw_only=True)
class Buildpacks:
    """`registry` is how this machine reaches the platform's registry, `registry_inside` how its pods do."""

    kube: Kube
    namespace: str
    builder_image: str
    registry: str
    registry_inside: str = IN_CLUSTER
    name: str = "buildpacks"

    def check(self) -> None:
        """A builder image has to be named in the platform's settings."""
        if not self.builder_image:
            raise BuilderMissing(
                "this platform names no buildpacks builder image",
                hint="set builderImage in the stack's config and run mf up, or let mf choose: --build auto",
            )

    def build(self, request: BuildRequest, say: Say) -> str:
        """Run the Job to its end; it pushes the image itself."""
        wanted = documents.CnbBuild(
            name=f"build-{request.app}-{secrets.token_hex(3)}",
            app=request.app,
            namespace=self.namespace,
            builder=self.builder_image,
            helper=f"{self.registry}/microfoundry/busybox:1",
            registry=self.registry_inside,
            repository=request.repository.split("/", 1)[1],
        )
        self.kube.create(documents.job(wanted))
        try:
            pod = self._wait(wanted, documents.SOURCE, "initContainerStatuses")
            self._send(pod, request.context)
            pod = self._wait(wanted, documents.BUILD, "containerStatuses")
            self._follow(request.app, pod, say)
        finally:
            with contextlib.suppress(NotFound):
                self.kube.delete("batch/v1", "Job", wanted.name, namespace=self.namespace)
        return wanted.image

    def upload(self, image: str, request: BuildRequest, say: Say) -> str:
        """The lifecycle has pushed it; this is under which digest."""
        host, _, path = request.repository.partition("/")
        digest = Registry(host).digest(path, "latest")
        if not digest:
            raise UploadFailed(f"the build of {request.app} ended well, but the registry at {host} has no image of it")
        say(f"{image} is {digest}")
        return f"{request.repository}@{digest}"

    def _wait(self, wanted: documents.CnbBuild, container: str, statuses: str) -> str:
        """The pod's name once the container has started (or ended)."""
        deadline = time.monotonic() + _START_SECONDS
        reason = "no pod was made"
        while time.monotonic() < deadline:
            for pod in self.kube.list("v1", "Pod", namespace=self.namespace, labels=f"job-name={wanted.name}"):
                state = _state(pod, container, statuses)
                if "running" in state or "terminated" in state:
                    return str(pod["metadata"]["name"])
                reason = (
                    (state.get("waiting") or {}).get("message") or (state.get("waiting") or {}).get("reason") or reason
                )
            time.sleep(_POLL)
        raise BuildFailed(f"the build of {wanted.app} did not start within {_START_SECONDS:.0f}s: {reason}")

    def _send(self, pod: str, context: Path) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(context, arcname=".")
        sent = self.kube.exec(
            self.namespace, pod, list(documents.UNPACK), container=documents.SOURCE, stdin=packed.getvalue()
        )
        if sent.code:
            text = sent.stderr.decode("utf-8", "replace").strip()
            raise BuildFailed(f"the source could not be handed to the build: {text}")

    def _follow(self, app: str, pod: str, say: Say) -> None:
        tail: deque[str] = deque(maxlen=_TAIL)
        for line in self.kube.logs(self.namespace, pod, container=documents.BUILD, follow=True):
            tail.append(line.rstrip())
            say(line.rstrip())
        code = self._exit_code(pod)
        if code:
            raise BuildFailed(f"the build of {app} failed: {cause(tail)}", reasons=last_lines(tail))

    def _exit_code(self, pod: str) -> int:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self.kube.get("v1", "Pod", pod, namespace=self.namespace)
            ended = _state(found, documents.BUILD, "containerStatuses").get("terminated")
            if ended:
                return int(ended.get("exitCode") or 0)
            time.sleep(_POLL)
        raise BuildFailed(f"the build's pod {pod} closed its log, but did not end")


def _state(pod: dict[str, Any], container: str, statuses: str) -> dict[str, Any]:
    found = (pod.get("status") or {}).get(statuses) or []
    return next((item.get("state") or {} for item in found if item["name"] == container), {})
