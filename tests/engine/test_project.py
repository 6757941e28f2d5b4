"""Projects on disk."""

from __future__ import annotations

import pytest

from engine.errors import UsageError
from engine.project import load_project


def test_the_nearest_project_file_above_counts(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime:\n  name: python\n  options: {virtualenv: .venv}\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    project = load_project(tmp_path / "a" / "b")
    assert (project.name, project.root, project.runtime) == ("shop", tmp_path, "python")
    assert project.runtime_options == {"virtualenv": ".venv"}


def test_settings_lie_in_the_folder_that_the_project_names(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    project = load_project(tmp_path)
    assert project.settings_file("dev") == tmp_path / "stacks" / "Pulumi.dev.yaml"


def test_a_project_as_json_is_read(tmp_path):
    (tmp_path / "Pulumi.json").write_text('{"name": "shop", "runtime": "python", "backend": {"url": "file://x"}}')
    assert load_project(tmp_path).backend_url == "file://x"


@pytest.mark.parametrize(
    ("text", "words"), [("runtime: python", "no 'name'"), ("name: x", "no 'runtime'"), ("", "empty"), ("a: [", "read")]
)
def test_an_incomplete_project_says_what_it_lacks(tmp_path, text, words):
    (tmp_path / "Pulumi.yaml").write_text(text)
    with pytest.raises(UsageError, match=words):
        load_project(tmp_path)


def test_without_a_project_the_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no Pulumi.yaml project file found"):
        load_project(tmp_path)
