"""For tests (support file): a real Kubernetes API server with its controllers on loopback, without any node."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from baremetal.bundle import build, find
from baremetal.bundle.__main__ import line
from engine.kube.client import Kube
from engine.kube.errors import KubeError
from tests.support.certificates import Authority
from tests.support.image_files import program, unpack

_START_LIMIT = 90.0
_CONTROLLERS = (
    "namespace-controller,garbage-collector-controller,deployment-controller,replicaset-controller,"
    "statefulset-controller,job-controller,endpointslice-controller,resourcequota-controller"
)


class ApiServer:
    """Where it listens and how to get in."""

    def __init__(self, folder: Path, port: int, authority: Authority) -> None:
        self.url = f"https://127.0.0.1:{port}"
        self._authority = authority
        self.kubeconfig = str(folder / "kubeconfig")
        certificate, key = authority.user("admin", "system:masters")
        Path(self.kubeconfig).write_text(json.dumps(self.config(certificate, key)), encoding="utf-8")

    def config(self, certificate: Path, key: Path, *, namespace: str = "default") -> dict[str, Any]:
        """A kubeconfig for a user's certificate."""
        cluster = {"server": self.url, "certificate-authority-data": _base64(self._authority.path)}
        user = {"client-certificate-data": _base64(certificate), "client-key-data": _base64(key)}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "user", "user": user}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "user", "namespace": namespace}}],
            "current-context": "test",
        }

    def user_config(self, name: str) -> str:
        """The kubeconfig of a user without any rights, as text."""
        return json.dumps(self.config(*self._authority.user(name, "nobodies")))

    def kube(self) -> Kube:
        """A client with all rights."""
        return Kube.load(self.kubeconfig)


@contextmanager
def running() -> Iterator[ApiServer]:
    """The server, for as long as the context is open; everything is gone after it."""
    folder = Path(tempfile.mkdtemp(prefix="apiserver-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield _start(folder, started)
    finally:
        for process in reversed(started):
            process.kill()  # nothing of it is kept, and a polite end waits for open watches
            process.wait()
        shutil.rmtree(folder)


def _start(folder: Path, started: list[subprocess.Popen[bytes]]) -> ApiServer:
    programs = _programs(folder / "programs")
    authority = Authority(folder)
    etcd_port, peer_port, port = _free_ports(3)
    started.append(_run(folder, programs["etcd"], _etcd_flags(folder, etcd_port, peer_port)))
    started.append(_run(folder, programs["kube-apiserver"], _server_flags(authority, etcd_port, port)))
    server = ApiServer(folder, port, authority)
    _until_ready(server, started, folder)
    flags = {"kubeconfig": server.kubeconfig, "controllers": _CONTROLLERS, "leader-elect": "false", "secure-port": "0"}
    started.append(_run(folder, programs["kube-controller-manager"], flags))
    return server


def _programs(target: Path) -> dict[str, Path]:
    """The programs out of the bundle's images; parts that are missing are made first, which takes minutes."""
    parts = ("etcd", "control-plane")
    if not all(find(part) for part in parts):
        print("making the API server that tests run against (minutes, once on a machine)", flush=True)
    bundle = build(parts, lambda event: print(line(event), flush=True))
    images = {ref: path for part in parts for ref, path in bundle.parts[part].images.items()}
    found = {}
    for name in ("etcd", "kube-apiserver", "kube-controller-manager"):
        reference = next(ref for ref in images if f"/{name}:" in ref)
        found[name] = program(unpack(images[reference], reference, target / name), name)
    return found


def _run(folder: Path, path: Path, flags: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a program that dies with the tests, however these end."""
    words = [str(path), *(f"--{key}={value}" for key, value in flags.items())]
    with (folder / f"{path.name}.log").open("wb") as log:
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words], stdout=log, stderr=log, cwd=folder)


def _etcd_flags(folder: Path, port: int, peer_port: int) -> dict[str, str]:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return {
        "data-dir": str(folder / "etcd"),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }


def _server_flags(authority: Authority, etcd_port: int, port: int) -> dict[str, str]:
    certificate, key = authority.server()
    tokens = str(authority.signing_key())
    return {
        "etcd-servers": f"http://127.0.0.1:{etcd_port}",
        "bind-address": "127.0.0.1",
        "secure-port": str(port),
        "tls-cert-file": str(certificate),
        "tls-private-key-file": str(key),
        "client-ca-file": str(authority.path),
        "authorization-mode": "RBAC",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": tokens,
        "service-account-signing-key-file": tokens,
        "service-cluster-ip-range": "10.96.0.0/16",
        "endpoint-reconciler-type": "none",
        "disable-admission-plugins": "ServiceAccount",
    }


def _until_ready(server: ApiServer, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    kube = server.kube()
    while True:
        try:
            kube.get("v1", "Namespace", "default")
            return
        except KubeError as exc:
            dead = [process for process in started if process.poll() is not None]
            if dead or time.monotonic() > deadline:
                logs = "\n".join(f"{path.name}: {path.read_text()[-1500:]}" for path in folder.glob("*.log"))
                raise AssertionError(f"the API server did not start: {exc}\n{logs}") from exc
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")
