"""The platform's settings, as the ConfigMap `microfoundry-system/platform` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SYSTEM_NAMESPACE = "microfoundry-system"
SETTINGS_NAME = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How apps of this platform are reached and where their images live."""

    domain: str = "apps.localhost"
    scheme: str = "http"
    port: int = 80
    registry: str = "127.0.0.1:30500"
    gateway_namespace: str = SYSTEM_NAMESPACE
    gateway_name: str = "gateway"
    engine: str = "auto"
    images: str = "bundle"
    builder_image: str = ""

    def url(self, host: str, path: str = "/") -> str:
        """Where a person reaches a route; the scheme's own port is left out."""
        usual = {"http": 80, "https": 443}.get(self.scheme)
        port = "" if self.port == usual else f":{self.port}"
        return f"{self.scheme}://{host}{port}{path if path != '/' else ''}"

    def default_host(self, app: str, space: str) -> str:
        """`web`, `dev` → `web.dev.apps.localhost`."""
        return f"{app}.{space}.{self.domain}"


def parse(data: Mapping[str, str]) -> Settings:
    """Settings from the ConfigMap's data; what is not said keeps its default."""
    usual = Settings()
    port = data.get("port", "")
    return Settings(
        domain=data.get("domain") or usual.domain,
        scheme=data.get("scheme") or usual.scheme,
        port=int(port) if port.isdigit() else usual.port,
        registry=data.get("registry") or usual.registry,
        gateway_namespace=data.get("gatewayNamespace") or usual.gateway_namespace,
        gateway_name=data.get("gatewayName") or usual.gateway_name,
        engine=data.get("engine") or usual.engine,
        images=data.get("images") or usual.images,
        builder_image=data.get("builderImage", ""),
    )
