"""This machine's ways to the package registries, lent to a build: read by its steps, never part of a layer.

Mirrors, proxies, certificates and tokens live in the package clients' own configuration. The files are mounted where
those clients look inside the build; a mount leaves an empty file in the image at most, and nothing passes through argv.
"""

from __future__ import annotations

import configparser
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CA_IN_BUILD = "/etc/ssl/certs/ca-certificates.crt"
_CA_FILES = (CA_IN_BUILD, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem")
_JAVA_STORE = "/etc/ssl/certs/java/cacerts"
_PIP_KEYS = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "retries", "no-index")
_GO_KEYS = ("GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOFLAGS", "GOVCS")
_NPM_LOCAL = re.compile(r"^(cafile|prefix|cache|nodedir|userconfig|globalconfig|script-shell|tmp)\s*=")
_LANGUAGES = {"python": ("pip",), "node": ("npm",), "go": ("go",), "java": ("maven",), "static": ()}
_EVERY = ("pip", "npm", "go", "maven")
_CACHES = {
    "pip": {"pip": "/root/.cache/pip"},
    "npm": {"npm": "/root/.npm/_cacache"},
    "go": {"go-mod": "/root/go/pkg/mod", "go-build": "/root/.cache/go-build"},
    "maven": {"maven": "/root/.m2/repository"},
}


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of this machine as a build sees it."""

    source: Path
    target: str
    writable: bool = False

    @property
    def volume(self) -> str:
        """As `--volume` wants it."""
        return f"{self.source}:{self.target}:{'rw' if self.writable else 'ro'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where this machine's clients keep their settings."""

    home: Path
    environ: Mapping[str, str]
    root: Path = Path("/")


def mounts(machine: Machine, language: str, *, folder: Path, caches: Path) -> tuple[Mount, ...]:
    """Write the settings into `folder` (private to its owner) and say what to mount where."""
    clients = _LANGUAGES.get(language, _EVERY)
    found = list(_certificates(machine))
    for client in clients:
        text = _WRITERS[client](machine)
        if text:
            file = folder / client
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8")
            found.append(Mount(file, _TARGETS[client]))
        for name, target in _CACHES[client].items():
            (caches / name).mkdir(parents=True, exist_ok=True)
            found.append(Mount(caches / name, target, writable=True))
    return tuple(found)


def _certificates(machine: Machine) -> tuple[Mount, ...]:
    named = machine.environ.get("SSL_CERT_FILE", "")
    candidates = [Path(named)] if named else [machine.root / name.lstrip("/") for name in _CA_FILES]
    bundle = next((path for path in candidates if path.is_file()), None)
    java = machine.root / _JAVA_STORE.lstrip("/")
    return (
        *((Mount(bundle.resolve(), CA_IN_BUILD),) if bundle else ()),
        *((Mount(java.resolve(), _JAVA_STORE),) if java.is_file() else ()),
    )


def _pip(machine: Machine) -> str:
    merged = configparser.RawConfigParser()
    merged.add_section("global")
    files = [
        machine.root / "etc/pip.conf",
        machine.home / ".pip/pip.conf",
        machine.home / ".config/pip/pip.conf",
        Path(machine.environ.get("PIP_CONFIG_FILE") or "/nonexistent"),
    ]
    theirs = configparser.RawConfigParser(strict=False)
    theirs.read([file for file in files if file.is_file()], encoding="utf-8")
    for key in _PIP_KEYS:
        value = machine.environ.get(f"PIP_{key.replace('-', '_').upper()}") or theirs.get("global", key, fallback="")
        if value:
            merged.set("global", key, value)
    merged.set("global", "cert", CA_IN_BUILD)
    merged.set("global", "disable-pip-version-check", "true")
    merged.set("global", "root-user-action", "ignore")
    merged.set("global", "progress-bar", "off")
    text = io.StringIO()
    merged.write(text)
    return text.getvalue()


def _npm(machine: Machine) -> str:
    files = (
        machine.root / "etc/npmrc",
        machine.home / ".npmrc",
        Path(machine.environ.get("NPM_CONFIG_USERCONFIG", "/nonexistent")),
    )
    lines = [line for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]
    for name, value in sorted(machine.environ.items()):
        if name.lower().startswith("npm_config_") and value:
            lines.append(f"{name[len('npm_config_') :].lower().replace('_', '-')}={value}")
    kept = [line for line in lines if line.strip() and not _NPM_LOCAL.match(line.strip())]
    return "\n".join([*kept, f"cafile={CA_IN_BUILD}", "update-notifier=false"]) + "\n"


def _go(machine: Machine) -> str:
    file = Path(machine.environ.get("GOENV") or machine.home / ".config/go/env")
    said = dict(
        line.split("=", 1)
        for line in (file.read_text(encoding="utf-8").splitlines() if file.is_file() else ())
        if "=" in line
    )
    values = {key: machine.environ.get(key) or said.get(key, "") for key in _GO_KEYS}
    return "".join(f"{key}={value}\n" for key, value in values.items() if value)


def _maven(machine: Machine) -> str:
    file = machine.home / ".m2/settings.xml"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


_WRITERS = {"pip": _pip, "npm": _npm, "go": _go, "maven": _maven}
_TARGETS = {
    "pip": "/etc/pip.conf",
    "npm": "/root/.npmrc",
    "go": "/root/.config/go/env",
    "maven": "/root/.m2/settings.xml",
}
