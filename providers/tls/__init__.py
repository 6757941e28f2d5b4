"""The provider `tls`: keys, certificate requests and certificates."""

from __future__ import annotations

from engine.provider_api import Host, Info
from providers.base import PlainProvider
from providers.tls import chain, types

__all__ = ["TlsProvider"]

VERSION = "5.6.2"


class TlsProvider(PlainProvider):
    """Serves the types of the `pulumi_tls` package in this process."""

    def __init__(self, host: Host) -> None:
        del host  # nothing to tell: all of it is computed at once
        # Secret inputs are opened by the engine and marked again in the outputs; the SDK names the secret outputs.
        super().__init__(
            Info(name="tls", version=VERSION, accept_secrets=False),
            {
                "tls:index/certRequest:CertRequest": types.CertRequest(),
                "tls:index/locallySignedCert:LocallySignedCert": types.LocallySignedCert(),
                "tls:index/privateKey:PrivateKey": types.PrivateKey(),
                "tls:index/selfSignedCert:SelfSignedCert": types.SelfSignedCert(),
            },
            {
                "tls:index/getCertificate:getCertificate": chain.get_certificate,
                "tls:index/getPublicKey:getPublicKey": types.get_public_key,
            },
        )
