"""Who we are to the server: tokens, basic auth, programs that print credentials, client certificates."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.kube.config import Access, ExecPlugin
from engine.kube.errors import BadKubeconfig

_TOKEN_FILE_LIFE = 60.0
_EXEC_TIMEOUT = 60.0


class Credentials:
    """The Authorization header of the moment; renewed when it runs out or the server refuses it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._token = access.token
        self._until = float("inf") if access.token else 0.0
        self.certificate = (access.client_cert, access.client_key)

    def header(self) -> str:
        """The value of the Authorization header, empty when a certificate (or nothing) speaks for us."""
        if self._access.basic:
            return "Basic " + base64.b64encode(self._access.basic.encode()).decode()
        with self._lock:
            if self.renewable and time.time() >= self._until:
                self._renew()
            return f"Bearer {self._token}" if self._token else ""

    @property
    def renewable(self) -> bool:
        """Whether asking again may give another token."""
        return not self._access.token and bool(self._access.token_file or self._access.exec_plugin)

    def forget(self) -> None:
        """The server refused the token: get another one for the next request."""
        with self._lock:
            if self.renewable:
                self._until = 0.0

    def _renew(self) -> None:
        if self._access.exec_plugin:
            self._run(self._access.exec_plugin)
            return
        try:
            self._token = Path(self._access.token_file).read_text(encoding="utf-8").strip()
        except OSError as exc:
            message = f"{self._access.source}: token file {self._access.token_file} cannot be read: {exc.strerror}"
            raise BadKubeconfig(message) from exc
        self._until = time.time() + _TOKEN_FILE_LIFE

    def _run(self, plugin: ExecPlugin) -> None:
        status = _ask(plugin, self._access.source)
        self._token = status.get("token", "")
        expiry = status.get("expirationTimestamp")
        self._until = datetime.fromisoformat(expiry).timestamp() - 10 if expiry else float("inf")
        if status.get("clientCertificateData"):
            self.certificate = (status["clientCertificateData"].encode(), status["clientKeyData"].encode())


def _ask(plugin: ExecPlugin, source: str) -> dict[str, Any]:
    """Run the plugin and return the `status` of the ExecCredential that it prints."""
    import subprocess  # late: most kubeconfigs have no plugin

    spec: dict[str, Any] = {"interactive": False}
    if plugin.cluster_info is not None:
        spec["cluster"] = plugin.cluster_info
    info = json.dumps({"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec})
    env = {**os.environ, **plugin.env, "KUBERNETES_EXEC_INFO": info}
    try:
        done = subprocess.run(
            [plugin.command, *plugin.args], env=env, capture_output=True, timeout=_EXEC_TIMEOUT, check=True
        )
        return dict(json.loads(done.stdout)["status"])
    except FileNotFoundError:
        raise BadKubeconfig(f"{source}: the credentials plugin '{plugin.command}' is not installed") from None
    except subprocess.TimeoutExpired:
        raise BadKubeconfig(f"{source}: the credentials plugin '{plugin.command}' gave no answer in 60 s") from None
    except subprocess.CalledProcessError as exc:
        last = exc.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        text = f"{source}: the credentials plugin '{plugin.command}' failed ({exc.returncode}): {' '.join(last)}"
        raise BadKubeconfig(text) from None
    except (ValueError, KeyError, TypeError):
        raise BadKubeconfig(f"{source}: the credentials plugin '{plugin.command}' printed no credentials") from None


def tls_context(access: Access, certificate: tuple[bytes, bytes]) -> ssl.SSLContext:
    """TLS settings: whom we trust, and our certificate."""
    try:
        context = ssl.create_default_context(cadata=access.ca.decode("ascii") if access.ca else None)
    except (ssl.SSLError, UnicodeDecodeError):
        raise BadKubeconfig(f"{access.source}: the certificate authority of the cluster is no PEM file") from None
    if access.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate[0]:
        with _as_file(certificate[0] + b"\n" + certificate[1]) as pem:
            try:
                context.load_cert_chain(pem)
            except ssl.SSLError:
                text = f"{access.source}: the client certificate and key of context '{access.context}' do not fit"
                raise BadKubeconfig(text) from None
    return context


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """The ssl module reads keys from files only: give it one that never touches a disk where that can be."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("certificate", os.MFD_CLOEXEC)
        try:
            os.write(handle, content)
            yield f"/proc/self/fd/{handle}"
        finally:
            os.close(handle)
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file.name
