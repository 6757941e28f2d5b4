"""The resource types of pulumi_tls."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DiffChanges,
    DiffKind,
    DiffReply,
    DiffRequest,
    InvokeReply,
    InvokeRequest,
    PropertyDiff,
)
from engine.values import UNKNOWN, Props
from providers.base import ResourceType
from providers.plain import is_unknown, reveal
from providers.tls import certificates, keys, names, uses

_RENEW = "readyForRenewal"
_PUBLIC = (
    "algorithm",
    "id",
    "publicKeyPem",
    "publicKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
)


class TlsType(ResourceType):
    """Made once; a change of inputs makes a new one."""

    replaced_by = None
    made: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = {}
    key_input = ""
    """The input that holds a private key; with `Wo` appended it is written only, and not kept."""

    def check(self, request: CheckRequest) -> CheckReply:
        """What is required is there, and words are known ones."""
        reply = super().check(request)
        failures = [*reply.failures, *self._key_failures(request.news), *self.failures(request.news)]
        return CheckReply(inputs=reply.inputs, failures=failures)

    def create(self, request: CreateRequest) -> CreateReply:
        """Make it; unknown in a preview, as keys and times are new every time."""
        inputs = {**self.defaults, **{key: value for key, value in request.inputs.items() if value is not None}}
        kept = {key: value for key, value in inputs.items() if key != f"{self.key_input}Wo"}
        if request.preview or is_unknown(inputs):
            return CreateReply(id="", outputs={**kept, **dict.fromkeys(self.made, UNKNOWN)})
        identity, outputs = self.make(inputs)
        return CreateReply(id=identity, outputs={**kept, **outputs})

    def failures(self, news: Props) -> list[CheckFailure]:
        """What else is wrong with the inputs."""
        uses_ = news.get("allowedUses")
        unknown = [use for use in uses_ if isinstance(use, str) and use not in uses.NAMES] if uses_ else []
        reason = f"use '{', '.join(unknown)}' is unknown; choose from: {', '.join(uses.NAMES)}"
        return [CheckFailure("allowedUses", reason)] if unknown else []

    @abstractmethod
    def make(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """The id and the outputs."""

    def key(self, inputs: Mapping[str, Any]) -> keys.PrivateKey:
        """The private key among the inputs."""
        text = inputs.get(self.key_input) or inputs.get(f"{self.key_input}Wo") or ""
        return keys.load(text, what=self.key_input)

    def _key_failures(self, news: Props) -> list[CheckFailure]:
        if not self.key_input or (news.get(self.key_input) is None) != (news.get(f"{self.key_input}Wo") is None):
            return []
        return [CheckFailure(self.key_input, f"give either {self.key_input} or {self.key_input}Wo")]


class PrivateKey(TlsType):
    """PrivateKey: a new key of the algorithm asked for."""

    required: ClassVar[Sequence[str]] = ("algorithm",)
    defaults: Mapping[str, Any] = {"rsaBits": 2048, "ecdsaCurve": "P224"}
    made: tuple[str, ...] = (
        "privateKeyOpenssh",
        "privateKeyPem",
        "privateKeyPemPkcs8",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
        "publicKeyOpenssh",
        "publicKeyPem",
    )

    def failures(self, news: Props) -> list[CheckFailure]:
        """Unknown algorithm or curve."""
        known = {"algorithm": keys.ALGORITHMS, "ecdsaCurve": tuple(keys.CURVES)}
        return [
            CheckFailure(name, f"{name} '{news[name]}' is unknown; choose one of: {', '.join(choices)}")
            for name, choices in known.items()
            if isinstance(news.get(name), str) and news[name] not in choices
        ]

    def make(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A key in all its spellings."""
        key = keys.generate(inputs["algorithm"], bits=int(inputs["rsaBits"]), curve=inputs["ecdsaCurve"])
        return keys.identity(key), {**keys.private_texts(key), **keys.public_texts(key)}


