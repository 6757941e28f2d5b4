"""Opens the bucket of an `s3://`, `gs://` or `azblob://` URL, with the parameters that Pulumi's library knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from engine.backend import aws_profile
from engine.errors import UnsupportedError, UsageError

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

_RETRIES: Final[Any] = {"max_retries": 5, "retry_timeout": timedelta(seconds=60)}
_NO_EFFECT: Final = frozenset(
    {"awssdk", "hostname_immutable", "rate_limiter_capacity", "request_checksum_calculation"}
    | {"response_checksum_validation", "nodownload"}
)
_S3: Final = frozenset(
    {"region", "endpoint", "s3ForcePathStyle", "use_path_style", "disableSSL", "disable_https", "profile"}
    | {"anonymous", "ssetype", "kmskeyid", *_NO_EFFECT}
)
_GS: Final = frozenset({"anonymous"})
_AZURE: Final = frozenset({"storage_account", "domain", "protocol", "cdn", "localemu"})
_AWS_NAMES: Final = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ROLE_SESSION_NAME"),
    *("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
)
_AZURE_NAMES: Final = {
    "AZURE_STORAGE_ACCOUNT": "account_name",
    "AZURE_STORAGE_KEY": "account_key",
    "AZURE_STORAGE_SAS_TOKEN": "sas_key",
    "AZURE_CLIENT_ID": "client_id",
    "AZURE_CLIENT_SECRET": "client_secret",
    "AZURE_TENANT_ID": "tenant_id",
    "AZURE_FEDERATED_TOKEN_FILE": "federated_token_file",
    "AZURE_AUTHORITY_HOST": "authority_host",
}
_TRUE: Final = ("1", "t", "true")
_FALSE: Final = ("0", "f", "false")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreUrl:
    """A URL taken apart."""

    url: str
    bucket: str
    prefix: str
    parameters: Mapping[str, str]

    @classmethod
    def parse(cls, url: str, known: frozenset[str]) -> StoreUrl:
        """The parts; UsageError without a bucket, UnsupportedError for a parameter that is not known here."""
        parts = urlsplit(url)
        if not parts.netloc:
            raise UsageError(f"backend '{url}' names no bucket; write {parts.scheme}://BUCKET/FOLDER")
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        for name in sorted(parameters.keys() - known):
            raise UnsupportedError(
                f"parameter '{name}' of backend {parts.scheme}://{parts.netloc} is not supported",
                hint=f"known are {', '.join(sorted(known))}",
            )
        return cls(url=url, bucket=parts.netloc, prefix=parts.path.strip("/"), parameters=parameters)

    def on(self, *names: str) -> bool:
        """Whether one of some switches is set."""
        for name in names:
            value = self.parameters.get(name, "false").lower()
            if value not in (*_TRUE, *_FALSE):
                raise UsageError(f"invalid value for query parameter \"{name}\": '{value}' is neither true nor false")
            if value in _TRUE:
                return True
        return False

    def settings(self, config: Mapping[str, Any], *, http: bool) -> dict[str, Any]:
        """What a store is opened with."""
        return {
            "config": config,
            "prefix": self.prefix or None,
            "retry_config": _RETRIES,
            "client_options": {"allow_http": http, "user_agent": "microfoundry", "timeout": "60s"},
        }


def open_s3(url: str, environment: Mapping[str, str]) -> S3Store:
    """The bucket of an `s3://` URL."""
    from obstore.store import S3Store

    where = StoreUrl.parse(url, _S3)
    config: dict[str, Any] = {name.lower(): environment[name] for name in _AWS_NAMES if environment.get(name)}
    config |= aws_profile.credentials(environment, where.parameters.get("profile", ""), config)
    path_style = where.on("s3ForcePathStyle", "use_path_style")
    endpoint = where.parameters.get("endpoint") or environment.get("AWS_ENDPOINT_URL_S3") or ""
    endpoint = endpoint or environment.get("AWS_ENDPOINT_URL") or ""
    plain = where.on("disableSSL", "disable_https")
    config["virtual_hosted_style_request"] = not path_style and (bool(endpoint) or "." not in where.bucket)
    if endpoint:
        config["endpoint"] = endpoint = _endpoint(endpoint, "" if path_style else where.bucket, plain=plain)
    if where.parameters.get("region"):
        config["region"] = where.parameters["region"]
    if where.on("anonymous"):
        config["skip_signature"] = True
    if where.parameters.get("ssetype"):
        config["server_side_encryption"] = where.parameters["ssetype"]
    if where.parameters.get("kmskeyid"):
        config["sse_kms_key_id"] = where.parameters["kmskeyid"]
    return S3Store(where.bucket, **where.settings(config, http=endpoint.startswith("http://")))


def _endpoint(text: str, bucket: str, *, plain: bool) -> str:
    """The endpoint with a scheme, and with the bucket as a part of its host where that is the style."""
    parts = urlsplit(text if "://" in text else f"{'http' if plain else 'https'}://{text}")
    host = f"{bucket}.{parts.netloc}" if bucket else parts.netloc
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def open_gs(url: str, environment: Mapping[str, str]) -> GCSStore:
    """The bucket of a `gs://` URL."""
    from obstore.store import GCSStore

    where = StoreUrl.parse(url, _GS)
    config: dict[str, Any] = {}
    emulator = environment.get("STORAGE_EMULATOR_HOST") or ""
    if emulator:
        # It checks no token, but without one the library would ask Google for it.
        config["base_url"] = emulator if "://" in emulator else f"http://{emulator}"
        config["bearer_token"] = "none"  # noqa: S105 - what an emulator takes for one
    elif where.on("anonymous"):
        config["skip_signature"] = True
    elif environment.get("GOOGLE_CREDENTIALS"):
        config["service_account_key"] = environment["GOOGLE_CREDENTIALS"]
    elif environment.get("GOOGLE_OAUTH_ACCESS_TOKEN"):
        config["bearer_token"] = environment["GOOGLE_OAUTH_ACCESS_TOKEN"]
    elif environment.get("GOOGLE_APPLICATION_CREDENTIALS"):
        config["application_credentials"] = environment["GOOGLE_APPLICATION_CREDENTIALS"]
    return GCSStore(where.bucket, **where.settings(config, http=bool(emulator)))


def open_azure(url: str, environment: Mapping[str, str]) -> AzureStore:
    """The container of an `azblob://` URL."""
    from obstore.store import AzureStore

    where = StoreUrl.parse(url, _AZURE)
    known = {key: environment[name] for name, key in _AZURE_NAMES.items() if environment.get(name)}
    config: dict[str, Any] = {**_connection(environment.get("AZURE_STORAGE_CONNECTION_STRING") or ""), **known}
    config["account_name"] = where.parameters.get("storage_account") or config.get("account_name") or ""
    if not config["account_name"]:
        raise UsageError(
            f"backend azblob://{where.bucket} names no storage account",
            hint="set AZURE_STORAGE_ACCOUNT, or add ?storage_account=NAME to the URL",
        )
    domain = where.parameters.get("domain") or environment.get("AZURE_STORAGE_DOMAIN") or ""
    protocol = where.parameters.get("protocol") or environment.get("AZURE_STORAGE_PROTOCOL") or ""
    emulated = where.on("localemu") or environment.get("AZURE_STORAGE_IS_LOCAL_EMULATOR", "").lower() in _TRUE
    if emulated:
        config["endpoint"] = f"{protocol or 'http'}://{domain or 'localhost:10001'}/{config['account_name']}"
    elif domain or protocol:
        account = "" if where.on("cdn") else f"{config['account_name']}."
        config["endpoint"] = f"{protocol or 'https'}://{account}{domain or 'blob.core.windows.net'}"
    http = config.get("endpoint", "").startswith("http://")
    return AzureStore(where.bucket, **where.settings(config, http=http))


def _connection(text: str) -> dict[str, str]:
    """What a connection string holds: `AccountName=…;AccountKey=…;BlobEndpoint=…`."""
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    names = {"AccountName": "account_name", "AccountKey": "account_key", "BlobEndpoint": "endpoint"}
    names["SharedAccessSignature"] = "sas_key"
    return {key: parts[name] for name, key in names.items() if parts.get(name)}
