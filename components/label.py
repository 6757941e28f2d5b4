"""DNS labels: what names of apps, instances, orgs and spaces must be."""

from __future__ import annotations

import re

from components.errors import BadSpec

_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_LONGEST = 63


def check_label(what: str, name: str) -> None:
    """BadSpec unless the name is a DNS label that starts with a letter."""
    if len(name) > _LONGEST or not _LABEL.fullmatch(name):
        raise BadSpec(
            f"{what} '{name}' is no DNS label; use at most {_LONGEST} lower-case letters, digits and dashes, "
            "starting with a letter and not ending with a dash"
        )
