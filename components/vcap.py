"""The documents by which Cloud Foundry apps learn about themselves and their services; pure functions."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import registry
from catalog.model import Service
from components.app_spec import AppSpec, stable_id
from components.instance_spec import BindingSpec
from components.names import BINDING

_UNITS = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024, "Ti": 1024 * 1024}
_ABOUT_FILES = ("type", "provider")
"""Keys that servicebinding.io wants in files and Cloud Foundry does not have in credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundService:
    """One binding as its Secret tells it."""

    about: Mapping[str, Any]
    values: Mapping[str, str]

    @classmethod
    def of_secret(cls, annotations: Mapping[str, str] | None, data: Mapping[str, str] | None) -> BoundService:
        """From the Secret's annotations and base64 data."""
        values = {key: base64.b64decode(text).decode() for key, text in (data or {}).items()}
        return cls(about=json.loads((annotations or {})[BINDING]), values=values)


def about(spec: BindingSpec, service: Service) -> dict[str, Any]:
    """What VCAP_SERVICES says about a binding besides its credentials; kept with the binding's Secret."""
    return {
        "label": service.name,
        "provider": None,
        "plan": spec.plan,
        "name": spec.binding_name or spec.instance,
        "tags": list(service.tags),
        "instance_guid": stable_id("instance", spec.org, spec.space, spec.instance),
        "instance_name": spec.instance,
        "binding_guid": stable_id("binding", spec.org, spec.space, spec.app, spec.instance),
        "binding_name": spec.binding_name,
    }


def services_document(bound: Sequence[BoundService]) -> dict[str, list[dict[str, Any]]]:
    """VCAP_SERVICES: bindings by the label of their service."""
    document: dict[str, list[dict[str, Any]]] = {}
    for service in bound:
        # In one order, as the text is part of what rolls an app's instances, and maps come in any order.
        credentials = {key: value for key, value in sorted(service.values.items()) if key not in _ABOUT_FILES}
        entry = {**service.about, "credentials": credentials, "syslog_drain_url": None, "volume_mounts": []}
        document.setdefault(service.about["label"], []).append(entry)
    return document


def services_environment(bound: Sequence[BoundService]) -> dict[str, str]:
    """All variables that an app's bindings give; DATABASE_URL is the first database's, in the order of bindings."""
    environment = {"VCAP_SERVICES": json.dumps(services_document(bound), separators=(",", ":"))}
    for service in bound:
        variable = registry.get(service.about["label"]).kind.url_variable
        if variable:
            environment.setdefault(variable, service.values["uri"])
    return environment


def application_document(spec: AppSpec) -> dict[str, Any]:
    """VCAP_APPLICATION, without what differs between instances (those are variables of their own)."""
    limits = {"disk": mebibytes(spec.disk), "fds": 16384, "mem": mebibytes(spec.memory)}
    version = stable_id("version", spec.guid, spec.image, spec.restarted)
    uris = list(spec.uris)
    return {
        "application_id": spec.guid,
        "application_name": spec.name,
        "application_uris": uris,
        "application_version": version,
        "host": "0.0.0.0",
        "limits": limits,
        "name": spec.name,
        "organization_id": stable_id("org", spec.org),
        "organization_name": spec.org,
        "port": spec.port,
        "process_id": spec.guid,
        "process_type": "web",
        "space_id": stable_id("space", spec.org, spec.space),
        "space_name": spec.space,
        "uris": uris,
        "users": None,
        "version": version,
    }


def mebibytes(quantity: str) -> int:
    """A Kubernetes quantity of bytes in MiB, as Cloud Foundry counts."""
    number, unit = quantity[:-2], quantity[-2:]
    if unit in _UNITS and number.isdigit():
        return int(int(number) * _UNITS[unit])
    return int(quantity) // (1024 * 1024)
