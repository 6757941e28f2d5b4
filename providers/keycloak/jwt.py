"""A signed JSON Web Token, for clients that log in with a key instead of a secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from providers.keycloak.errors import KeycloakError

_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "256": hashes.SHA256,
    "384": hashes.SHA384,
    "512": hashes.SHA512,
}
ALGORITHMS = (*(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in _HASHES), "EdDSA")


def signed(claims: Mapping[str, Any], *, key: str, algorithm: str) -> str:
    """The claims, signed with a private key in PEM."""
    if algorithm not in ALGORITHMS:
        raise KeycloakError(f"jwtSigningAlg '{algorithm}' is unknown; choose one of: {', '.join(ALGORITHMS)}")
    head = _encoded(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    text = f"{head}.{_encoded(json.dumps(claims).encode())}"
    try:
        private = serialization.load_pem_private_key(key.encode(), password=None)
    except ValueError as exc:
        raise KeycloakError("jwtSigningKey is no private key in PEM") from exc
    return f"{text}.{_encoded(_signature(private, text.encode(), algorithm))}"


def _signature(private: Any, data: bytes, algorithm: str) -> bytes:
    kind, size = algorithm[:2], algorithm[2:]
    digest = _HASHES[size]() if size in _HASHES else None
    if kind in ("RS", "PS") and isinstance(private, rsa.RSAPrivateKey) and digest:
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        return private.sign(data, pss if kind == "PS" else padding.PKCS1v15(), digest)
    if kind == "ES" and isinstance(private, ec.EllipticCurvePrivateKey) and digest:
        width = (private.curve.key_size + 7) // 8
        return b"".join(n.to_bytes(width, "big") for n in decode_dss_signature(private.sign(data, ec.ECDSA(digest))))
    if kind == "Ed" and isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(data)
    raise KeycloakError(f"jwtSigningKey is not of the kind that {algorithm} needs")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
