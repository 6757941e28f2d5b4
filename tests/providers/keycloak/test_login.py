"""Settings, logins and what goes wrong with them, against a real Keycloak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.provider_api import CheckRequest, DiffRequest, ReadRequest
from providers.errors import ImportRefused
from providers.keycloak import KeycloakProvider
from providers.keycloak.api import Api
from providers.keycloak.errors import KeycloakError, LoginRefused, Refused, Unreachable
from providers.keycloak.jwt import signed
from providers.keycloak.settings import settings
from tests.providers.conftest import RecordingHost
from tests.support import keycloak


def api(given: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Api:
    return Api(settings(given, environment or {}))


def test_the_environment_completes_the_settings(server: keycloak.Server) -> None:
    environment = {
        "KEYCLOAK_URL": server.url,
        "KEYCLOAK_CLIENT_ID": "admin-cli",
        "KEYCLOAK_USER": keycloak.ADMIN,
        "KEYCLOAK_PASSWORD": keycloak.PASSWORD,
        "KEYCLOAK_CLIENT_TIMEOUT": "60",
    }
    assert api({}, environment).get("realms/master")["realm"] == "master"


def test_a_wrong_password_is_told_without_being_shown(server: keycloak.Server) -> None:
    with pytest.raises(LoginRefused, match=r"does not let user 'admin' in \(401: Invalid user credentials\)") as caught:
        api({**server.settings, "password": "wrong-one"})
    assert "wrong-one" not in str(caught.value)


def test_a_realm_that_is_not_there_is_named(server: keycloak.Server) -> None:
    with pytest.raises(LoginRefused, match=r"realm 'nowhere' of .* was not found; check url, basePath"):
        api({**server.settings, "realm": "nowhere"})


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(Unreachable, match=r"keycloak at http://127\.0\.0\.1:9 does not answer"):
        api({"url": "http://127.0.0.1:9", "clientId": "c", "clientSecret": "s"})


def test_without_an_initial_login_nothing_is_asked() -> None:
    api({"url": "http://127.0.0.1:9", "initialLogin": "false"}).close()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "has no url"),
        ({"url": "http://x"}, "has no login"),
        ({"url": "http://x", "username": "u", "password": "p"}, "a username but no clientId"),
        ({"url": "http://x", "clientSecret": "s"}, "a clientSecret but no clientId"),
        ({"url": "http://x", "clientId": "c", "clientSecret": "s", "clientTimeout": "soon"}, "clientTimeout is 'soon'"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(KeycloakError, match=words):
        settings(given, {})


def test_a_token_that_the_server_forgot_is_fetched_anew(server: keycloak.Server) -> None:
    asked = api(server.settings)
    asked._login._token = "not-a-token-any-more"
    assert asked.get("realms/master")["realm"] == "master"


def test_a_given_token_that_is_bad_is_an_error(server: keycloak.Server) -> None:
    with pytest.raises(Refused, match="401, the login is no longer good"):
        api({"url": server.url, "accessToken": "bad"}).get("realms/master")


def test_what_exists_already_is_named(server: keycloak.Server) -> None:
    with pytest.raises(Refused, match=r"409, it exists already: .*master"):
        api(server.settings).post("realms", {"realm": "master"})


def test_what_is_gone_already_may_be_deleted(server: keycloak.Server) -> None:
    api(server.settings).delete("realms/never-was")


def test_a_client_logs_in_with_its_secret_and_lacks_a_role(server: keycloak.Server) -> None:
    root = api(server.settings)
    body = {"clientId": "weak", "secret": "s", "serviceAccountsEnabled": True, "publicClient": False}
    identity = root.post("realms/master/clients", body)
    try:
        weak = api({"url": server.url, "clientId": "weak", "clientSecret": "s", "clientTimeout": "60"})
        with pytest.raises(Refused, match="403, the login lacks a role"):
            weak.post("realms/master/clients", {"clientId": "x"})
    finally:
        root.delete(f"realms/master/clients/{identity}")


def test_another_server_replaces_and_another_login_does_not() -> None:
    provider = KeycloakProvider(RecordingHost("."))

    def replaces(old: dict[str, str], new: dict[str, str]) -> list[str]:
        request = DiffRequest(urn="", type="", name="", id="i", olds=old, old_inputs=old, news=new)
        return list(provider.diff_config(request).replaces)

    assert replaces({"url": "http://a"}, {"url": "http://b"}) == ["url"]
    assert replaces({"url": "http://a", "username": "u"}, {"url": "http://a/", "username": "v"}) == []


def test_settings_without_a_server_fail_the_check() -> None:
    request = CheckRequest(urn="", type="", name="", news={})
    assert KeycloakProvider(RecordingHost(".")).check_config(request).failures[0].property == "url"


def test_an_import_id_of_the_wrong_form_says_the_right_one(provider: KeycloakProvider) -> None:
    token = "keycloak:index/role:Role"
    with pytest.raises(ImportRefused, match=r"write the id as \{realmId\}/\{id\}"):
        provider.read(ReadRequest(urn="", type=token, name="n", id="x", inputs={}, outputs={}))


@pytest.mark.parametrize("algorithm", ["RS256", "PS512", "ES256"])
def test_a_token_is_signed_by_the_key_that_it_says(algorithm: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    assert signed({"iss": "c"}, key=pem, algorithm=algorithm).count(".") == 2
    with pytest.raises(KeycloakError, match="is not of the kind"):
        signed({}, key=pem, algorithm="EdDSA")
