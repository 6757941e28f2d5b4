"""Credentials of a named AWS profile, from the files that AWS's own tools write."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.errors import UnsupportedError, UsageError

_KEYS: Final = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_ELSEWHERE: Final = ("sso_session", "sso_start_url", "role_arn", "credential_process", "login_session")
_OTHER_WAYS: Final = ("aws_access_key_id", "aws_web_identity_token_file", "aws_container_credentials_full_uri")


def credentials(environment: Mapping[str, str], profile: str, given: Mapping[str, str]) -> dict[str, str]:
    """The keys and region of a profile: the one named, AWS_PROFILE, or `default` where nothing else is given."""
    asked = profile or environment.get("AWS_PROFILE") or ""
    if not asked and any(given.get(key) for key in (*_OTHER_WAYS, "aws_container_credentials_relative_uri")):
        return {}
    name = asked or "default"
    values = _section(_file(environment, "AWS_CONFIG_FILE", "config"), name if name == "default" else f"profile {name}")
    values |= _section(_file(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"), name)
    if not values and asked:
        raise UsageError(f"AWS profile '{asked}' is in neither ~/.aws/config nor ~/.aws/credentials")
    found = {key: values[key] for key in _KEYS if values.get(key)}
    if not found and (kind := next((key for key in _ELSEWHERE if values.get(key)), "")):
        raise UnsupportedError(
            f"AWS profile '{name}' has its credentials from '{kind}', which is not supported",
            hint=f"put them in the environment: aws configure export-credentials --profile {name} --format env",
        )
    if values.get("region") and not (given.get("aws_region") or given.get("aws_default_region")):
        found["region"] = values["region"]
    return found


def _file(environment: Mapping[str, str], variable: str, name: str) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    return Path(environment.get(variable) or home / ".aws" / name).expanduser()


def _section(path: Path, name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, ValueError) as exc:
        raise UsageError(f"{path} cannot be read: {type(exc).__name__}") from exc
    return dict(parser[name]) if parser.has_section(name) else {}
