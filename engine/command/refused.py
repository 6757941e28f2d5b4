"""Pulumi's commands that this engine has not, and what is right in their stead."""

from __future__ import annotations

from typing import Final

_SERVICE: Final = "it belongs to Pulumi's service, which this engine does not talk to"

REFUSED: Final = {
    "api": _SERVICE,
    "cloud": _SERVICE,
    "config env": "environments belong to Pulumi's service; set values with `pulumi config set`",
    "console": "there is no web console; `pulumi stack` and `pulumi stack history` show what there is",
    "convert": "it needs Pulumi's own program",
    "deployment": _SERVICE,
    "do": _SERVICE,
    "env": "environments belong to Pulumi's service; put values into the stack's config with `pulumi config set`",
    "esc": "environments belong to Pulumi's service; put values into the stack's config with `pulumi config set`",
    "events": "use --event-log FILE with up, preview, refresh or destroy",
    "gen-completion": "it needs Pulumi's own program",
    "import": "give the resource its id with the option `import_` in the program",
    "insights": _SERVICE,
    "logs": "read the logs where the resources run",
    "neo": _SERVICE,
    "new": "write Pulumi.yaml (name, runtime: python) and __main__.py, then `pulumi stack init NAME`",
    "org": "there is only the organization named 'organization'",
    "package": "SDKs are made by Pulumi's own program; install the provider's SDK with pip",
    "plugin run": "run the plugin's program itself",
    "policy": "packs are not published here; use them from their folder with --policy-pack DIR",
    "project": "`pulumi stack ls --all` lists the stacks of all projects",
    "query": "it is gone from Pulumi as well",
    "schema": "it needs Pulumi's own program",
    "stack webhook": _SERVICE,
    "stack schedule": _SERVICE,
    "stack drift": "`pulumi preview --refresh` or `pulumi refresh --preview-only` shows drift",
    "stack migrate": "`pulumi stack export` there and `pulumi stack import` here move a stack",
    "state edit": "`pulumi stack export --file F`, edit F, `pulumi stack import --file F`",
    "template": _SERVICE,
    "watch": "run `pulumi up` when something changed",
}
"""By words; a command stands for everything below it."""


def remedy(path: tuple[str, ...]) -> str | None:
    """What is right in the place of a command line that begins so; None when Pulumi has no such command either."""
    return next((REFUSED[" ".join(path[:end])] for end in (2, 1) if " ".join(path[:end]) in REFUSED), None)
