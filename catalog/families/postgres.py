"""PostgreSQL's own words: how a server starts for the first time, is tuned, grants a role and revokes it."""

from __future__ import annotations

import re

from catalog.families.stateful_set import ADMIN_PATH
from catalog.model import Request

DATA = "/var/lib/postgresql/data"
# Debian's /usr/bin/psql is a wrapper; the real programs are in the version's folder.
_PATH = 'PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"'
READY = f"{_PATH}; exec pg_isready -q -h 127.0.0.1 -p 5432"
STOP = f'{_PATH}; exec pg_ctl -D "$PGDATA" -m fast -w -t 50 stop'
ENVIRONMENT = {"PGDATA": f"{DATA}/pgdata", "LANG": "C.UTF-8"}

# The first start prepares a folder beside the final one and renames it: a kill in between leaves nothing half-made.
_START = """\
set -eu
{path}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA" "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username=postgres --pwfile={admin}/password --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 --data-checksums
  echo 'host all all all scram-sha-256' >> "$PGDATA.new/pg_hba.conf"
  postgres --single -D "$PGDATA.new" postgres <<'SQL'
CREATE ROLE {owner} NOLOGIN
CREATE DATABASE {database} OWNER {owner}
REVOKE ALL ON DATABASE {database} FROM PUBLIC
REVOKE ALL ON DATABASE postgres FROM PUBLIC
REVOKE ALL ON DATABASE template1 FROM PUBLIC
SQL
  mv "$PGDATA.new" "$PGDATA"
fi
exec postgres -D "$PGDATA" {settings}
"""

# Both end with \q, as a container's standard input can't always be closed from outside.
_GRANT = """\
SET log_min_error_statement = panic;
SET lock_timeout = '10s';
SELECT format('CREATE ROLE %I', {role_text}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {role_text}) \\gexec
ALTER ROLE {role} LOGIN INHERIT PASSWORD {password};
GRANT {owner} TO {role};
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
ALTER ROLE {role} SET role = {owner};
\\q
"""

_REVOKE = """\
SET lock_timeout = '10s';
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = {role_text}) AS present \\gset
\\if :present
ALTER ROLE {role} NOLOGIN;
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = {role_text};
REASSIGN OWNED BY {role} TO {owner};
DROP OWNED BY {role};
DROP ROLE {role};
\\endif
\\q
"""


def database(instance: str) -> str:
    """The database of an instance, named after it."""
    return instance.replace("-", "_")


def owner(instance: str) -> str:
    """The role that owns all data of an instance; apps' roles act as it, so data outlives a binding."""
    return f"{database(instance)[:57]}_owner"


def start(request: Request) -> list[str]:
    """The container's command: make the database at the first start, then serve it."""
    script = _START.format(
        path=_PATH,
        admin=ADMIN_PATH,
        owner=quoted(owner(request.name)),
        database=quoted(database(request.name)),
        settings=" ".join(f"-c {key}={value}" for key, value in settings(request).items()),
    )
    return ["/bin/sh", "-c", script]


def settings(request: Request) -> dict[str, str]:
    """The server's tuning for the plan's memory: a quarter for its cache, the rest left to the system's."""
    memory = mebibytes(request.plan.memory)
    connections = request.plan.connections
    return {
        "listen_addresses": "'*'",
        "unix_socket_directories": "/var/run/postgresql",
        "max_connections": str(connections),
        "shared_buffers": f"{memory // 4}MB",
        "effective_cache_size": f"{memory * 3 // 4}MB",
        "maintenance_work_mem": f"{max(16, memory // 16)}MB",
        "work_mem": f"{max(1, memory // 4 // connections)}MB",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }


def client(instance: str) -> list[str]:
    """The command in the container that runs the SQL on its standard input as the administrator."""
    line = f'{_PATH}; exec psql -X -q -v ON_ERROR_STOP=1 -v VERBOSITY=terse -U postgres -d "$0" -f -'
    return ["/bin/sh", "-c", line, database(instance)]


def grant(instance: str, role: str, password: str) -> str:
    """SQL that makes the role, or sets its password where it is there already."""
    words = _words(instance, role)
    return _GRANT.format(**words, password=_literal(password))


def revoke(instance: str, role: str) -> str:
    """SQL that ends the role's sessions, gives what it owns to the instance's owner and drops it, if it is there."""
    return _REVOKE.format(**_words(instance, role))


def _words(instance: str, role: str) -> dict[str, str]:
    return {
        "role": quoted(role),
        "role_text": _literal(role),
        "owner": quoted(owner(instance)),
        "database": quoted(database(instance)),
    }


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def mebibytes(quantity: str) -> int:
    """`512Mi`, `2Gi` → a number of MiB."""
    match = re.fullmatch(r"(\d+)(Mi|Gi)", quantity)
    if not match:
        raise ValueError(f"'{quantity}' is no amount of memory; write it as 512Mi or 2Gi")
    return int(match[1]) * (1024 if match[2] == "Gi" else 1)
