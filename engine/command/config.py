"""`pulumi config`: read and change the settings of a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from engine.command.flags import LIST, SWITCH, TEXT, Kind, Line
from engine.command.session import Session, shown, shown_value
from engine.command.table import Command
from engine.config import Config
from engine.deploy.api import StackId
from engine.errors import UsageError
from engine.stack_settings import StackSettings


def _open(session: Session, line: Line) -> tuple[StackSettings, Config]:
    stack = session.stack_id()
    # Only to be told, in the words that callers look for, when there is no such stack.
    session.backend.read(stack)
    settings = session.settings(stack, line.text("config-file"))
    return settings, session.config(stack, settings)


def show(session: Session, line: Line) -> int:
    """All values of the stack; secrets are masked unless asked for."""
    _, config = _open(session, line)
    values = config.effective(session.stack_id().name, check=False, decrypt=line.on("show-secrets"))
    if line.on("json"):
        session.out(json.dumps(shown(values, show_secrets=line.on("show-secrets")), indent=2, ensure_ascii=False))
        return 0
    prefix = f"{session.project.name}:"
    rows = {key.removeprefix(prefix): item for key, item in values.items()}
    width = max([len("KEY"), *(len(key) for key in rows)])
    session.out(f"{'KEY':<{width}}  VALUE")
    for key, item in rows.items():
        hidden = item.secret and not line.on("show-secrets")
        session.out(f"{key:<{width}}  {'[secret]' if hidden else item.value}")
    return 0


def get(session: Session, line: Line) -> int:
    """One value, decrypted."""
    _, config = _open(session, line)
    found = config.get(line.words[0], path=line.on("path"))
    if found is None and not line.on("path"):
        found = config.effective(session.stack_id().name, check=False, decrypt=False).get(config.key(line.words[0]))
    if found is None:
        raise UsageError(f"configuration key '{line.words[0]}' not found for stack '{session.stack_id().name}'")
    if line.on("json"):
        session.out(json.dumps(shown_value(found, show_secrets=True), indent=2, ensure_ascii=False))
    else:
        session.out(found.value)
    return 0


def put(session: Session, line: Line) -> int:
    """Set one value; without VALUE it is read from standard input."""
    settings, config = _open(session, line)
    if line.on("secret") and line.on("plaintext"):
        raise UsageError("--secret and --plaintext contradict each other; give one of them")
    value = line.words[1] if len(line.words) > 1 else _asked_for(session, secret=line.on("secret"))
    config.set(line.words[0], value, secret=line.on("secret"), path=line.on("path"), type=line.text("type"))
    settings.save()
    return 0


def _asked_for(session: Session, *, secret: bool) -> str:
    """A value that is not on the command line: piped in, or typed by the person at the terminal."""
    if session.terminal is None:
        return session.read_input().removesuffix("\n").removesuffix("\r")
    if secret:
        from getpass import getpass

        return getpass("value: ")
    return input("value: ")


def copy(session: Session, line: Line) -> int:
    """Put config of the stack into another stack; its secrets are encrypted anew."""
    settings, config = _open(session, line)
    if not line.text("dest"):
        raise UsageError("name the stack to copy to", hint="pulumi config cp [KEY] --dest STACK")
    target = session.stack_id(line.text("dest"))
    if target == session.stack_id():
        raise UsageError("current stack and destination stack are the same")
    copy_config(session, config, target, line.words[0] if line.words else "", path=line.on("path"))
    settings.save()
    return 0


def copy_config(session: Session, config: Config, target: StackId, key: str = "", *, path: bool = False) -> None:
    """Copy config into a stack that is there; UsageError for a key that is not set."""
    session.backend.read(target)
    held = session.settings(target)
    if not config.copy(session.config(target, held), key, path=path) and key:
        raise UsageError(f"configuration key '{key}' not found for stack '{session.stack_id().name}'")
    held.save()


def put_all(session: Session, line: Line) -> int:
    """Set several values at once; nothing is written when one of them makes no sense."""
    settings, config = _open(session, line)
    for secret, flag in ((False, "plaintext"), (True, "secret")):
        for pair in line.list(flag):
            key, separator, value = pair.partition("=")
            if not separator:
                raise UsageError(f"config value '{key}' must be in the form [key]=[value]")
            config.set(key, value, secret=secret, path=line.on("path"))
    if line.text("json"):
        _put_json(config, line.text("json"))
    settings.save()
    return 0


def _put_json(config: Config, text: str) -> None:
    try:
        tree = json.loads(text)
    except ValueError as exc:
        raise UsageError(f"--json is no valid JSON: {exc}") from exc
    if not isinstance(tree, Mapping) or not all(isinstance(item, Mapping) for item in tree.values()):
        raise UsageError('--json is a map like {"ns:key": {"value": "x", "secret": false}}')
    for key, item in tree.items():
        _put_one(config, key, item)


def _put_one(config: Config, key: str, item: Mapping[str, Any]) -> None:
    secret = bool(item.get("secret"))
    if "objectValue" in item and not secret:
        config.set_structure(key, item["objectValue"])
    elif "value" in item:
        config.set(key, str(item["value"]), secret=secret)
    else:
        raise UsageError(f"--json gives no value for '{key}'")


def remove(session: Session, line: Line) -> int:
    """Drop values."""
    settings, config = _open(session, line)
    for key in line.words:
        config.remove(key, path=line.on("path"))
    settings.save()
    return 0


def refresh(session: Session, line: Line) -> int:
    """Bring the settings file to the config of the last update."""
    stack = session.stack_id()
    entries = session.backend.history(stack)
    if not entries:
        raise UsageError(f"no configuration exists for stack '{stack.name}': it was never updated")
    settings = session.settings(stack, line.text("config-file"))
    recorded = dict(entries[0].get("config") or {})
    if settings.config and settings.config != recorded and not line.on("force"):
        raise UsageError(f"{settings.path} was changed since the last update", hint="--force overwrites it")
    settings.config = recorded
    if not settings.salt:
        settings.salt = session.secrets(stack, settings, session.state_salt(stack)).state["salt"]
    settings.save()
    return 0


_FILE: Final[Mapping[str, Kind]] = {"config-file": TEXT}
_PATH: Final[Mapping[str, Kind]] = {**_FILE, "path": SWITCH}
COMMANDS: Final = (
    Command(
        path=("config",),
        summary="Show a stack's config",
        run=show,
        flags={**_FILE, "json": SWITCH, "show-secrets": SWITCH, "open": SWITCH},
    ),
    Command(
        path=("config", "get"),
        summary="Show one config value",
        run=get,
        flags={**_PATH, "json": SWITCH, "open": SWITCH},
        arguments=("KEY",),
    ),
    Command(
        path=("config", "set"),
        summary="Set a config value",
        run=put,
        flags={**_PATH, "secret": SWITCH, "plaintext": SWITCH, "type": TEXT},
        arguments=("KEY", "[VALUE]"),
    ),
    Command(
        path=("config", "set-all"),
        summary="Set several config values",
        run=put_all,
        flags={**_PATH, "secret": LIST, "plaintext": LIST, "json": TEXT},
    ),
    Command(
        path=("config", "cp"),
        summary="Copy config to another stack",
        run=copy,
        flags={**_PATH, "dest": TEXT},
        short={"d": "dest"},
        arguments=("[KEY]",),
    ),
    Command(path=("config", "rm"), summary="Remove a config value", run=remove, flags=_PATH, arguments=("KEY",)),
    Command(
        path=("config", "rm-all"),
        summary="Remove several config values",
        run=remove,
        flags=_PATH,
        arguments=("KEY", "[KEYS...]"),
    ),
    Command(
        path=("config", "refresh"),
        summary="Bring the config back to that of the last update",
        run=refresh,
        flags={**_FILE, "force": SWITCH},
    ),
)