class CertRequest(TlsType):
    """CertRequest: a request that somebody else is to sign."""

    key_input = "privateKeyPem"
    made: tuple[str, ...] = ("certRequestPem", "keyAlgorithm")

    def make(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A request signed by its own key."""
        key = self.key(inputs)
        builder = x509.CertificateSigningRequestBuilder().subject_name(names.subject(inputs))
        alternatives = names.alternatives(inputs)
        if alternatives:
            builder = builder.add_extension(alternatives, critical=False)
        text = builder.sign(key, keys.signature_hash(key)).public_bytes(Encoding.PEM).decode()
        return keys.identity(key), {"certRequestPem": text, "keyAlgorithm": keys.algorithm(key)}


class Certificate(TlsType):
    """What self-signed and locally signed certificates share: they end, and are made anew before they do."""

    required: ClassVar[Sequence[str]] = ("allowedUses", "validityPeriodHours")
    made: tuple[str, ...] = ("certPem", "validityStartTime", "validityEndTime")
    defaults: Mapping[str, Any] = {
        "earlyRenewalHours": 0,
        "isCaCertificate": False,
        "maxPathLength": -1,
        "setSubjectKeyId": False,
        _RENEW: False,
    }

    def diff(self, request: DiffRequest) -> DiffReply:
        """As of inputs; one that ends soon is replaced as well, and when to renew is no part of the certificate."""
        reply = super().diff(request)
        replaces = [path for path in reply.replaces if path != "earlyRenewalHours"]
        early = request.news.get("earlyRenewalHours") or 0
        detailed = dict(reply.detailed)
        if "earlyRenewalHours" in detailed:
            detailed["earlyRenewalHours"] = PropertyDiff(DiffKind.UPDATE)
        if isinstance(early, int) and certificates.is_due(request.olds, early):
            replaces.append(_RENEW)
            detailed[_RENEW] = PropertyDiff(DiffKind.UPDATE_REPLACE, input_diff=False)
        changes = DiffChanges.SOME if detailed else DiffChanges.NONE
        return DiffReply(changes=changes, replaces=replaces, diffs=sorted(detailed), detailed=detailed)


class SelfSignedCert(Certificate):
    """SelfSignedCert: for its own key, trusted by nobody but who is told to."""

    key_input = "privateKeyPem"
    defaults: Mapping[str, Any] = {**Certificate.defaults, "setAuthorityKeyId": False}
    made: tuple[str, ...] = (*Certificate.made, "keyAlgorithm")

    def make(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A certificate signed by the key that it is for."""
        key = self.key(inputs)
        order = certificates.Order(
            subject=names.subject(inputs),
            public_key=key.public_key(),
            alternatives=names.alternatives(inputs),
            signer=key,
            issuer=None,
            inputs=inputs,
        )
        identity, outputs = certificates.make(order)
        return identity, {**outputs, "keyAlgorithm": keys.algorithm(key)}


class LocallySignedCert(Certificate):
    """LocallySignedCert: a request signed by an authority whose key is at hand."""

    key_input = "caPrivateKeyPem"
    required: ClassVar[Sequence[str]] = (*Certificate.required, "caCertPem", "certRequestPem")
    made: tuple[str, ...] = (*Certificate.made, "caKeyAlgorithm")

    def make(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """Subject, names and key are the request's; uses and time are the signer's to say."""
        key, request = self.key(inputs), certificates.load_request(inputs["certRequestPem"])
        found = [e.value for e in request.extensions if isinstance(e.value, x509.SubjectAlternativeName)]
        order = certificates.Order(
            subject=request.subject,
            public_key=request.public_key(),
            alternatives=found[0] if found else None,
            signer=key,
            issuer=certificates.load_certificate(inputs["caCertPem"], what="caCertPem"),
            inputs=inputs,
        )
        identity, outputs = certificates.make(order)
        return identity, {**outputs, "caKeyAlgorithm": keys.algorithm(key)}


def get_public_key(request: InvokeRequest) -> InvokeReply:
    """getPublicKey: the public half of a private key."""
    args = reveal(request.args)
    given = [name for name in ("privateKeyPem", "privateKeyOpenssh") if args.get(name) is not None]
    if len(given) != 1:
        reason = "give either privateKeyPem or privateKeyOpenssh"
        return InvokeReply(result={}, failures=[CheckFailure("privateKeyPem", reason)])
    key = keys.load(args[given[0]], what=given[0])
    if is_unknown(args):
        return InvokeReply(result={**request.args, **dict.fromkeys(_PUBLIC, UNKNOWN)})
    result = {**request.args, **keys.public_texts(key), "algorithm": keys.algorithm(key), "id": keys.identity(key)}
    return InvokeReply(result=result)
