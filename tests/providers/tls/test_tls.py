"""Keys and certificates of the tls provider are what OpenSSL and OpenSSH take them for."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from engine.provider_api import CreateReply, InvokeRequest
from engine.values import UNKNOWN, Secret
from providers.errors import BadInput, ImportRefused
from providers.tls import TlsProvider
from tests.providers.conftest import Asked, RecordingHost


@pytest.fixture
def of(host: RecordingHost):
    def make(name: str) -> Asked:
        return Asked(TlsProvider(host), f"tls:index/{name[0].lower()}{name[1:]}:{name}")

    return make


def openssl(*words: str, given: str = "") -> str:
    return subprocess.run(["openssl", *words], input=given, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"algorithm": "RSA", "rsaBits": 2048}, "2048 bit"),
        ({"algorithm": "ECDSA", "ecdsaCurve": "P224"}, "224 bit"),
        ({"algorithm": "ECDSA", "ecdsaCurve": "P384"}, "384 bit"),
        ({"algorithm": "ED25519"}, "ED25519"),
    ],
)
def test_openssl_reads_the_keys(of, inputs: dict[str, Any], told: str) -> None:
    outputs = of("PrivateKey").create(**inputs).outputs
    for text in (outputs["privateKeyPem"], outputs["privateKeyPemPkcs8"]):
        assert told in openssl("pkey", "-noout", "-text", given=text)
        assert openssl("pkey", "-pubout", given=text) == outputs["publicKeyPem"]


def test_openssh_agrees_on_the_public_key_and_its_fingerprint(of, tmp_path: Path) -> None:
    outputs = of("PrivateKey").create(algorithm="ED25519").outputs
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(outputs["privateKeyOpenssh"])
    derived = subprocess.run(["ssh-keygen", "-y", "-f", str(path)], capture_output=True, text=True, check=True).stdout
    shown = subprocess.run(["ssh-keygen", "-l", "-f", str(path)], capture_output=True, text=True, check=True).stdout
    assert derived.split()[:2] == outputs["publicKeyOpenssh"].split()[:2]
    assert outputs["publicKeyFingerprintSha256"] in shown


def test_a_curve_that_openssh_does_not_know_has_no_openssh_form(of) -> None:
    outputs = of("PrivateKey").create(algorithm="ECDSA").outputs
    assert (outputs["privateKeyOpenssh"], outputs["publicKeyOpenssh"]) == ("", "")


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "algorithm is required"),
        ({"algorithm": "DSA"}, "choose one of: RSA, ECDSA, ED25519"),
        ({"algorithm": "ECDSA", "ecdsaCurve": "P1"}, "choose one of: P224, P256, P384, P521"),
    ],
)
def test_unknown_words_are_answered_with_known_ones(of, inputs: dict[str, str], problem: str) -> None:
    assert problem in of("PrivateKey").check(**inputs).failures[0].reason


@pytest.fixture
def authority(of) -> tuple[str, CreateReply]:
    """Key and certificate of an authority."""
    key = of("PrivateKey").create(algorithm="ECDSA", ecdsaCurve="P256").outputs["privateKeyPem"]
    made = of("SelfSignedCert").create(
        privateKeyPem=key,
        allowedUses=["cert_signing", "crl_signing"],
        validityPeriodHours=48,
        isCaCertificate=True,
        subject={"commonName": "Test Authority", "organization": "Example"},
    )
    return key, made


def test_a_chain_of_two_is_verified_by_openssl(of, authority: tuple[str, CreateReply], tmp_path: Path) -> None:
    ca_key, ca = authority
    key = of("PrivateKey").create(algorithm="RSA").outputs["privateKeyPem"]
    request = of("CertRequest").create(
        privateKeyPem=key,
        subject={"commonName": "web.example"},
        dnsNames=["web.example", "*.web.example"],
        ipAddresses=["127.0.0.1", "::1"],
        uris=["spiffe://example/web"],
    )
    made = of("LocallySignedCert").create(
        certRequestPem=request.outputs["certRequestPem"],
        caCertPem=ca.outputs["certPem"],
        caPrivateKeyPem=ca_key,
        allowedUses=["server_auth", "digital_signature"],
        validityPeriodHours=24,
    )
    (tmp_path / "ca").write_text(ca.outputs["certPem"])
    (tmp_path / "leaf").write_text(made.outputs["certPem"])
    check = ["verify", "-CAfile", str(tmp_path / "ca"), "-purpose", "sslserver", "-verify_hostname", "a.web.example"]
    assert "OK" in openssl(*check, str(tmp_path / "leaf"))
    text = openssl("x509", "-noout", "-text", "-in", str(tmp_path / "leaf"))
    for told in (
        "CN = Test Authority",
        "IP Address:127.0.0.1",
        "URI:spiffe://example/web",
        "CA:FALSE",
        "Authority Key",
    ):
        assert told in text
    assert made.id == str(x509.load_pem_x509_certificate(made.outputs["certPem"].encode()).serial_number)
    assert made.outputs["caKeyAlgorithm"] == "ECDSA"


def test_path_length_limits_an_authority_only(of, authority: tuple[str, CreateReply]) -> None:
    limited = of("SelfSignedCert").create(
        privateKeyPem=authority[0],
        allowedUses=["cert_signing"],
        validityPeriodHours=1,
        isCaCertificate=True,
        maxPathLength=0,
    )
    certificate = x509.load_pem_x509_certificate(limited.outputs["certPem"].encode())
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def certificate_inputs(key: str, **changes: Any) -> dict[str, Any]:
    return {"privateKeyPem": key, "allowedUses": ["server_auth"], "validityPeriodHours": 10, **changes}


def test_a_certificate_that_ends_soon_is_replaced(of, authority: tuple[str, CreateReply]) -> None:
    asked, key = of("SelfSignedCert"), authority[0]
    inputs = certificate_inputs(key)
    made = asked.create(**inputs)
    assert asked.diff(made, old=inputs, new=inputs).changes.name == "NONE"
    early = asked.diff(made, old=inputs, new=certificate_inputs(key, earlyRenewalHours=11))
    assert early.replaces == ["readyForRenewal"]


def test_when_to_renew_changes_in_place_and_all_else_anew(of, authority: tuple[str, CreateReply]) -> None:
    asked, key = of("SelfSignedCert"), authority[0]
    inputs = certificate_inputs(key)
    made = asked.create(**inputs)
    assert asked.diff(made, old=inputs, new=certificate_inputs(key, earlyRenewalHours=1)).replaces == []
    assert asked.diff(made, old=inputs, new=certificate_inputs(key, dnsNames=["x"])).replaces == ["dnsNames"]


def test_a_write_only_key_is_not_kept(of, authority: tuple[str, CreateReply]) -> None:
    made = of("CertRequest").create(privateKeyPemWo=authority[0], privateKeyPemWoVersion=1)
    assert "privateKeyPemWo" not in made.outputs


def test_wrong_inputs_are_named_and_never_repeated(of, authority: tuple[str, CreateReply]) -> None:
    asked = of("SelfSignedCert")
    unknown = asked.check(privateKeyPem="k", allowedUses=["server_auth", "flying"], validityPeriodHours=1)
    assert "'flying' is unknown; choose from: digital_signature" in unknown.failures[0].reason
    assert (
        "either privateKeyPem or privateKeyPemWo"
        in asked.check(**certificate_inputs("k", privateKeyPem=None)).failures[0].reason
    )
    with pytest.raises(BadInput) as error:
        asked.create(**certificate_inputs("not-a-key-at-all"))
    assert "not-a-key-at-all" not in str(error.value)
    with pytest.raises(BadInput, match="alternative name"):
        asked.create(**certificate_inputs(authority[0], ipAddresses=["300.0.0.1"]))


def test_preview_makes_nothing(of) -> None:
    outputs = of("PrivateKey").create(preview=True, algorithm="RSA").outputs
    assert outputs["privateKeyPem"] is UNKNOWN
    assert (
        of("SelfSignedCert").create(preview=True, **certificate_inputs("", privateKeyPem=UNKNOWN)).outputs["certPem"]
        is UNKNOWN
    )


def test_the_public_half_can_be_looked_up(host: RecordingHost, of) -> None:
    outputs = of("PrivateKey").create(algorithm="ED25519").outputs
    token = "tls:index/getPublicKey:getPublicKey"
    reply = TlsProvider(host).invoke(
        InvokeRequest(token=token, args={"privateKeyPem": Secret(outputs["privateKeyPem"])})
    )
    assert (reply.result["publicKeyPem"], reply.result["algorithm"]) == (outputs["publicKeyPem"], "ED25519")
    assert TlsProvider(host).invoke(InvokeRequest(token=token, args={})).failures


def test_import_is_refused_as_no_id_tells_a_key(of) -> None:
    from engine.provider_api import ReadRequest

    asked = of("PrivateKey")
    with pytest.raises(ImportRefused, match="cannot be imported"):
        asked.provider.read(ReadRequest(urn=asked.urn, type=asked.type, name="n", id="x", inputs={}, outputs={}))
