"""Nonsense on command lines and in settings files gives one clear line and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.command.table import commands

_QUIET = [HealthCheck.function_scoped_fixture]
_WORDS = st.sampled_from(
    [
        *{word for path in commands() for word in path},
        *{f"--{flag}" for command in commands().values() for flag in command.flags},
        *("--stack", "dev", "--", "-", "-x", "--=", "=", "a.b[0]", "[", "a:b:c", "", "\0", "ü", "../x", "--path"),
    ]
)
_CHANGING = (
    "login",
    "logout",
    "destroy",
    "up",
    "rm",
    "rename",
    "init",
    "set",
    "import",
    "move",
    "repair",
    "select",
    "unselect",
)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _is_one_clear_line(text: str) -> bool:
    lines = text.splitlines()
    return (
        len(lines) in (1, 2) and lines[0].startswith("error: ") and all(line.startswith("hint: ") for line in lines[1:])
    )


@given(st.lists(_WORDS, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=_QUIET)
def test_any_command_line_is_understood_or_refused_in_one_line(pulumi, argv):
    if any(word in _CHANGING for word in argv):
        return
    code = pulumi(*argv)
    assert "internal error" not in pulumi.complaint, argv
    assert "Traceback" not in pulumi.text + pulumi.complaint
    if code != 0:
        assert _is_one_clear_line(pulumi.complaint), (argv, pulumi.complaint)


_YAML = st.recursive(
    st.sampled_from(
        [
            "1",
            "x",
            "null",
            "'",
            "[",
            "{",
            "- a",
            "secure: v1:x:y",
            "&a *a",
            "!!python/object:os.system x",
            "\t",
            "1e400",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.tuples(st.sampled_from(["config", "encryptionsalt", "a", "shop:a", "secure", "secretsprovider"]), inner).map(
            lambda pair: f"{pair[0]}: {pair[1]}"
        ),
        st.lists(inner, max_size=3).map("\n".join),
    ),
    max_leaves=6,
)


@given(_YAML)
@settings(max_examples=100, deadline=None, suppress_health_check=_QUIET)
def test_any_settings_file_is_read_or_refused_in_one_line(dev, text):
    path = dev.directory / "Pulumi.dev.yaml"
    path.write_text(text)
    for argv in (("config",), ("config", "get", "a"), ("config", "--json", "--show-secrets")):
        code = dev(*argv)
        assert "internal error" not in dev.complaint, (text, argv)
        if code != 0:
            assert dev.complaint.startswith("error: "), (text, dev.complaint)
        assert path.read_text() == text


@given(_YAML)
@settings(max_examples=60, deadline=None, suppress_health_check=_QUIET)
def test_any_project_file_is_read_or_refused_in_one_line(dev, text):
    (dev.directory / "Pulumi.yaml").write_text(
        f"name: shop\nruntime: python\nconfig:\n  k:\n    {text.splitlines()[0] if text else ''}\n"
    )
    before = _files(dev.directory.parent)
    dev("preview")
    assert "internal error" not in dev.complaint, text
    assert _files(dev.directory.parent) == before


@pytest.mark.parametrize(
    "argv",
    [
        ("config", "set", "a:b:c", "x"),
        ("config", "set", "a[", "x", "--path"),
        ("config", "set", "a", "x", "--type", "int"),
        ("config", "set", "a", "x", "--secret", "--plaintext"),
        ("config", "set-all", "--plaintext", "a=1", "--plaintext", "b"),
        ("config", "set-all", "--json", "{"),
        ("config", "rm", "a[", "--path"),
        ("config", "cp", "--dest", "dev"),
        ("config", "cp", "nope", "--dest", "qa"),
        ("up", "--yes", "--config", "=x"),
        ("up", "--yes", "--parallel", "many"),
        ("stack", "init", "a b"),
        ("stack", "init", "qa", "--copy-config-from", "nope"),
        ("stack", "ls", "--organization", "acme"),
        ("preview", "--event-log", "http://x"),
        ("login", "https://api.pulumi.com"),
    ],
)
def test_what_makes_no_sense_writes_nothing(dev, tmp_path, argv):
    before = _files(tmp_path)
    assert dev(*argv) != 0, dev.text
    assert _is_one_clear_line(dev.complaint), dev.complaint
    assert _files(tmp_path) == before
