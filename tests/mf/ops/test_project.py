"""The platform's project: found from anywhere inside it, and left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.ops import project

ROOT = Path(project.__file__).resolve().parents[2]


def _project(folder: Path, name: str) -> Path:
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
    return folder


def test_the_nearest_project_of_that_name_above_is_used(tmp_path: Path) -> None:
    folder = _project(tmp_path / "checkout", "microfoundry")
    inside = folder / "a" / "b"
    inside.mkdir(parents=True)
    assert project.root(inside) == folder


def test_other_pulumi_projects_on_the_way_are_passed_over(tmp_path: Path) -> None:
    assert project.root(_project(tmp_path / "other", "website")) == ROOT


def test_a_passphrase_is_made_once_and_kept_private() -> None:
    first = project.passphrase_environment()
    assert project.passphrase_environment() == first
    assert project.passphrase_file().stat().st_mode & 0o777 == 0o600


def test_a_passphrase_of_ones_own_wins_and_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "mine")
    assert project.passphrase_environment() == {"PULUMI_CONFIG_PASSPHRASE": "mine"}
    assert not project.passphrase_file().exists()


def test_a_backend_of_ones_own_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    assert project.environment()["PULUMI_BACKEND_URL"] == "s3://bucket"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("encryptionsalt: v1:abc=\n", None),
        ("encryptionsalt: v1:abc=\nconfig: {}\n", None),
        ("config:\n  a:b: c\nencryptionsalt: v1:abc=\n", "config:\n  a:b: c\n"),
        ("config:\n  a:b:\n    secure: v1:x\nencryptionsalt: v1:abc=\n", "same"),
        ("config:\n  a:b: c\n", "same"),
    ],
)
def test_the_salt_is_forgotten_unless_something_needs_it(
    before: str, after: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_project(tmp_path / "checkout", "microfoundry"))
    file = project.settings_file("local")
    file.write_text(before, encoding="utf-8")
    project.forget_salt("local")
    left = file.read_text(encoding="utf-8") if file.exists() else None
    assert left == (before if after == "same" else after)
