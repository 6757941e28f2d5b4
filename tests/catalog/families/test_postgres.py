"""PostgreSQL's scripts say what they must, whatever the names in them."""

from __future__ import annotations

import pytest

from catalog.families import postgres
from catalog.model import Images, Plan, Request


def request(memory: str = "512Mi", connections: int = 50) -> Request:
    plan = Plan(name="p", summary="", cpu="1", cpu_limit="1", memory=memory, storage="1Gi", connections=connections)
    return Request(
        name="my-db",
        namespace="ns",
        plan=plan,
        parameters={},
        images=Images(),
        labels={},
        annotations={},
        opts=None,
    )


def test_the_first_start_is_prepared_aside_and_renamed_at_its_end() -> None:
    script = postgres.start(request())[2]
    words = ("initdb", "CREATE DATABASE", 'mv "$PGDATA.new" "$PGDATA"', "exec postgres")
    steps = [script.index(text) for text in words]
    assert steps == sorted(steps)


def test_no_password_is_part_of_the_command() -> None:
    assert "--pwfile=/run/secrets/admin/password" in postgres.start(request())[2]


@pytest.mark.parametrize(("memory", "buffers"), [("512Mi", "128MB"), ("2Gi", "512MB"), ("8Gi", "2048MB")])
def test_a_quarter_of_the_plans_memory_is_the_servers_cache(memory: str, buffers: str) -> None:
    assert postgres.settings(request(memory))["shared_buffers"] == buffers


def test_an_amount_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="'512' is no amount of memory"):
        postgres.mebibytes("512")


def test_grant_makes_the_role_act_as_the_owner_so_that_data_outlives_it() -> None:
    script = postgres.grant("my-db", "web_1", "it's")
    assert "ALTER ROLE \"web_1\" LOGIN INHERIT PASSWORD 'it''s';" in script
    assert 'ALTER ROLE "web_1" SET role = "my_db_owner";' in script


def test_revoke_keeps_what_the_role_owns_and_is_content_when_it_is_gone() -> None:
    script = postgres.revoke("my-db", 'we"b')
    assert script.index('ALTER ROLE "we""b" NOLOGIN') < script.index("pg_terminate_backend")
    assert script.index("REASSIGN OWNED") < script.index("DROP ROLE")
    assert "\\if :present" in script


@pytest.mark.parametrize("script", [postgres.grant("d", "r", "p"), postgres.revoke("d", "r")])
def test_scripts_end_themselves_as_standard_input_may_stay_open(script: str) -> None:
    assert script.endswith("\\q\n")
