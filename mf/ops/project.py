"""The platform's Pulumi project: where its program is, and the passphrase that guards its state."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from mf.errors import Unavailable
from mf.ops import places

_NAME = re.compile(r"^name:\s*['\"]?microfoundry['\"]?\s*$", re.MULTILINE)
_SALT = re.compile(r"^encryptionsalt:.*\n?", re.MULTILINE)


def root(start: Path | None = None) -> Path:
    """The project's folder: here, a folder above, or where this package was installed from."""
    here = (start or Path.cwd()).resolve()
    installed = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, installed):
        file = folder / "Pulumi.yaml"
        if file.is_file() and _NAME.search(file.read_text(encoding="utf-8")):
            return folder
    raise Unavailable(
        f"no Pulumi project named microfoundry in {here}, above it, or beside the installed program",
        hint="run this inside a checkout of MicroFoundry",
    )


def backend_url() -> str:
    """Where platform stacks keep their state."""
    return os.environ.get("PULUMI_BACKEND_URL") or f"file://{places.state()}"


def passphrase_file() -> Path:
    """Holds the passphrase that was made here, when none is given."""
    return places.config() / "passphrase"


def passphrase_environment() -> dict[str, str]:
    """The person's own passphrase, or one that is made once and kept private."""
    given = {name: os.environ[name] for name in _PASSPHRASES if name in os.environ}
    if given:
        return given
    file = passphrase_file()
    if not file.is_file():
        places.write_private(file, secrets.token_urlsafe(32) + "\n")
    return {"PULUMI_CONFIG_PASSPHRASE": file.read_text(encoding="utf-8").strip()}


def state_environment() -> dict[str, str]:
    """What an engine needs to find the state and to read its secrets."""
    url = backend_url()
    if url.startswith("file://"):
        Path(url.removeprefix("file://")).expanduser().mkdir(parents=True, exist_ok=True, mode=0o700)
    return {"PULUMI_BACKEND_URL": url, **passphrase_environment()}


def environment() -> dict[str, str]:
    """The same for our own programs, for which we vouch: making their resources again finds what was made before."""
    return {**state_environment(), "MF_REPEATABLE_CREATES": "1"}


def settings_file(stack: str) -> Path:
    """The stack's own config file."""
    return root() / "stacks" / f"Pulumi.{stack}.yaml"


def forget_salt(stack: str) -> None:
    """Leave a stack's config as it was before its first update; what is empty then goes."""
    file = settings_file(stack)
    if not file.is_file():
        return
    text = file.read_text(encoding="utf-8")
    if "secure:" in text:
        return
    rest = _SALT.sub("", text)
    if rest.strip() in ("", "{}", "config: {}"):
        file.unlink()
    elif rest != text:
        file.write_text(rest, encoding="utf-8")


_PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
