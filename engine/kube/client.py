"""The client: objects by kind and name, watches, logs, and commands in containers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from engine.kube import config
from engine.kube.errors import NotFound
from engine.kube.kinds import Kind, Kinds
from engine.kube.transport import Query, Request, Transport
from engine.kube.watch import Stream, Watch

if TYPE_CHECKING:
    from engine.kube.stream import ExecResult

Object: TypeAlias = dict[str, Any]
Objects: TypeAlias = list[dict[str, Any]]

_PATCHES = {
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "strategic": "application/strategic-merge-patch+json",
}
_APPLY = "application/apply-patch+yaml"


class Kube:
    """One cluster, as one user; safe to share between threads, silent until the first call."""

    def __init__(self, access: config.Access) -> None:
        self.access = access
        self._transport = Transport(access)
        self.kinds = Kinds(lambda path: self._transport.json(Request(method="GET", path=path)))

    @classmethod
    def load(
        cls,
        path: str | None = None,
        *,
        content: str | None = None,
        context: str | None = None,
        cluster: str | None = None,
    ) -> Kube:
        """A client for the kubeconfig's (or the named) context; raises BadKubeconfig, never waits for a server."""
        return cls(config.load(path, content=content, context=context, cluster=cluster))

    @property
    def host(self) -> str:
        """The server's URL."""
        return self.access.server

    @property
    def context_name(self) -> str:
        """The context in use."""
        return self.access.context

    @property
    def default_namespace(self) -> str:
        """The namespace that the context names."""
        return self.access.namespace

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        content_type: str = "application/json",
        timeout: float | None = 30,
    ) -> Object:
        """Send one request as it is and return the decoded answer."""
        sent = Request(method=method, path=path, query=query, body=body, content_type=content_type, timeout=timeout)
        return self._transport.json(sent)

    def server_version(self) -> str:
        """The server's version, such as v1.36.3."""
        return str(self.request("GET", "/version")["gitVersion"])

    def get(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> Object:
        """The object; raises NotFound."""
        return self.request("GET", self._path(self.kinds.get(api_version, kind), namespace, name))

    def find(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> Object | None:
        """The object, None when there is none (or the server does not even know the kind)."""
        try:
            return self.get(api_version, kind, name, namespace=namespace)
        except NotFound:
            return None

    def list(
        self, api_version: str, kind: str, *, namespace: str | None = None, labels: str = "", fields: str = ""
    ) -> Objects:
        """All objects of a kind that match; without a namespace those of all namespaces."""
        return self.list_at(api_version, kind, namespace=namespace, labels=labels, fields=fields)[0]

    def list_at(
        self, api_version: str, kind: str, *, namespace: str | None = None, labels: str = "", fields: str = ""
    ) -> tuple[Objects, str]:
        """Like `list`, with the resource version from which a watch goes on without a gap."""
        known = self.kinds.get(api_version, kind)
        answer = self.request("GET", known.path(namespace), query={"labelSelector": labels, "fieldSelector": fields})
        items = answer.get("items") or []
        for item in items:  # lists leave these out; an object should say what it is
            item.setdefault("apiVersion", api_version)
            item.setdefault("kind", kind)
        return items, str(answer.get("metadata", {}).get("resourceVersion", ""))

    def create(self, obj: Mapping[str, Any], *, dry_run: bool = False, field_manager: str | None = None) -> Object:
        """Make the object; raises AlreadyExists."""
        known = self.kinds.get(obj["apiVersion"], obj["kind"])
        path = known.path(self._namespace(known, obj.get("metadata", {}).get("namespace")))
        return self.request("POST", path, query={**_dry(dry_run), "fieldManager": field_manager}, body=obj)

    def apply(
        self, obj: Mapping[str, Any], *, field_manager: str, force: bool = False, dry_run: bool = False
    ) -> Object:
        """Server-side apply: own exactly these fields; raises Conflict when another manager owns one of them."""
        query: Query = {**_dry(dry_run), "fieldManager": field_manager, "force": force}
        return self.request("PATCH", self.path_of(obj), query=query, body=obj, content_type=_APPLY)

    def replace(self, obj: Mapping[str, Any], *, dry_run: bool = False, field_manager: str | None = None) -> Object:
        """Put the object in the place of the old one; raises Conflict when its resourceVersion is not the newest."""
        query: Query = {**_dry(dry_run), "fieldManager": field_manager}
        return self.request("PUT", self.path_of(obj), query=query, body=obj)

    def patch(  # noqa: PLR0913 an address, a patch and how to apply it
        self,
        api_version: str,
        kind: str,
        name: str,
        patch: Any,
        *,
        namespace: str | None = None,
        type: str = "merge",
        dry_run: bool = False,
        subresource: str = "",
    ) -> Object:
        """Change parts of the object; `type` is merge, json or strategic."""
        path = self._path(self.kinds.get(api_version, kind), namespace, name)
        path += f"/{subresource}" if subresource else ""
        return self.request("PATCH", path, query=_dry(dry_run), body=patch, content_type=_PATCHES[type])

    def delete(  # noqa: PLR0913 an address and the API's own options
        self,
        api_version: str,
        kind: str,
        name: str,
        *,
        namespace: str | None = None,
        propagation: str = "Background",
        grace_seconds: int | None = None,
        uid: str | None = None,
    ) -> None:
        """Ask for the object's deletion (it may take a while); raises NotFound."""
        options: Object = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation}
        if grace_seconds is not None:
            options["gracePeriodSeconds"] = grace_seconds
        if uid:
            options["preconditions"] = {"uid": uid}
        self.request("DELETE", self._path(self.kinds.get(api_version, kind), namespace, name), body=options)

    def watch(  # noqa: PLR0913 an address, filters and a span
        self,
        api_version: str,
        kind: str,
        *,
        namespace: str | None = None,
        labels: str = "",
        fields: str = "",
        resource_version: str | None = None,
        timeout: float = 60,
    ) -> Watch:
        """Changes as (type, object); ends after `timeout` seconds or by `stop()` from another thread."""
        known = self.kinds.get(api_version, kind)
        query: Query = {
            "watch": True,
            "labelSelector": labels,
            "fieldSelector": fields,
            "resourceVersion": resource_version,
            "timeoutSeconds": max(1, int(timeout)),
        }
        sent = Request(method="GET", path=known.path(namespace), query=query, timeout=timeout + 15, stream=True)
        return Watch(self._stream(sent))

    def logs(  # noqa: PLR0913 a pod and the API's own options
        self,
        namespace: str,
        pod: str,
        *,
        container: str = "",
        follow: bool = False,
        tail: int | None = None,
        since_seconds: int | None = None,
        previous: bool = False,
        timestamps: bool = False,
    ) -> Iterator[str]:
        """Log lines without their line ends; with `follow`, until the container ends."""
        query: Query = {
            "container": container,
            "follow": follow or None,
            "tailLines": tail,
            "sinceSeconds": since_seconds,
            "previous": previous or None,
            "timestamps": timestamps or None,
        }
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/log"
        sent = Request(method="GET", path=path, query=query, stream=True, timeout=None if follow else 30)
        with contextlib.closing(self._stream(sent)) as lines:
            for line in lines:
                yield line.decode("utf-8", "replace")

    def exec(
        self, namespace: str, pod: str, command: Sequence[str], *, container: str = "", stdin: bytes | None = None
    ) -> ExecResult:
        """Run a command in a container and return all that it wrote, with its exit code."""
        from engine.kube import stream

        return stream.run(self._transport, stream.Target(namespace, pod, container), command, stdin)

    def exec_stream(  # noqa: PLR0913 a container, a command and its three streams
        self,
        namespace: str,
        pod: str,
        command: Sequence[str],
        *,
        stdout: BinaryIO,
        stderr: BinaryIO,
        stdin: BinaryIO | None = None,
        container: str = "",
        tty: bool = False,
    ) -> int:
        """Run a command in a container with its streams connected to these; returns its exit code."""
        from engine.kube import stream

        pipes = stream.Pipes(stdin=stdin, stdout=stdout, stderr=stderr, tty=tty)
        return stream.attach(self._transport, stream.Target(namespace, pod, container), command, pipes)

    def port_forward(self, namespace: str, pod: str, port: int) -> contextlib.AbstractContextManager[int]:
        """While open, a port on loopback that leads to the pod's port."""
        from engine.kube.forward import port_forward

        return port_forward(self._transport, namespace, pod, port)

    def path_of(self, obj: Mapping[str, Any], subresource: str = "") -> str:
        """The URL path at which an object lives."""
        known = self.kinds.get(obj["apiVersion"], obj["kind"])
        meta = obj["metadata"]
        return self._path(known, meta.get("namespace"), meta["name"]) + (f"/{subresource}" if subresource else "")

    def close(self) -> None:
        """Let go of idle connections."""
        self._transport.close()

    def _path(self, known: Kind, namespace: str | None, name: str) -> str:
        return known.path(self._namespace(known, namespace), name)

    def _namespace(self, known: Kind, namespace: str | None) -> str | None:
        return (namespace or self.default_namespace) if known.namespaced else None

    def _stream(self, sent: Request) -> Stream:
        return Stream(self._transport.send(sent), self._transport.unreachable)


def _dry(dry_run: bool) -> dict[str, str]:
    return {"dryRun": "All"} if dry_run else {}
