"""The behaviours that golden sequences exist for; importing this package registers them."""

from tests.engine.golden.behaviours import (
    deletion,
    failure,
    identity,
    lifecycle,
    options,
    provider,
    reading,
    replacement,
    secrecy,
)

__all__ = ["deletion", "failure", "identity", "lifecycle", "options", "provider", "reading", "replacement", "secrecy"]
