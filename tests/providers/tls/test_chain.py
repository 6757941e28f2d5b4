"""tls:getCertificate: what certificates say, from text and from a server on this machine."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.provider_api import InvokeReply, InvokeRequest
from providers.errors import BadInput, ConnectionFailed
from providers.tls import TlsProvider
from tests.providers.conftest import RecordingHost
from tests.support.certificates import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server(authority: Authority) -> Iterator[str]:
    certificate, key = authority.server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


def asked(host: RecordingHost, **args: Any) -> InvokeReply:
    return TlsProvider(host).invoke(InvokeRequest(token="tls:index/getCertificate:getCertificate", args=args))


def test_a_certificate_in_text_is_told(host: RecordingHost, authority: Authority) -> None:
    (told,) = asked(host, content=authority.pem.decode()).result["certificates"]
    assert told["isCa"] and told["maxPathLength"] == 0 and told["version"] == 3
    assert told["publicKeyAlgorithm"] == "ECDSA" and told["signatureAlgorithm"] == "ECDSA-SHA256"
    assert told["certPem"] == authority.pem.decode()


def test_a_server_is_asked_for_its_certificate(host: RecordingHost, server: str) -> None:
    reply = asked(host, url=server, verifyChain=False)
    (told,) = reply.result["certificates"]
    assert not told["isCa"] and told["maxPathLength"] == -1 and "kube-apiserver" in told["subject"]
    assert len(reply.result["id"]) == 40


def test_a_chain_that_nobody_trusts_is_an_error_unless_that_is_allowed(host: RecordingHost, server: str) -> None:
    with pytest.raises(ConnectionFailed, match="cannot be trusted"):
        asked(host, url=server)


def test_either_url_or_content_is_needed(host: RecordingHost) -> None:
    assert asked(host).failures[0].reason == "give either url or content"
    with pytest.raises(BadInput, match="no certificate in PEM"):
        asked(host, content="nonsense")
    with pytest.raises(BadInput, match="is not understood"):
        asked(host, url="ftp://x")
