"""A silenced rule names itself and its reason; nothing is left to be done later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import TREES, module_name, python_files

SILENCE = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)")
REASONED = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z-]+(,\s*[a-z-]+)*\]).*\S{3,}")
LATER = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|XX" + r"X)\b")


@pytest.mark.parametrize("path", python_files(*TREES), ids=module_name)
def test_every_silenced_rule_is_named_with_a_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = SILENCE.search(line)
        if match and '"' not in match.group("rest"):
            rest = match.group("rest")
            assert REASONED.match(rest) and re.search(r"[\])\d]\s+\S+", rest), f"{module_name(path)}:{number}: {line}"


@pytest.mark.parametrize("path", python_files(*TREES), ids=module_name)
def test_no_work_is_left_as_a_remark(path: Path) -> None:
    assert not LATER.search(path.read_text(encoding="utf-8")), f"{module_name(path)} leaves work as a remark"
