"""Protocol mappers: what goes into tokens; each belongs to a client or to a client scope."""

from __future__ import annotations

from dataclasses import dataclass

from engine.provider_api import CheckFailure
from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.errors import KeycloakError
from providers.keycloak.field import table
from providers.keycloak.rest import Rest

OWNER = """
    name required
    realmId @- required new
    clientId @- new
    clientScopeId @- new
"""


@dataclass(frozen=True, kw_only=True)
class ProtocolMapper(Rest):
    """One mapper; its address depends on whom it belongs to."""

    collection: str = "realms/{realmId}/{owner}/{ownerId}/protocol-mappers/models"

    def failures(self, inputs: Props) -> list[CheckFailure]:
        """It belongs to one of the two."""
        if (inputs.get("clientId") is None) != (inputs.get("clientScopeId") is None):
            return []
        return [CheckFailure("clientId", "give either clientId or clientScopeId")]

    def make(self, api: Api, props: Props) -> str:
        """POST to its owner's mappers."""
        return str(api.post(self._collection(props), self.body(props)))

    def where(self, identity: str, props: Props) -> str:
        """Beneath its owner."""
        return f"{self._collection(props)}/{identity}"

    def locate(self, api: Api, props: Props) -> str:
        """`realm/client/ID/MAPPER` or `realm/client-scope/ID/MAPPER`, the mapper by its id or its name."""
        owner = {"client": "clientId", "client-scope": "clientScopeId"}.get(str(props["kind"]))
        if owner is None:
            raise KeycloakError(f"'{props['kind']}' is no owner of mappers; write client or client-scope")
        assert isinstance(props, dict)
        props[owner] = props.pop("owner")
        props.pop("kind")
        found = api.find(self.where(str(props["id"]), props))
        if found:
            return str(found["id"])
        named = [one for one in api.get(self._collection(props)) if one["name"] == props["id"]]
        return str(named[0]["id"]) if named else str(props["id"])

    def _collection(self, props: Props) -> str:
        scope = props.get("clientScopeId")
        owner = {"owner": "client-scopes", "ownerId": scope} if scope else {"owner": "clients"}
        return path(self.collection, {"ownerId": props.get("clientId"), **props, **owner})


def mapper(protocol: str, of: str, text: str, *, owner: str = OWNER) -> ProtocolMapper:
    """A kind of mapper: its protocol, its class in Keycloak, and its own properties."""
    return ProtocolMapper(
        fields=table(owner + text),
        imports=("realmId", "kind", "owner", "id"),
        constants={"protocol": protocol, "protocolMapper": of},
    )


def generic() -> ProtocolMapper:
    """A mapper of any class."""
    text = """
    name required new
    realmId @- required new
    clientId @- new
    clientScopeId @- new
    protocol required new :openid-connect|saml
    protocolMapper required new
    config map required
    """
    return ProtocolMapper(fields=table(text), imports=("realmId", "kind", "owner", "id"))
