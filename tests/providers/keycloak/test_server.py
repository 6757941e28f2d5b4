"""Every resource type against a real Keycloak: create, no-op, refresh, change, import, replace, delete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from providers.keycloak import KeycloakProvider
from providers.keycloak.tables import kinds
from tests.providers.conftest import RecordingHost
from tests.providers.keycloak import cases_brokers, cases_clients, cases_people, cases_rules
from tests.providers.keycloak.cases import Case
from tests.providers.keycloak.stage import Stage, live, stage
from tests.support import keycloak

CASES = [*cases_people.CASES, *cases_clients.CASES, *cases_brokers.CASES, *cases_rules.CASES]


@pytest.fixture(scope="module")
def realm(provider: KeycloakProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = stage(provider, tmp_path_factory.mktemp("stage"), admin_permissions=True)
    yield made
    made.clear()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_thing_lives_from_create_to_delete(realm: Stage, case: Case) -> None:
    live(realm, case)


def test_every_type_has_a_life() -> None:
    lived = {case.token for case in [*CASES, *cases_rules.FIRST_FORM]}
    assert set(kinds()) == lived


def test_permissions_of_the_first_form_live_where_the_server_has_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("first-form")
    with keycloak.running(folder, features=keycloak.FIRST_FORM) as server:
        provider = KeycloakProvider(RecordingHost("."))
        provider.configure(server.settings)
        made = stage(provider, folder, admin_permissions=False)
        for case in cases_rules.FIRST_FORM:
            live(made, case)
        provider.close()
