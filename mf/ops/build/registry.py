"""The few questions that a build asks an image registry over its HTTP API."""

from __future__ import annotations

from dataclasses import dataclass

from mf.ops.build.errors import BuilderMissing

_ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry at `host:port`; those on loopback and inside clusters speak plain http."""

    host: str

    @property
    def plain(self) -> bool:
        """Whether it is spoken to without TLS."""
        name = self.host.rsplit(":", 1)[0]
        return name in ("127.0.0.1", "localhost", "[::1]") or name.endswith((".svc", ".localhost", ".cluster.local"))

    def digest(self, repository: str, tag: str) -> str:
        """The digest of a tag; empty when there is no such image."""
        import urllib3  # late: a push of a finished image asks nothing here
        from urllib3.exceptions import HTTPError

        url = f"{'http' if self.plain else 'https'}://{self.host}/v2/{repository}/manifests/{tag}"
        try:
            reply = urllib3.PoolManager(retries=urllib3.Retry(2, backoff_factor=0.2), timeout=10).request(
                "HEAD", url, headers={"Accept": _ACCEPT}
            )
        except HTTPError as exc:
            raise BuilderMissing(
                f"the platform's registry at {self.host} does not answer", hint="what is wrong: mf doctor"
            ) from exc
        return reply.headers.get("Docker-Content-Digest", "") if reply.status == 200 else ""
