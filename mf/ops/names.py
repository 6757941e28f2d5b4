"""Names people choose: checked before anything happens."""

from __future__ import annotations

import re

from mf.errors import UsageError

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MEMORY = re.compile(r"(\d+)\s*(k|m|g|t)?i?b?", re.IGNORECASE)
APP_LENGTH = 50
"""Room for the suffixes of objects made from the name within Kubernetes' 63 characters."""
MOST_INSTANCES = 500
"""Of one app."""


def check_label(what: str, name: str, *, longest: int = APP_LENGTH) -> str:
    """The name itself when it is a DNS label that starts with a letter; UsageError else."""
    if len(name) > longest:
        raise UsageError(f"{what} name '{name[:20]}…' has {len(name)} characters; at most {longest} are possible")
    if not _LABEL.fullmatch(name) or not name[0].isalpha():
        raise UsageError(
            f"'{name}' can't be the name of {_article(what)} {what}: use lower-case letters, digits and dashes, "
            "starting with a letter and not ending with a dash",
            hint=_suggestion(name, longest),
        )
    return name


def check_host(host: str) -> str:
    """The host itself when it is a DNS name; UsageError else."""
    if "*" in host:
        raise UsageError(f"'{host}' is a wildcard; a route is one whole host name", hint="map each host on its own")
    labels = host.split(".")
    if len(host) > 253 or any(len(label) > 63 for label in labels) or not _HOST.fullmatch(host):
        raise UsageError(
            f"'{host}' is no host name: use labels of lower-case letters, digits and dashes, split by dots"
        )
    return host


def check_variable(name: str) -> str:
    """The name itself when it can be an environment variable; UsageError else."""
    if not _VARIABLE.fullmatch(name):
        raise UsageError(f"'{name}' can't be an environment variable: use letters, digits and underscores")
    return name


def check_instances(app: str, count: int) -> int:
    """The number itself when an app can have so many instances; UsageError else."""
    if not 0 <= count <= MOST_INSTANCES:
        raise UsageError(f"{count} instances of {app}: say a number from 0 to {MOST_INSTANCES}")
    return count


def check_text(what: str, text: str) -> str:
    """The text itself when a process can be given it; UsageError when it holds a NUL character."""
    if "\0" in text:
        raise UsageError(f"{what} holds a NUL character, which no process can be given; remove it")
    return text


def memory_quantity(text: str) -> str:
    """`256M` as Kubernetes writes it (`256Mi`), as Cloud Foundry's units are powers of two."""
    match = _MEMORY.fullmatch(text.strip())
    if not match or not match.group(2) or int(match.group(1)) == 0:
        raise UsageError(f"'{text}' is no amount of memory; write it as 256M or 1G")
    return f"{int(match.group(1))}{match.group(2).upper().replace('K', 'k')}i".replace("ki", "Ki")


def _article(what: str) -> str:
    return "an" if what[0] in "aeiou" else "a"


def _suggestion(name: str, longest: int) -> str:
    tidy = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:longest].strip("-")
    tidy = tidy if not tidy or tidy[0].isalpha() else f"app-{tidy}"
    return f"for example: {tidy}" if tidy else ""
