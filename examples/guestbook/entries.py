"""The entries of the guestbook, kept in PostgreSQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import psycopg
from cfenv import AppEnv
from psycopg.rows import class_row

TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author  text NOT NULL,
    text    text NOT NULL,
    written timestamptz NOT NULL DEFAULT now()
)
"""
# Two workers may start at the same moment; an advisory lock lets one of them make the table.
LOCK = "SELECT pg_advisory_xact_lock(7165)"


class NoDatabase(Exception):
    """No PostgreSQL service is bound, or it does not answer."""


@dataclass(frozen=True)
class Entry:
    """One line in the book."""

    author: str
    text: str
    written: str

    as_dict = asdict


def database_uri() -> str:
    """The bound PostgreSQL service, whatever it is called."""
    for service in AppEnv().services:
        if "postgresql" in service.env.get("tags", []) or service.env.get("label") == "postgresql":
            return service.credentials["uri"]
    raise NoDatabase("no PostgreSQL is bound to this app")


def _connect() -> psycopg.Connection:
    try:
        return psycopg.connect(database_uri(), connect_timeout=5)
    except psycopg.OperationalError as exc:
        raise NoDatabase(f"the database does not answer: {str(exc).splitlines()[0]}") from exc


def _ensure_table(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(LOCK)
        connection.execute(TABLE)


def latest(limit: int = 50) -> list[Entry]:
    """The newest entries, newest first."""
    with _connect() as connection:
        _ensure_table(connection)
        cursor = connection.cursor(row_factory=class_row(Entry))
        return cursor.execute(
            "SELECT author, text, to_char(written AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS written"
            " FROM entries ORDER BY id DESC LIMIT %s",
            (limit,),
        ).fetchall()


def add(author: str, text: str) -> None:
    """Write one entry."""
    with _connect() as connection:
        _ensure_table(connection)
        connection.execute("INSERT INTO entries (author, text) VALUES (%s, %s)", (author, text))
