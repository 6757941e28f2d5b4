"""Files that a command made, picked by globs: `*` stays in a folder, `**` crosses folders, `!` excludes."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

_PART = re.compile(r"\*\*|\*|\?|\{[^{}]*\}|\[[^\]]*\]|.", re.DOTALL)


def matching(root: Path, rules: Sequence[str]) -> list[str]:
    """Paths below `root`, relative and sorted, that the rules pick; a later rule overrules an earlier one."""
    compiled = [(not rule.startswith("!"), _pattern(rule.removeprefix("!"))) for rule in rules]
    return [name for name in _files(root) if _picked(name, compiled)]


def _files(root: Path) -> list[str]:
    found = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    return sorted(path.relative_to(root).as_posix() for path in found if path.is_file())


def _picked(name: str, rules: Sequence[tuple[bool, re.Pattern[str]]]) -> bool:
    picked = False
    for includes, pattern in rules:
        if pattern.fullmatch(name):
            picked = includes
    return picked


def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile("".join(_translate(part) for part in _PART.findall(glob.removeprefix("./"))))


def _translate(part: str) -> str:
    if part == "**":
        return ".*"
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 1 and part[0] == "{":
        return "(?:" + "|".join(map(re.escape, part[1:-1].split(","))) + ")"
    if len(part) > 1 and part[0] == "[":
        return "[" + part[1:-1].replace("!", "^", 1) + "]"
    return re.escape(part)
