"""What `--help` prints: verbs by topic, each with examples, its flags grouped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.command.flag_help import FLAGS, GROUPS
from engine.command.flags import EVERYWHERE, SHORT, Kind
from engine.command.table import Command, commands

_TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "Stack Management Commands": ("config", "stack", "import", "refresh", "state", "install"),
    "Deployment Commands": ("up", "destroy", "preview", "cancel"),
    "Access Commands": ("login", "logout", "whoami"),
    "Plugin Commands": ("plugin", "policy"),
    "Other Commands": (),
}

_EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "about": ("pulumi about --json",),
    "cancel": ("pulumi cancel dev --yes",),
    "config": ("pulumi config --stack dev", "pulumi config --json --show-secrets"),
    "config cp": ("pulumi config cp --dest prod", "pulumi config cp size --dest prod"),
    "config get": ("pulumi config get size", "pulumi config get --path 'names[0]'"),
    "config refresh": ("pulumi config refresh --force",),
    "config rm": ("pulumi config rm size", "pulumi config rm --path 'names[0]'"),
    "config rm-all": ("pulumi config rm-all size aws:region",),
    "config set": (
        "pulumi config set size small",
        "pulumi config set --secret password < password.txt",
        "pulumi config set --path 'names[0]' web",
    ),
    "config set-all": ("pulumi config set-all --plaintext size=small --secret password=s3cret",),
    "destroy": ("pulumi destroy --yes", "pulumi destroy --yes --remove", "pulumi destroy --preview-only"),
    "help": ("pulumi help",),
    "install": ("pulumi install",),
    "login": ("pulumi login file:///var/lib/pulumi", "pulumi login --local", "pulumi login kubernetes://pulumi"),
    "logout": ("pulumi logout",),
    "preview": ("pulumi preview --diff", "pulumi preview --json --stack dev"),
    "refresh": ("pulumi refresh --yes", "pulumi refresh --preview-only"),
    "stack": ("pulumi stack --stack dev", "pulumi stack --show-name"),
    "stack init": ("pulumi stack init dev", "pulumi stack init prod --copy-config-from dev"),
    "stack ls": ("pulumi stack ls --all", "pulumi stack ls --json"),
    "stack rm": ("pulumi stack rm dev --yes", "pulumi stack rm dev --force --preserve-config"),
    "stack select": ("pulumi stack select dev", "pulumi stack select dev --create"),
    "stack tag set": ("pulumi stack tag set team red",),
    "up": (
        "pulumi up",
        "pulumi up --yes --stack dev --message 'more memory'",
        "pulumi up --skip-preview --config size=large",
    ),
    "whoami": ("pulumi whoami", "pulumi whoami --verbose"),
}


def overview() -> str:
    """The verbs by topic."""
    return "\n".join(_overview())


def _overview() -> Iterator[str]:
    yield "Pulumi - Modern Infrastructure as Code"
    yield ""
    yield "Usage:"
    yield "  pulumi [command]"
    rows: dict[str, list[str]] = {topic: [] for topic in _TOPICS}
    for path, command in sorted(commands().items()):
        topic = next((name for name, verbs in _TOPICS.items() if path[0] in verbs), "Other Commands")
        rows[topic].append(f"  {' '.join(path):<22} {command.summary}")
    for topic, lines in rows.items():
        if lines:
            yield from ("", f"{topic}:", *lines)
    yield ""
    yield "Use `pulumi [command] --help` for more information about a command."


def page(command: Command) -> str:
    """All about one command."""
    return "\n".join(_page(command))


def _page(command: Command) -> Iterator[str]:
    yield f"{command.summary}."
    yield ""
    yield "Usage:"
    yield f"  pulumi {command.usage()} [flags]"
    examples = _EXAMPLES.get(" ".join(command.path), ())
    if examples:
        yield from ("", "Examples:", *(f"  {line}" for line in examples))
    own = dict(command.flags)
    refused = sorted(name for name, kind in own.items() if kind is Kind.REFUSED)
    shorts = {name: letter for letter, name in {**SHORT, **command.short}.items()}
    for group, names in _grouped(own.keys() - refused):
        yield from ("", f"{group}:", *(_row(name, own[name], shorts) for name in names))
    yield from ("", "Global Flags:", *(_row(name, EVERYWHERE[name], shorts) for name in sorted(EVERYWHERE)))
    if refused:
        yield from ("", "Refused by the embedded engine:", *(f"      --{name}" for name in refused))


def _grouped(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    left = set(names)
    for group, known in GROUPS.items():
        found = sorted(left & set(known))
        left -= set(found)
        if found:
            yield group, found
    if left:
        yield "Flags", sorted(left)


def _row(name: str, kind: Kind, shorts: Mapping[str, str]) -> str:
    letter = f"-{shorts[name]}, " if name in shorts else "    "
    value = {Kind.TEXT: " string", Kind.LIST: " stringArray"}.get(kind, "")
    return f"  {letter}--{name + value:<30} {FLAGS.get(name, '')}".rstrip()
