"""Certificates: built from a subject, a public key and the key of whoever signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from providers.errors import BadInput
from providers.tls import keys, uses

_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate to make: for whom, and by whom; a self-signed one has no issuer certificate."""

    subject: x509.Name
    public_key: CertificatePublicKeyTypes
    alternatives: x509.SubjectAlternativeName | None
    signer: keys.PrivateKey
    issuer: x509.Certificate | None
    inputs: Mapping[str, Any]


def make(order: Order) -> tuple[str, dict[str, Any]]:
    """The certificate's serial number and the outputs about it."""
    start = datetime.now(UTC).replace(microsecond=0)
    end = start + timedelta(hours=int(order.inputs["validityPeriodHours"]))
    serial = x509.random_serial_number()
    builder = (
        x509.CertificateBuilder()
        .subject_name(order.subject)
        .issuer_name(order.issuer.subject if order.issuer else order.subject)
        .public_key(order.public_key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    for extension, critical in _extensions(order):
        builder = builder.add_extension(extension, critical=critical)
    signed = builder.sign(order.signer, keys.signature_hash(order.signer))
    return str(serial), {
        "certPem": signed.public_bytes(Encoding.PEM).decode(),
        "validityStartTime": start.strftime(_TIME),
        "validityEndTime": end.strftime(_TIME),
        "readyForRenewal": False,
    }


def _extensions(order: Order) -> Iterator[tuple[x509.ExtensionType, bool]]:
    inputs = order.inputs
    is_ca = bool(inputs.get("isCaCertificate"))
    length = inputs.get("maxPathLength")
    limited = is_ca and length is not None and int(length) >= 0
    yield x509.BasicConstraints(ca=is_ca, path_length=int(length) if limited and length is not None else None), True
    usage, extended = uses.key_usage(inputs["allowedUses"]), uses.extended_key_usage(inputs["allowedUses"])
    if usage:
        yield usage, True
    if extended:
        yield extended, False
    if order.alternatives:
        yield order.alternatives, False
    own = x509.SubjectKeyIdentifier.from_public_key(order.public_key)
    if is_ca or inputs.get("setSubjectKeyId"):
        yield own, False
    authority = _authority(order, own)
    if authority:
        yield authority, False


def _authority(order: Order, own: x509.SubjectKeyIdentifier) -> x509.AuthorityKeyIdentifier | None:
    if order.issuer is None:
        asked = order.inputs.get("setAuthorityKeyId")
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own) if asked else None
    try:
        identifier = order.issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return None
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def is_due(outputs: Mapping[str, Any], early_hours: int) -> bool:
    """Whether the certificate has ended, or ends within the hours of early renewal."""
    text = outputs.get("validityEndTime")
    if not isinstance(text, str):
        return False
    end = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return datetime.now(UTC) >= end - timedelta(hours=early_hours)


def load_certificate(text: str, *, what: str) -> x509.Certificate:
    """A certificate from PEM."""
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError as exc:
        raise BadInput(f"{what} is no certificate in PEM: {exc}") from exc


def load_request(text: str) -> x509.CertificateSigningRequest:
    """A request from PEM, whose own signature holds."""
    try:
        request = x509.load_pem_x509_csr(text.encode())
    except ValueError as exc:
        raise BadInput(f"certRequestPem is no certificate request in PEM: {exc}") from exc
    if not request.is_signature_valid:
        raise BadInput("certRequestPem has a signature that does not fit its key")
    return request
