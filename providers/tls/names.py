"""Who a certificate is for: the subject and its alternative names."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from providers.errors import BadInput

_SUBJECT = {
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "postalCode": NameOID.POSTAL_CODE,
    "emailAddress": NameOID.EMAIL_ADDRESS,
    "commonName": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
}


def subject(inputs: Mapping[str, Any]) -> x509.Name:
    """The distinguished name."""
    given = inputs.get("subject") or {}
    parts = [(oid, given[key]) for key, oid in _SUBJECT.items() if given.get(key)]
    parts += [(NameOID.STREET_ADDRESS, line) for line in given.get("streetAddresses") or ()]
    try:
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    except ValueError as exc:
        raise BadInput(f"subject is no distinguished name: {exc}") from exc


def alternatives(inputs: Mapping[str, Any]) -> x509.SubjectAlternativeName | None:
    """DNS names, IP addresses and URIs; None where there are none."""
    try:
        names: list[x509.GeneralName] = [
            *(x509.DNSName(name) for name in inputs.get("dnsNames") or ()),
            *(x509.IPAddress(ipaddress.ip_address(text)) for text in inputs.get("ipAddresses") or ()),
            *(x509.UniformResourceIdentifier(uri) for uri in inputs.get("uris") or ()),
        ]
    except ValueError as exc:
        raise BadInput(f"an alternative name of the certificate is wrong: {exc}") from exc
    return x509.SubjectAlternativeName(names) if names else None
