"""Kinds that are documents under an address: made with POST, read with GET, changed with PUT, removed with DELETE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, build, merge, read
from providers.keycloak.diff import left_out
from providers.keycloak.field import leaves
from providers.keycloak.kind import Found, Kind


@dataclass(frozen=True, kw_only=True)
class Rest(Kind):
    """One document in a collection; paths are filled in from the properties and `id`."""

    collection: str
    item: str = ""
    """The address of one of them; `{id}` beneath the collection where nothing else is said."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """What every document of this kind has in its JSON."""
    id_key: str = ""
    """The property that is the id; else the server says it."""

    def make(self, api: Api, props: Props) -> str:
        """POST to the collection."""
        body = merge(self.zeros(props), self.body(props))
        answer = api.post(path(self.collection, props), body)
        if self.id_key:
            return str(props[self.id_key])
        return str(answer.get("id") or answer.get("_id")) if isinstance(answer, dict) else str(answer)

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """GET the document."""
        found = self.document(api, identity, prior)
        return None if found is None else {**self.told(found, prior), **self.known(api, identity, prior, found)}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """GET, write over it what is wanted, PUT."""
        current = self.document(api, identity, news) or {}
        self.put(api, identity, news, self.changed(current, olds, news))

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """DELETE the document."""
        api.delete(self.where(identity, props))

    def document(self, api: Api, identity: str, props: Props) -> Json | None:
        """The JSON of one; None when it is gone."""
        found = api.find(self.where(identity, props))
        return found if isinstance(found, dict) else None

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """Send the changed document."""
        api.put(self.where(identity, props), body)

    def body(self, props: Props) -> Json:
        """The JSON of the properties."""
        return merge(build(self.fields, props), self.constants)

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """The properties of the JSON."""
        return read(self.fields, found, prior)

    def zeros(self, props: Props) -> Json:
        """Switches that were not given are off, whatever Keycloak thinks."""
        off = {field.name: False for field in self.fields if field.type == "bool" and field.name not in props}
        return build(self.fields, off)

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """Properties that stand elsewhere."""
        del api, identity, prior, found
        return {}

    def where(self, identity: str, props: Props) -> str:
        """The address of one."""
        return path(self.item or f"{self.collection}/{{id}}", {**props, "id": identity})

    def changed(self, current: Json, olds: Props, news: Props) -> Json:
        """The document with the new properties, and without what was left out of them.

        Maps are replaced as a whole, so that keys that are not wanted any more go; extra settings become empty.
        """
        body = self.body(news)
        blank = {one.name: one.zero for one in left_out(self.fields, news, olds) if one.type != "extra"}
        for one in leaves(tuple(self.fields)):
            if one.type == "map" or (one.type == "object" and one.name in blank):
                _drop(current, one.place)
            if one.type == "object" and one.name in blank and one.place:
                body[one.place[0]] = {}
            if one.type == "extra":
                gone = [key for key in olds.get(one.name) or {} if key not in (news.get(one.name) or {})]
                merge(body, build([one], {one.name: dict.fromkeys(gone, "")}))
        return merge(merge(current, build(self.fields, blank)), body)


def _drop(body: Json, place: tuple[str, ...]) -> None:
    for key in place[:-1]:
        body = body.get(key) or {}
    if place:
        body.pop(place[-1], None)
