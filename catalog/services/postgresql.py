"""PostgreSQL: relational database."""

from __future__ import annotations

from catalog.families import postgres, sql
from catalog.families.stateful_set import Recipe
from catalog.kinds import POSTGRESQL
from catalog.model import Image, Place, Plan, Service, not_offered
from catalog.parameter import Parameter

_RECIPE = Recipe(
    container="postgresql",
    image=Image(bundle="microfoundry/postgresql:15", official="docker.io/library/postgres:15.18-bookworm"),
    port=5432,
    user=999,
    data=postgres.DATA,
    start=postgres.start,
    ready=postgres.READY,
    stop=postgres.STOP,
    environment=postgres.ENVIRONMENT,
    scratch=("/var/run/postgresql", "/tmp"),
)

_DIALECT = sql.Dialect(
    scheme="postgresql",
    database=postgres.database,
    client=postgres.client,
    grant=postgres.grant,
    revoke=postgres.revoke,
)

SERVICE = Service(
    name="postgresql",
    summary="Relational database with SQL, JSON and full-text search.",
    description="One PostgreSQL 15 server per instance; each bound app has a role of its own. Backups are off.",
    kind=POSTGRESQL,
    tags=("postgresql", "postgres", "relational", "sql"),
    plans=(
        Plan(
            name="small",
            summary="single server for development",
            cpu="50m",
            cpu_limit="1",
            memory="512Mi",
            storage="5Gi",
            connections=50,
            cost={Place.LOCAL: 0},
        ),
        Plan(
            name="medium",
            summary="single server for a busy app",
            cpu="1",
            cpu_limit="2",
            memory="2Gi",
            storage="50Gi",
            connections=200,
            cost={Place.LOCAL: 0},
        ),
        Plan(
            name="large",
            summary="single big server, not replicated",
            cpu="4",
            cpu_limit="8",
            memory="8Gi",
            storage="500Gi",
            connections=500,
            cost={Place.LOCAL: 0},
        ),
    ),
    parameters=(
        Parameter(
            name="version",
            type=str,
            summary="Major version of the server.",
            default="15",
            choices=("15",),
            immutable=True,
        ),
    ),
    offerings={
        Place.LOCAL: sql.in_cluster(_RECIPE, _DIALECT),
        Place.AWS: not_offered("Amazon RDS is not connected yet"),
        Place.GCP: not_offered("Google Cloud SQL is not connected yet"),
        Place.AZURE: not_offered("Azure Database is not connected yet"),
    },
)
