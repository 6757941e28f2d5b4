"""A support file: a realm with one of everything that the lives of other things need."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from providers.keycloak import KeycloakProvider
from tests.providers.keycloak.cases import Case, filled
from tests.providers.keycloak.cases_brokers import DIRECTORY, key_pair
from tests.providers.keycloak.conftest import Thing


@dataclass
class Stage:
    """A realm, and the ids of what is in it, by name."""

    provider: KeycloakProvider
    names: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)

    def thing(self, token: str, wanted: dict[str, Any]) -> Thing:
        """One, not created yet."""
        return Thing(self.provider, f"keycloak:{token}", filled(wanted, self.names))

    def of(self, case: Case) -> Thing:
        """The thing of a case."""
        return self.thing(case.token, case.wanted)

    def clear(self) -> None:
        """Remove the realm."""
        self.things[0].delete()


_SHARED: list[tuple[str, str, dict[str, Any]]] = [
    ("role", "index/role:Role", {"name": "viewer"}),
    ("role2", "index/role:Role", {"name": "editor"}),
    ("group", "index/group:Group", {"name": "g"}),
    ("group2", "index/group:Group", {"name": "h"}),
    ("user", "index/user:User", {"username": "bob"}),
    ("scope", "openid/clientScope:ClientScope", {"name": "cs"}),
    ("samlscope", "saml/clientScope:ClientScope", {"name": "css"}),
    (
        "client",
        "openid/client:Client",
        {
            "clientId": "web",
            "accessType": "CONFIDENTIAL",
            "serviceAccountsEnabled": True,
            "authorization": {"policyEnforcementMode": "ENFORCING"},
        },
    ),
    ("saml", "saml/client:Client", {"clientId": "sam"}),
    (
        "mapper",
        "openid/audienceResolveProtocolMapper:AudienceResolveProtocolMapper",
        {"clientScopeId": "{scope}", "name": "fixed"},
    ),
    ("org", "index/organization:Organization", {"name": "acme", "domains": [{"name": "acme.org"}]}),
    (
        "oid",
        "oidc/identityProvider:IdentityProvider",
        {
            "alias": "oid",
            "authorizationUrl": "https://a",
            "tokenUrl": "https://t",
            "clientId": "c",
            "clientSecret": "s",
        },
    ),
    (
        "samlidp",
        "saml/identityProvider:IdentityProvider",
        {"alias": "sam", "entityId": "e", "singleSignOnServiceUrl": "https://a"},
    ),
    (
        "social",
        "oidc/facebookIdentityProvider:FacebookIdentityProvider",
        {"alias": "facebook2", "clientId": "c", "clientSecret": "s"},
    ),
    ("ldap", "ldap/userFederation:UserFederation", {**DIRECTORY, "deleteDefaultMappers": True, "enabled": False}),
    ("flow", "authentication/flow:Flow", {"alias": "outer"}),
    (
        "execution",
        "authentication/execution:Execution",
        {"parentFlowAlias": "outer", "authenticator": "identity-provider-redirector"},
    ),
    ("see", "openid/clientAuthorizationScope:ClientAuthorizationScope", {"name": "see"}),
    ("resource", "openid/clientAuthorizationResource:ClientAuthorizationResource", {"name": "res"}),
    (
        "policy",
        "openid/clientUserPolicy:ClientUserPolicy",
        {"name": "shared", "decisionStrategy": "UNANIMOUS", "users": ["{user}"]},
    ),
    (
        "profile",
        "index/realmClientPolicyProfile:RealmClientPolicyProfile",
        {"name": "prof", "executors": [{"name": "pkce-enforcer", "configuration": {"auto-configure": "true"}}]},
    ),
]


def stage(provider: KeycloakProvider, folder: Path, *, admin_permissions: bool) -> Stage:
    """Make the realm and all that is shared."""
    made = Stage(provider, {**key_pair(), "keystore": _keystore(folder)})
    wanted = {"realm": "stage", "organizationsEnabled": True, "adminPermissionsEnabled": admin_permissions}
    made.things.append(made.thing("index/realm:Realm", wanted).create())
    made.names["realm"] = "stage"
    for name, token, text in _SHARED:
        server = {"resourceServerId": "{client}"} if "clientAuth" in token or "Policy:Client" in token else {}
        owner = "realm" if "dentityProvider:" in token or "organization" in token else "realmId"
        thing = made.thing(token, {owner: "{realm}", **server, **text}).create()
        made.things.append(thing)
        made.names[name] = thing.id
        if name == "client":
            made.names["account"] = thing.outputs["serviceAccountUserId"]
    return made


def _keystore(folder: Path) -> str:
    keytool = shutil.which("keytool")
    assert keytool, "tests of the keycloak provider need keytool (JDK); tools/test.sh installs it"
    place = folder / "keys.jks"
    words = ["-genkeypair", "-alias", "a", "-keyalg", "RSA", "-keystore", str(place), "-dname", "CN=a"]
    subprocess.run([keytool, *words, "-storepass", "secret1", "-keypass", "secret1"], check=True, capture_output=True)
    return str(place)


Lived = Callable[[Case], None]


def live(on: Stage, case: Case) -> None:
    """Create, nothing to do, read, change, import, replace, delete; state agrees with Keycloak at every step."""
    thing = on.of(case).create()
    try:
        _settled(thing)
        if case.change:
            _changed(thing, filled(case.change, on.names))
        if case.imported:
            _imported(thing, filled(case.imported, {**on.names, "id": thing.id}), case.untold)
        if case.replace:
            name, _, value = case.replace.partition("=")
            found = thing.diff(**{name: value or "something-else"})
            assert name in [path.partition(".")[0].partition("[")[0] for path in found.replaces]
    finally:
        thing.delete()
    gone = thing.read()
    assert case.stays or gone.id == "", "it is still there"
    thing.delete()  # once more: that it is gone already is fine


def _settled(thing: Thing) -> None:
    found = thing.diff()
    assert not found.detailed, f"a second update would change {found.detailed}"
    seen = thing.read()
    assert (seen.id, seen.outputs, seen.inputs) == (thing.id, thing.outputs, thing.inputs)


def _changed(thing: Thing, change: dict[str, Any]) -> None:
    found = thing.diff(**change)
    assert found.detailed and not found.replaces, found
    before = thing.id
    thing.update(**change)
    assert thing.id == before
    _settled(thing)


def _imported(thing: Thing, identity: str, untold: tuple[str, ...]) -> None:
    seen = thing.imported(identity)
    assert seen.id == thing.id
    known = {key: value for key, value in thing.outputs.items() if key not in untold}
    assert {key: value for key, value in seen.outputs.items() if key not in untold} == known
    assert seen.inputs is not None
