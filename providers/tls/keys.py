"""Private keys in and out of PEM, and what can be told of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from providers.errors import BadInput

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

ALGORITHMS = ("RSA", "ECDSA", "ED25519")
CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P224": ec.SECP224R1,
    "P256": ec.SECP256R1,
    "P384": ec.SECP384R1,
    "P521": ec.SECP521R1,
}


def generate(algorithm: str, *, bits: int, curve: str) -> PrivateKey:
    """A new key."""
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve]())
    return ed25519.Ed25519PrivateKey.generate()


def load(text: str, *, what: str) -> PrivateKey:
    """A key from PEM or OpenSSH text; BadInput never repeats the text."""
    loader = load_ssh_private_key if "OPENSSH PRIVATE KEY" in text else load_pem_private_key
    try:
        key = loader(text.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise BadInput(f"{what} is no usable private key in PEM: {type(exc).__name__}") from exc
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise BadInput(f"{what} is a key of an unsupported algorithm; use one of: {', '.join(ALGORITHMS)}")
    return key


def algorithm(key: PrivateKey) -> str:
    """The algorithm's name as inputs spell it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePrivateKey) else "ED25519"


def signature_hash(key: PrivateKey) -> SHA256 | SHA384 | SHA512 | None:
    """The hash that suits the key's strength; Ed25519 brings its own."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    size = key.key_size if isinstance(key, ec.EllipticCurvePrivateKey) else 0
    return SHA512() if size > 384 else SHA384() if size > 256 else SHA256()


def private_texts(key: PrivateKey) -> dict[str, str]:
    """The key in its traditional PEM, in PKCS 8 and as OpenSSH has it (which has no P224)."""
    # Ed25519 has no traditional form of its own.
    traditional = (
        PrivateFormat.PKCS8 if isinstance(key, ed25519.Ed25519PrivateKey) else PrivateFormat.TraditionalOpenSSL
    )
    plain = NoEncryption()
    ssh = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, plain).decode() if _has_ssh_form(key) else ""
    return {
        "privateKeyPem": key.private_bytes(Encoding.PEM, traditional, plain).decode(),
        "privateKeyPemPkcs8": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain).decode(),
        "privateKeyOpenssh": ssh,
    }


def public_texts(key: PrivateKey) -> dict[str, str]:
    """The public half and its fingerprints; the OpenSSH ones are empty for keys that OpenSSH does not know."""
    public = key.public_key()
    texts = {
        "publicKeyPem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "publicKeyOpenssh": "",
        "publicKeyFingerprintMd5": "",
        "publicKeyFingerprintSha256": "",
    }
    if _has_ssh_form(key):
        line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        blob = base64.b64decode(line.split()[1])
        digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
        texts["publicKeyOpenssh"] = f"{line}\n"
        texts["publicKeyFingerprintMd5"] = ":".join(digest[i : i + 2] for i in range(0, 32, 2))
        encoded = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        texts["publicKeyFingerprintSha256"] = f"SHA256:{encoded}"
    return texts


def identity(key: PrivateKey) -> str:
    """A stable id: SHA-1 of the public key's DER."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()


def _has_ssh_form(key: Any) -> bool:
    return not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1))
