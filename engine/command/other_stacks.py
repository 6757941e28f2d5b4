"""Other stacks of the same backend, as programs may look at them."""

from __future__ import annotations

from collections.abc import Callable

from engine.command.session import Session, latest, salt_of
from engine.deploy.api import StackOutputs
from engine.errors import ProviderError, SecretsError, StackNotFound
from engine.secrets import Passphrase, SecretsManager, passphrase_from
from engine.state.model import Resource
from engine.state.serialise import StateCodec
from engine.urn import STACK_TYPE


class OtherStackReader:
    """Reads what was last stored; secrets are opened with the passphrase of the environment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def outputs(self, name: str) -> StackOutputs:
        """The outputs of a stack; secrets that this passphrase does not open are empty objects."""
        text = self._read(name)
        roots = [one for one in latest(text).get("resources") or () if one.get("type") == STACK_TYPE]
        elided: list[SecretsError] = []
        manager = _Forgiving(self._manager(text), elided.append)
        found = StateCodec(manager).load({"resources": roots[:1]}).resources
        return StackOutputs(outputs=found[0].outputs if found else {}, elided=bool(elided))

    def resources(self, name: str) -> tuple[Resource, ...]:
        """All that a stack's state holds."""
        text = self._read(name)
        return StateCodec(self._manager(text)).load(latest(text)).resources

    def _read(self, name: str) -> str:
        try:
            return self._session.backend.read(self._session.stack_id(name))
        except StackNotFound as missing:
            raise ProviderError(f'unknown stack "{name}"') from missing

    def _manager(self, text: str) -> SecretsManager:
        # Its own salt, as the settings file that is near belongs to another project.
        return Passphrase(passphrase_from(self._session.environment), salt_of(text))


class _Forgiving:
    """A manager that notes what it cannot open, and goes on."""

    def __init__(self, manager: SecretsManager, note: Callable[[SecretsError], None]) -> None:
        self._manager = manager
        self._note = note

    @property
    def type(self) -> str:
        return self._manager.type

    @property
    def state(self) -> dict[str, str]:
        return self._manager.state

    def encrypt(self, plain: str) -> str:
        return self._manager.encrypt(plain)

    def decrypt(self, cipher: str) -> str:
        try:
            return self._manager.decrypt(cipher)
        except SecretsError as error:
            self._note(error)
            return "{}"
