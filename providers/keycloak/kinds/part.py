"""Parts of a realm that always exist, or that can only be changed as a list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, build, merge, read
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest
from providers.keycloak.spelling import json_text


@dataclass(frozen=True, kw_only=True)
class Part(Rest):
    """A document that every realm has; without the resource it is as `blank` says."""

    blank: Mapping[str, Any] = field(default_factory=dict)

    def make(self, api: Api, props: Props) -> str:
        """PUT."""
        current = self.document(api, "", props)
        if current is None:
            raise KeycloakError(f"there is no realm '{props['realmId']}'")
        self.put(api, "", props, merge(current, merge(self.zeros(props), self.body(props))))
        return str(props["realmId"])

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Back to blank."""
        try:
            self.put(api, identity, props, dict(self.blank))
        except Refused as exc:
            if exc.status != 404:
                raise

    def where(self, identity: str, props: Props) -> str:
        """There is one only."""
        return path(self.collection, {"realmId": identity, **props})

    def locate(self, api: Api, props: Props) -> str:
        """The realm's name is the id."""
        return str(props["realmId"])


@dataclass(frozen=True, kw_only=True)
class UserProfile(Part):
    """What a realm knows of its users; validators are an object by name there, and a list here."""

    def body(self, props: Props) -> Json:
        """Lists as objects; the policy DISABLED is none."""
        body = super().body(props)
        body.setdefault("attributes", [])
        body.setdefault("groups", [])
        if body.get("unmanagedAttributePolicy") == "DISABLED":
            body["unmanagedAttributePolicy"] = None
        for attribute in body["attributes"]:
            listed = attribute.pop("validators", [])
            attribute["validations"] = {one["name"]: _structures(one.get("config") or {}) for one in listed}
        for one in [*body["attributes"], *body["groups"]]:
            one["annotations"] = _structures(one.get("annotations") or {})
        return body

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """Objects as lists."""
        attributes = []
        for one in found.get("attributes") or []:
            validators = [
                {"name": name, "config": {key: json_text(value) for key, value in (config or {}).items()}}
                for name, config in (one.get("validations") or {}).items()
            ]
            attributes.append({**one, "validators": validators})
        policy = found.get("unmanagedAttributePolicy") or "DISABLED"
        return super().told({**found, "attributes": attributes, "unmanagedAttributePolicy": policy}, prior)


@dataclass(frozen=True, kw_only=True)
class Listed(Rest):
    """One entry of a list that is read and written as a whole; entries go by name."""

    key: str
    """Where in the document the list is."""
    name_key: str = "name"
    identity: str

    def make(self, api: Api, props: Props) -> str:
        """Add it to the list."""
        self._write(api, props, lambda others: [*others, self.body(props)], new=True)
        return self.identity.format_map(props)

    def document(self, api: Api, identity: str, props: Props) -> Json | None:
        """The entry of that name."""
        found = api.find(path(self.collection, props)) or {}
        return next((one for one in found.get(self.key) or [] if one["name"] == props["name"]), None)

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Put another one in its place."""
        self._write(api, news, lambda others: [*others, self.body(news)])

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Take it out of the list."""
        if self.document(api, identity, props) is not None:
            self._write(api, props, list)

    def body(self, props: Props) -> Json:
        """Settings are JSON there, and text here."""
        body = super().body(props)
        for one in [*body.get("executors", []), *body.get("conditions", [])]:
            one["configuration"] = _values(one.get("configuration") or {})
        return body

    def locate(self, api: Api, props: Props) -> str:
        """By name."""
        assert isinstance(props, dict)
        return self.identity.format_map(props)

    def _write(self, api: Api, props: Props, change: Any, *, new: bool = False) -> None:
        where = path(self.collection, props)
        with api.alone(f"client policies of {props['realmId']}"):
            there = api.get(where).get(self.key) or []
            others = [one for one in there if one["name"] != props["name"]]
            if new and len(others) != len(there):
                raise KeycloakError(f"realm '{props['realmId']}' has '{props['name']}' in {self.key} already")
            api.put(where, {self.key: change(others)})


