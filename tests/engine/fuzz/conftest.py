"""The salt that all damaged states share."""

from tests.engine.command.conftest import salt

__all__ = ["salt"]
