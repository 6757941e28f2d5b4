"""A program of the SDK package through the whole engine: up, nothing to do, drift, refresh, change, destroy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_keycloak as sdk
import pytest
from pulumi.automation import LocalWorkspaceOptions, Stack, create_or_select_stack

from engine.command import EmbeddedPulumi
from engine.providers import register
from providers import register_all
from providers.keycloak.api import Api
from providers.keycloak.settings import settings
from tests.support import keycloak


def _stack(folder: Path, server: keycloak.Server, *, title: str) -> Stack:
    def program() -> None:
        given: dict[str, Any] = {"url": server.url, "client_id": "admin-cli", "client_timeout": 60}
        login = sdk.Provider(
            "login", username=keycloak.ADMIN, password=pulumi.Output.secret(keycloak.PASSWORD), **given
        )
        opts = pulumi.ResourceOptions(provider=login)
        realm = sdk.Realm("shop", realm="program", display_name=title, opts=opts)
        role = sdk.Role("buyer", realm_id=realm.id, opts=opts)
        client = sdk.openid.Client(
            "web",
            realm_id=realm.id,
            client_id="web",
            access_type="CONFIDENTIAL",
            client_secret="hidden-text",
            opts=opts,
        )
        sdk.openid.UserRealmRoleProtocolMapper(
            "roles", realm_id=realm.id, client_id=client.id, claim_name="roles", opts=opts
        )
        user = sdk.User("bob", realm_id=realm.id, username="bob", opts=opts)
        sdk.UserRoles("bobs", realm_id=realm.id, user_id=user.id, role_ids=[role.id], opts=opts)
        found = sdk.get_role_output(realm_id=realm.id, name=role.name, opts=pulumi.InvokeOptions(provider=login))
        pulumi.export("same", pulumi.Output.all(found.id, role.id).apply(lambda both: both[0] == both[1]))

    register_all(register)
    options = LocalWorkspaceOptions(
        work_dir=str(folder),
        pulumi_command=EmbeddedPulumi(),
        env_vars={"PULUMI_BACKEND_URL": f"file://{folder}", "PULUMI_CONFIG_PASSPHRASE": "words"},
    )
    return create_or_select_stack("dev", "program", program, opts=options)


def _changes(result: Any) -> dict[str, int]:
    return {op: count for op, count in (result.summary.resource_changes or {}).items() if op != "same"}


@pytest.fixture
def root(server: keycloak.Server) -> Api:
    return Api(settings(server.settings, {}))


def test_a_program_goes_up_comes_to_rest_and_goes_down(tmp_path: Path, server: keycloak.Server, root: Api) -> None:
    stack = _stack(tmp_path, server, title="Shop")
    made = stack.up()
    assert made.outputs["same"].value is True
    assert _changes(stack.up()) == {}

    root.put("realms/program", {"realm": "program", "displayName": "by hand"})
    assert _changes(stack.refresh()) == {"update": 1}
    assert _changes(stack.up()) == {"update": 1}
    assert root.get("realms/program")["displayName"] == "Shop"

    assert _changes(_stack(tmp_path, server, title="Store").up()) == {"update": 1}
    files = "".join(one.read_text(errors="replace") for one in tmp_path.rglob("*.json"))
    assert "web" in files and "hidden-text" not in files
    assert keycloak.PASSWORD not in files
    stack.destroy()
    assert root.find("realms/program") is None