@dataclass(frozen=True, kw_only=True)
class RequiredAction(Rest):
    """Something that users must do; known ones only have to be registered."""

    collection: str = "realms/{realmId}/authentication/required-actions"
    item: str = "realms/{realmId}/authentication/required-actions/{alias}"

    def make(self, api: Api, props: Props) -> str:
        """Register it if it is not, then PUT."""
        where = path("realms/{realmId}/authentication", props)
        for one in api.get(f"{where}/unregistered-required-actions"):
            if one["providerId"] == props["alias"]:
                api.ask(f"{where}/register-required-action", one)
        current = self.document(api, "", props)
        if current is None:
            raise KeycloakError(f"realm '{props['realmId']}' has no required action '{props['alias']}'")
        self.put(api, "", props, merge(current, merge(self.zeros(props), self.body(props))))
        return f"{props['realmId']}/{props['alias']}"

    def locate(self, api: Api, props: Props) -> str:
        """By alias."""
        return f"{props['realmId']}/{props['alias']}"


@dataclass(frozen=True, kw_only=True)
class Localization(Rest):
    """Texts in one language."""

    collection: str = "realms/{realmId}/localization/{locale}"
    item: str = "realms/{realmId}/localization/{locale}"

    def make(self, api: Api, props: Props) -> str:
        """Send the texts."""
        self.change(api, "", {}, props)
        return f"{props['realmId']}/{props['locale']}"

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """All texts; none at all means that they are gone."""
        texts = api.find(path(self.item, prior))
        if not texts and prior.get("texts"):
            return None
        return {**prior, "texts": texts or {}}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """One after another; those that are not wanted any more go."""
        where, wanted = path(self.item, news), news.get("texts") or {}
        for key in olds.get("texts") or {}:
            if key not in wanted:
                api.delete(f"{where}/{path('{key}', {'key': key})}")
        for key, text in wanted.items():
            if (olds.get("texts") or {}).get(key) != text:
                api.put(f"{where}/{path('{key}', {'key': key})}", str(text), content_type="text/plain")

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Take out what was put in."""
        for key in props.get("texts") or {}:
            api.delete(f"{path(self.item, props)}/{path('{key}', {'key': key})}")

    def locate(self, api: Api, props: Props) -> str:
        """By language."""
        return f"{props['realmId']}/{props['locale']}"


@dataclass(frozen=True, kw_only=True)
class Workflow(Rest):
    """Steps that are taken when something happens to users."""

    collection: str = "realms/{realm}/workflows"

    def document(self, api: Api, identity: str, props: Props) -> Json | None:
        """Keycloak calls one that is gone not valid."""
        try:
            return super().document(api, identity, props)
        except Refused as exc:
            if exc.status == 400 and "valid" in exc.said:
                return None
            raise

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """PUT without what only Keycloak says."""
        fresh = merge({"id": identity, "enabled": True}, build(self.fields, props))
        del body
        super().put(api, identity, props, fresh)

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """The state is a list of one."""
        state = found.get("state")
        told = read(self.fields, found, prior)
        return {**told, "states": [{"errors": list(state.get("errors") or [])}] if state else []}

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """DELETE what is there."""
        if self.document(api, identity, props) is not None:
            super().remove(api, identity, props)


def _values(texts: Mapping[str, Any]) -> Json:
    """Texts that are JSON as what they say."""
    found: Json = {}
    for key, text in texts.items():
        try:
            found[key] = json.loads(text) if isinstance(text, str) else text
        except ValueError:
            found[key] = text
    return found


def _structures(texts: Mapping[str, Any]) -> Json:
    """Texts that are JSON objects or lists as what they say; numbers stay texts."""
    return {key: _values({key: text})[key] if str(text)[:1] in ("{", "[") else text for key, text in texts.items()}
