"""tls:getCertificate: what certificates say, from their text or from the server that shows them."""

from __future__ import annotations

import hashlib
import socket
import ssl
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from engine.provider_api import CheckFailure, InvokeReply, InvokeRequest
from engine.values import UNKNOWN, Props
from providers.errors import BadInput, ConnectionFailed
from providers.plain import is_unknown, reveal

_SECONDS = 15
_PORTS = {"https": 443, "tls": None}


def get_certificate(request: InvokeRequest) -> InvokeReply:
    """The chain, its root first."""
    args = reveal(request.args)
    if is_unknown(args):
        return InvokeReply(result={**request.args, "certificates": UNKNOWN, "id": UNKNOWN})
    if (args.get("url") is None) == (args.get("content") is None):
        return InvokeReply(result={}, failures=[CheckFailure("url", "give either url or content")])
    if args.get("content") is not None:
        found = _parsed(str(args["content"]))
    else:
        found = _shown(str(args["url"]), verify=args.get("verifyChain", True) is not False)
    told = [_told(one) for one in reversed(found)]
    digest = hashlib.sha1("".join(one["sha1Fingerprint"] for one in told).encode(), usedforsecurity=False)
    return InvokeReply(result={**request.args, "certificates": told, "id": digest.hexdigest()})


def _parsed(text: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError as exc:
        raise BadInput("content is no certificate in PEM") from exc


def _shown(url: str, *, verify: bool) -> list[x509.Certificate]:
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    if parts.scheme not in _PORTS or not parts.hostname or not port:
        raise BadInput(f"url '{url}' is not understood; write https://HOST[:PORT] or tls://HOST:PORT")
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as wrapped,
        ):
            return [x509.load_der_x509_certificate(raw) for raw in _chain(wrapped)]
    except ssl.SSLCertVerificationError as exc:
        raise ConnectionFailed(f"{url} shows a certificate that cannot be trusted: {exc.verify_message}") from exc
    except OSError as exc:
        raise ConnectionFailed(f"{url} cannot be reached: {exc}") from exc


def _chain(wrapped: ssl.SSLSocket) -> list[bytes]:
    """Every certificate that the server shows; Python before 3.13 has that on its inner object only."""
    if hasattr(wrapped, "get_unverified_chain"):
        return list(wrapped.get_unverified_chain())
    inner: Any = wrapped._sslobj  # type: ignore[attr-defined]  # the only way there is in these versions
    return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in inner.get_unverified_chain()]


def _told(one: x509.Certificate) -> Props:
    authority, length = _constraints(one)
    return {
        "certPem": one.public_bytes(Encoding.PEM).decode(),
        "isCa": authority,
        "issuer": one.issuer.rfc4514_string(),
        "maxPathLength": length,
        "notAfter": _time(one.not_valid_after_utc),
        "notBefore": _time(one.not_valid_before_utc),
        "publicKeyAlgorithm": _algorithm(one.public_key()),
        "serialNumber": str(one.serial_number),
        "sha1Fingerprint": one.fingerprint(hashes.SHA1()).hex(),
        "signatureAlgorithm": _signature(one),
        "subject": one.subject.rfc4514_string(),
        "version": one.version.value + 1,
    }


def _constraints(one: x509.Certificate) -> tuple[bool, int]:
    try:
        found = one.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False, -1
    return found.ca, found.path_length if found.ca and found.path_length is not None else -1


def _algorithm(key: Any) -> str:
    known = {rsa.RSAPublicKey: "RSA", ec.EllipticCurvePublicKey: "ECDSA", ed25519.Ed25519PublicKey: "Ed25519"}
    return next((name for kind, name in known.items() if isinstance(key, kind)), "0")


def _signature(one: x509.Certificate) -> str:
    """As Go names it, which the real provider's values come from."""
    digest = one.signature_hash_algorithm
    if digest is None:
        return "Ed25519"
    name = digest.name.upper()
    if "ecdsa" in (one.signature_algorithm_oid._name or "").lower():
        return f"ECDSA-{name}"
    padding = "RSAPSS" if one.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSASSA_PSS else "RSA"
    return f"{name}-{padding}"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
