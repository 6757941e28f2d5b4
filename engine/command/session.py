"""What a running command knows: its folder, environment and output, and through them project, backend and stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.backend.api import Backend, LockWish
from engine.command import workspace
from engine.config import Config
from engine.deploy.api import ConfigValue, StackId
from engine.display.colour import Colour
from engine.display.terminal import Terminal
from engine.errors import StackNotFound, StateError, UsageError
from engine.project import Project, load_project
from engine.secrets import Passphrase, SecretsManager, passphrase_from
from engine.stack_settings import StackSettings, settle, staged
from engine.state.serialise import unwrap


@dataclass(kw_only=True)
class Session:
    """One run of one command. Nothing here touches the process's own environment or folder."""

    directory: Path
    environment: Mapping[str, str]
    out: Callable[[str], None]
    err: Callable[[str], None]
    open_backend: Callable[[str, Mapping[str, str], Path], Backend]
    read_input: Callable[[], str]
    terminal: Terminal | None = None
    """Where a person sits who can see and answer; None in pipes and wherever else nobody does."""

    colour: Colour = Colour.NEVER

    @property
    def ask(self) -> Callable[[str], bool] | None:
        """Puts a yes-or-no question to the user; None where nobody can answer."""
        terminal = self.terminal
        if terminal is None:
            return None
        from engine.command.confirm import choose  # late: hardly any command asks

        return lambda question: choose(terminal, question, ("yes", "no"), self.colour) == "yes"

    stack_flag: str = ""
    _managers: dict[StackId, SecretsManager] = field(default_factory=dict)

    @cached_property
    def project(self) -> Project:
        """The project of the folder."""
        return load_project(self.directory)

    @cached_property
    def backend_url(self) -> str:
        """Where states rest: the environment, the project, the last login."""
        url = self.environment.get("PULUMI_BACKEND_URL") or self._project_backend()
        url = url or workspace.current_backend(self.environment)
        if not url:
            raise UsageError(
                "no backend is chosen", hint="set PULUMI_BACKEND_URL=file://DIR, or run `pulumi login file://DIR`"
            )
        return url

    @cached_property
    def backend(self) -> Backend:
        """The opened backend."""
        return self.open_backend(self.backend_url, self.environment, self.directory)

    def stack_id(self, name: str = "") -> StackId:
        """The stack that a name, `--stack` or the last `stack select` means."""
        name = name or self.stack_flag or workspace.selected_stack(self.environment, self.project)
        if not name:
            raise UsageError("no stack selected", hint="use --stack NAME, or `pulumi stack select NAME`")
        parts = name.split("/")
        if not all(parts) or len(parts) > 3 or (len(parts) > 1 and parts[0] != "organization"):
            raise UsageError(f"'{name}' is no stack name here; write STACK or organization/PROJECT/STACK")
        project = parts[1] if len(parts) == 3 else self.project.name
        return StackId(project=project, name=parts[-1])

    def settings(self, stack: StackId, file: str = "") -> StackSettings:
        """The settings file of a stack."""
        path = self.directory / file if file else self.project.settings_file(stack.name)
        if staged(path).exists():
            settle(path, self.state_salt(stack))
        settings = StackSettings(path)
        settings.check_provider()
        return settings

    def config(self, stack: StackId, settings: StackSettings) -> Config:
        """The config of a stack; an encryption salt is found or made when the first secret is met."""

        def manager() -> SecretsManager:
            found = self.secrets(stack, settings, self.state_salt(stack))
            if not settings.salt:
                settings.salt = found.state["salt"]
            return found

        return Config(self.project, settings, manager)

    def shown_config(self, stack: StackId, entries: Mapping[str, Any], *, show_secrets: bool) -> dict[str, Any]:
        """Config entries (of the stack's file, or of a history entry) as `--json` prints them."""
        settings = self.settings(stack)
        settings.config = dict(entries)
        return shown(self.config(stack, settings).all(decrypt=show_secrets), show_secrets=show_secrets)

    def secrets(self, stack: StackId, settings: StackSettings, state_salt: str) -> SecretsManager:
        """The manager of a stack's secrets: the salt of its settings, of its state, a given one, or a fresh one."""
        if stack not in self._managers:
            passphrase = passphrase_from(self.environment)
            salt = settings.salt or state_salt or self.environment.get("MF_ENCRYPTION_SALT", "")
            self._managers[stack] = Passphrase(passphrase, salt) if salt else Passphrase.create(passphrase)
        return self._managers[stack]

    def lock_wish(self) -> LockWish:
        """How long to wait for a locked stack: MF_LOCK_WAIT seconds."""
        text = self.environment.get("MF_LOCK_WAIT") or "0"
        try:
            wait = float(text)
        except ValueError as exc:
            raise UsageError(f"MF_LOCK_WAIT is '{text}'; give it a number of seconds") from exc
        return LockWish(wait=wait, say=lambda line: self.err(f"note: {line}"))

    def state_salt(self, stack: StackId) -> str:
        """The salt in the state of a stack; empty where there is none."""
        try:
            return salt_of(self.backend.read(stack))
        except StackNotFound:
            return ""

    def _project_backend(self) -> str:
        try:
            return self.project.backend_url
        except UsageError:
            return ""


def shown(values: Mapping[str, ConfigValue], *, show_secrets: bool) -> dict[str, Any]:
    """Values as `config --json` prints them; a hidden secret has no value."""
    return {key: shown_value(value, show_secrets=show_secrets) for key, value in values.items()}


def shown_value(value: ConfigValue, *, show_secrets: bool) -> dict[str, Any]:
    """One value as `config --json` prints it."""
    row: dict[str, Any] = {"secret": value.secret}
    if show_secrets or not value.secret:
        row["value"] = value.value
        if value.structured:
            row["objectValue"] = json.loads(value.value)
    return row


def latest(checkpoint: str) -> dict[str, Any]:
    """The deployment inside a checkpoint's text, undecrypted."""
    tree = unwrap(checkpoint, key="checkpoint", what="the state").get("latest") or {}
    if not isinstance(tree, dict):
        raise StateError("the state has a 'latest' that is no object")
    return tree


def salt_of(checkpoint: str) -> str:
    """The encryption salt that a checkpoint carries; empty where it has none."""
    return salt_in(latest(checkpoint))


def salt_in(deployment: Mapping[str, Any]) -> str:
    """The same for a deployment that was parsed already."""
    provider = deployment.get("secrets_providers")
    state = provider.get("state") if isinstance(provider, dict) else None
    return str(state.get("salt") or "") if isinstance(state, dict) else ""
