"""Commands on this machine and on hosts over SSH."""

from providers.command.provider import CommandProvider

__all__ = ["CommandProvider"]
