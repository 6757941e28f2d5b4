"""The functions of the package `pulumi`: outputs of other stacks, and this update's own resources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.deploy.api import OtherStacks
from engine.errors import ProviderError
from engine.state.model import Resource
from engine.values import Props
from engine.values_walk import has_secret, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """Answers from the backend's other stacks, and from the state in the making."""

    others: OtherStacks | None
    finished: Callable[[str], Resource | None]
    """The resource of a URN, once this update is done with it."""
    say: Callable[[str], None]
    """Shows a line."""

    def call(self, token: str, args: Props) -> Props:
        """The function of that name."""
        work = {
            "pulumi:pulumi:readStackOutputs": self.stack_outputs,
            "pulumi:pulumi:readStackResourceOutputs": self._stack_resources,
            "pulumi:pulumi:getResource": self._resource,
        }.get(token)
        if work is None:
            raise ProviderError(f"unrecognized function name: '{token}'")
        return work(args)

    def stack_outputs(self, args: Props) -> Props:
        """What the stack `name` puts out, and which of it is secret."""
        name = _text(args, "name")
        read = self._stacks().outputs(name)
        if read.elided:
            self.say(f"eliding undecryptable secrets for stack reference '{name}'")
        secret = sorted(key for key, value in read.outputs.items() if has_secret(value))
        return {"name": name, "outputs": dict(read.outputs), "secretOutputNames": secret}

    def _stack_resources(self, args: Props) -> Props:
        name = _text(args, "stackName")
        living = [one for one in self._stacks().resources(name) if not one.delete]
        return {"name": name, "outputs": {one.urn: {"type": one.type, "outputs": one.outputs} for one in living}}

    def _resource(self, args: Props) -> Props:
        urn = _text(args, "urn")
        found = self.finished(urn)
        if found is None:
            raise ProviderError(f"unknown resource {urn}")
        return {"urn": urn, "id": found.id, "provider": found.provider, "state": found.outputs}

    def _stacks(self) -> OtherStacks:
        if self.others is None:
            raise ProviderError("no backend client is available")
        return self.others


def _text(args: Props, key: str) -> str:
    value: Any = plain(args.get(key))
    if not isinstance(value, str):
        raise ProviderError(f"'{key}' has to be given, and be a text")
    return value
