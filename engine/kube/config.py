"""Kubeconfig files: which cluster, which user, which namespace, and how to prove who we are."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.kube.errors import BadKubeconfig

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecPlugin:
    """A program that prints credentials."""

    command: str
    args: Sequence[str] = field(default=(), repr=False)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_version: str = ""
    cluster_info: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """All it takes to talk to one cluster as one user; its text form shows no credentials."""

    server: str
    source: str
    context: str = ""
    cluster: str = ""
    namespace: str = "default"
    ca: bytes = field(default=b"", repr=False)
    insecure: bool = False
    tls_server_name: str = ""
    proxy_url: str = ""
    client_cert: bytes = field(default=b"", repr=False)
    client_key: bytes = field(default=b"", repr=False)
    token: str = field(default="", repr=False)
    token_file: str = ""
    basic: str = field(default="", repr=False)
    exec_plugin: ExecPlugin | None = None


def load(
    path: str | None = None, *, content: str | None = None, context: str | None = None, cluster: str | None = None
) -> Access:
    """Read the kubeconfig at `path` (else $KUBECONFIG, else ~/.kube/config, else a pod's service account).

    `context` and `cluster` are names in it that count instead of what it chooses itself.
    """
    if content is not None:
        return _access(_parse(content, "the given kubeconfig"), "the given kubeconfig", context, cluster=cluster)
    named = path or os.environ.get("KUBECONFIG", "")
    files = [Path(p).expanduser() for p in named.split(os.pathsep) if p] or [Path("~/.kube/config").expanduser()]
    present = [file for file in files if file.is_file()]
    if not present:
        if not named and os.environ.get("KUBERNETES_SERVICE_HOST") and (SERVICE_ACCOUNT / "token").is_file():
            return _in_cluster()
        raise _missing(files, path)
    source = os.pathsep.join(str(file) for file in present)
    return _access(_merged(present), source, context, cluster=cluster)


def _missing(files: Sequence[Path], path: str | None) -> BadKubeconfig:
    origin = "" if path else " (named by $KUBECONFIG)" if os.environ.get("KUBECONFIG") else ""
    names = ", ".join(str(file) for file in files)
    hint = "name one with --kubeconfig or $KUBECONFIG, or make a cluster with `mf up`"
    return BadKubeconfig(f"no kubeconfig at {names}{origin}", hint=hint)


def _merged(files: Sequence[Path]) -> dict[str, Any]:
    """Several files as one: of each name the first counts, as for kubectl."""
    merged: dict[str, Any] = {}
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise BadKubeconfig(f"kubeconfig {file} cannot be read: {exc}") from exc
        document = _absolute(_parse(text, str(file)), file.parent)
        for key in ("clusters", "users", "contexts"):
            merged[key] = [*merged.get(key, []), *(document.get(key) or [])]
        merged["current-context"] = merged.get("current-context") or document.get("current-context")
    return merged


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        document = json.loads(text)  # JSON is YAML too, and read without loading PyYAML
    except ValueError:
        document = _parse_yaml(text, source)
    if not isinstance(document, dict) or not document.get("clusters"):
        raise BadKubeconfig(f"{source} is no kubeconfig: it names no clusters")
    return document


def _parse_yaml(text: str, source: str) -> Any:
    import yaml  # late: loading it takes longer than a request to the API server

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise BadKubeconfig(f"{source} is not valid YAML{where}") from None


def _absolute(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """File names inside a kubeconfig are relative to it."""
    for section, inner, keys in (
        ("clusters", "cluster", ("certificate-authority",)),
        ("users", "user", ("client-certificate", "client-key", "tokenFile")),
    ):
        for entry in document.get(section) or []:
            body = entry.get(inner) or {}
            for key in keys:
                if body.get(key):
                    body[key] = str(folder / body[key])
    return document


def _pick(document: Mapping[str, Any], section: str, name: str, *, inner: str, source: str) -> dict[str, Any]:
    entries = [entry for entry in document.get(section) or [] if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("name") == name:
            return entry.get(inner) or {}
    known = ", ".join(str(entry.get("name")) for entry in entries) or "none"
    raise BadKubeconfig(f"{source} has no {inner} '{name}'; it has: {known}")


def _access(document: Mapping[str, Any], source: str, context: str | None, *, cluster: str | None = None) -> Access:
    contexts = document.get("contexts") or []
    name = context or document.get("current-context") or (contexts[0]["name"] if len(contexts) == 1 else "")
    if not name:
        raise BadKubeconfig(f"{source} sets no current-context", hint="choose one with `kubectl config use-context`")
    chosen = _pick(document, "contexts", name, inner="context", source=source)
    name_of_cluster = cluster or str(chosen.get("cluster"))
    found = _pick(document, "clusters", name_of_cluster, inner="cluster", source=source)
    user = _pick(document, "users", str(chosen["user"]), inner="user", source=source) if chosen.get("user") else {}
    server = str(found.get("server") or "")
    if not server.startswith(("http://", "https://")):
        raise BadKubeconfig(f"{source}: cluster '{name_of_cluster}' has no usable server address: {server!r}")
    where = f"{source}, context '{name}'"
    basic = f"{user['username']}:{user.get('password', '')}" if user.get("username") else ""
    return Access(
        server=server.rstrip("/"),
        source=source,
        context=name,
        cluster=name_of_cluster,
        namespace=chosen.get("namespace") or "default",
        ca=_bytes(found, "certificate-authority", where),
        insecure=bool(found.get("insecure-skip-tls-verify")),
        tls_server_name=found.get("tls-server-name") or "",
        proxy_url=found.get("proxy-url") or "",
        client_cert=_bytes(user, "client-certificate", where),
        client_key=_bytes(user, "client-key", where),
        token=user.get("token") or "",
        token_file=user.get("tokenFile") or "",
        basic=basic,
        exec_plugin=_exec_plugin(user.get("exec"), found, where),
    )


def _bytes(section: Mapping[str, Any], key: str, where: str) -> bytes:
    """`KEY-data` (base64) or the content of the file that `KEY` names."""
    try:
        if section.get(f"{key}-data"):
            return base64.b64decode(section[f"{key}-data"], validate=True)
        return Path(section[key]).read_bytes() if section.get(key) else b""
    except binascii.Error:
        raise BadKubeconfig(f"{where}: {key}-data is not base64") from None
    except OSError as exc:
        raise BadKubeconfig(f"{where}: {key} {section[key]} cannot be read: {exc.strerror}") from exc


def _exec_plugin(spec: Mapping[str, Any] | None, cluster: Mapping[str, Any], where: str) -> ExecPlugin | None:
    if not spec:
        return None
    if not spec.get("command"):
        raise BadKubeconfig(f"{where}: the exec plugin names no command")
    info = {k: cluster[k] for k in ("server", "certificate-authority-data", "tls-server-name") if cluster.get(k)}
    return ExecPlugin(
        command=str(spec["command"]),
        args=tuple(str(arg) for arg in spec.get("args") or ()),
        env={item["name"]: item["value"] for item in spec.get("env") or ()},
        api_version=str(spec.get("apiVersion") or "client.authentication.k8s.io/v1"),
        cluster_info=info if spec.get("provideClusterInfo") else None,
    )


def _in_cluster() -> Access:
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    return Access(
        server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        source="the pod's service account",
        context="in-cluster",
        cluster="in-cluster",
        namespace=(SERVICE_ACCOUNT / "namespace").read_text(encoding="utf-8").strip(),
        ca=(SERVICE_ACCOUNT / "ca.crt").read_bytes(),
        token_file=str(SERVICE_ACCOUNT / "token"),
    )
