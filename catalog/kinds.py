"""Kinds: which credentials a binding gives, whatever product stands behind it."""

from __future__ import annotations

from catalog.model import Kind

POSTGRESQL = Kind(
    name="postgresql",
    keys=("host", "port", "database", "username", "password", "uri", "jdbcUrl", "type", "provider"),
    url_variable="DATABASE_URL",
)
