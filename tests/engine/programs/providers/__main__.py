"""A support file, run as a program: keys and certificates of tls, and every kind of random value."""

import pulumi
import pulumi_random as random
import pulumi_tls as tls

key = tls.PrivateKey("key", algorithm="ECDSA", ecdsa_curve="P256")
certificate = tls.SelfSignedCert(
    "certificate",
    private_key_pem=key.private_key_pem,
    allowed_uses=["server_auth"],
    validity_period_hours=12,
    subject=tls.SelfSignedCertSubjectArgs(common_name="example.com"),
)
shuffled = random.RandomShuffle("shuffled", inputs=["a", "b", "c"], result_count=3)
text = random.RandomString("text", length=5, special=False)
uuid = random.RandomUuid("uuid")
pulumi.export("algorithm", key.algorithm)
pulumi.export("certificate", certificate.cert_pem.apply(lambda pem: pem.splitlines()[0]))
pulumi.export("shuffled", shuffled.results.apply(sorted))
pulumi.export("text", text.result.apply(len))
pulumi.export("uuid", uuid.result.apply(len))
