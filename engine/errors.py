"""The tree of errors that the engine raises.

EngineError
├── UsageError            a command, flag or value that makes no sense
│   └── ConfirmationMissing   nobody agreed, and nobody can be asked
├── UnsupportedError      something of Pulumi's that this engine refuses by name
├── StackNotFound · StackExists · StackLocked · StackNotEmpty
├── StateError            a checkpoint that cannot be read, written, or trusted
├── SecretsError          wrong or missing passphrase
├── ProviderError         a provider said no
│   ├── InitFailed        made, but not ready: state is kept with the reasons
│   └── ProviderMissing   no provider of that name and version to be had
├── ProgramError          the user's program failed (its own message was shown already)
├── Declined              a person was asked and said no
└── DeploymentFailed      one or more steps failed
    └── ChangesMade       none were expected
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.values import Props


class EngineError(Exception):
    """Base of everything the engine raises on purpose; `hint` says what would be right."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(EngineError):
    """A command, flag or value that makes no sense."""


class ConfirmationMissing(UsageError):
    """Nobody agreed to a change, and nobody can be asked."""


class UnsupportedError(EngineError):
    """Something of Pulumi's that this engine refuses by name before anything is changed."""


class StackNotFound(EngineError):
    """No stack of that name; the text is what Automation API recognises."""

    def __init__(self, stack: str) -> None:
        super().__init__(f"no stack named '{stack}' found")
        self.stack = stack


class StackExists(EngineError):
    """A stack of that name is there already; the text is what Automation API recognises."""

    def __init__(self, stack: str) -> None:
        super().__init__(f"stack '{stack}' already exists")
        self.stack = stack


class StackLocked(EngineError):
    """Another process holds the stack; the text starts as Automation API expects it."""

    def __init__(self, holders: Sequence[str]) -> None:
        listing = "\n  ".join(holders)
        super().__init__(
            f"the stack is currently locked by {len(holders)} lock(s). Either wait for the other process(es) to end "
            f"or delete the lock file with `pulumi cancel`.\n  {listing}"
        )
        self.holders = tuple(holders)


class StackNotEmpty(EngineError):
    """A stack that still has resources cannot be removed without force."""


class StateError(EngineError):
    """A checkpoint that cannot be read, written, or trusted."""


class SecretsError(EngineError):
    """A wrong or missing passphrase."""


class ProviderError(EngineError):
    """A provider said no."""

    leaves_doubt = True
    """Nobody knows what the provider did before it failed; False where it is sure that it did nothing, or told all."""


class InitFailed(ProviderError):
    """The resource exists, but is not ready; its state is kept together with the reasons."""

    leaves_doubt = False

    def __init__(self, *, id: str, properties: Props, reasons: Sequence[str], inputs: Props | None = None) -> None:
        super().__init__("; ".join(reasons) or "the resource is not ready; no reason was given")
        self.id = id
        self.properties = properties
        self.reasons = tuple(reasons)
        self.inputs = inputs


class ProviderMissing(ProviderError):
    """No provider of that name and version is to be had."""

    leaves_doubt = False


class ProgramError(EngineError):
    """The user's program failed; its own message was shown already."""


class DeploymentFailed(EngineError):
    """One or more steps failed; each failure was reported as an event."""


class ChangesMade(DeploymentFailed):
    """Something changed, or would, though the caller expected nothing to."""


class Declined(EngineError):
    """A person was asked, said no, and knows that nothing was done."""
