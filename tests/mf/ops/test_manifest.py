"""`mf.yaml`: what it may say, and how it says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.ops import manifest
from mf.ops.manifest import ManifestError

FILE = Path("/somewhere/mf.yaml")


def test_a_file_can_be_one_app() -> None:
    (app,) = manifest.parse("name: web\nmemory: 256M\ncpu: 0.5\ninstances: 2\n", FILE)
    assert (app.name, app.memory, app.cpu, app.instances) == ("web", "256Mi", "500m", 2)


def test_a_file_can_list_applications_as_cloud_foundry_does() -> None:
    text = "applications:\n- name: web\n  routes:\n  - route: a.example.com/x\n- name: worker\n  no-route: true\n"
    web, worker = manifest.parse(text, FILE)
    assert web.routes == ("a.example.com/x",)
    assert (worker.name, worker.no_route) == ("worker", True)


def test_the_path_is_relative_to_the_file() -> None:
    (app,) = manifest.parse("name: web\npath: site\n", FILE)
    assert app.path == Path("/somewhere/site")


def test_environment_values_become_text() -> None:
    (app,) = manifest.parse("name: web\nenv: {DEBUG: true, LEVEL: 3, NAME: x}\n", FILE)
    assert app.env == {"DEBUG": "true", "LEVEL": "3", "NAME": "x"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: web\nmemroy: 1G\n", "mf.yaml line 2: unknown key 'memroy'; an app knows: build, command,"),
        ("applications:\n- name: web\n  memory: 1G\n- name: b\n  foo: 1\n", "mf.yaml line 5: unknown key 'foo'"),
        ("name: web\nmemory: lots\n", "mf.yaml line 2: memory: 'lots' is no amount of memory"),
        ("name: web\ninstances: 501\n", "mf.yaml line 2: instances: input should be less than or equal to 500"),
        ("name: web\ninstances: many\n", "mf.yaml line 2: instances: input should be a valid integer"),
        ("name: web\nenv:\n  A: [1]\n", "mf.yaml line 3: env.A:"),
        ("name: web\nhealth-check-http-endpoint: healthz\n", "mf.yaml line 2: health-check-http-endpoint:"),
        ("name: 'web\n", "mf.yaml line 2 is not YAML"),
        ("- name: a\n- name: b\n", "mf.yaml is a list; put its apps below a line `applications:`"),
        ("just text\n", "must be a mapping with `name:` or `applications:`, not text"),
        ("name: a\nmemory: 1G\nname: b\n", "mf.yaml line 3: 'name' is there twice, first in line 1"),
        ("name: a\nenv:\n  A: 1\n  B: 1\n  A: 2\n", "mf.yaml line 5: 'A' is there twice, first in line 3"),
        ("applications:\n- name: a\n  port: 1\n  port: 2\n", "mf.yaml line 4: 'port' is there twice"),
        ("", "not nothing"),
        ("applications: []\n", "must be a list with at least one app"),
        ("applications:\n- name: a\nservices: [b]\n", "mf.yaml line 3: unknown key 'services' beside `applications:`"),
        ("name: web\npath: /etc\n", "mf.yaml line 2: path '/etc' leaves the manifest's folder"),
        ("name: web\npath: ../other\n", "mf.yaml line 2: path '../other' leaves the manifest's folder"),
        ("name: web\npath: site/../..\n", "mf.yaml line 2: path 'site/../..' leaves the manifest's folder"),
        ("applications:\n- web\n", "mf.yaml line 2: an app must be a mapping, not text"),
    ],
)
def test_a_wrong_manifest_is_explained_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ManifestError) as caught:
        manifest.parse(text, FILE)
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_the_only_app_takes_the_name_on_the_command_line() -> None:
    apps = manifest.parse("name: web\nmemory: 1G\n", FILE)
    assert manifest.choose(apps, "other", FILE).memory == "1Gi"


def test_one_of_several_apps_has_to_be_named() -> None:
    apps = manifest.parse("applications:\n- name: a\n- name: b\n", FILE)
    assert manifest.choose(apps, "b", FILE).name == "b"
    with pytest.raises(ManifestError, match=r"2 apps; name one of: a, b"):
        manifest.choose(apps, None, FILE)
    with pytest.raises(ManifestError, match=r"no app 'c'; it has: a, b"):
        manifest.choose(apps, "c", FILE)


def test_the_usual_names_are_found_in_order(tmp_path: Path) -> None:
    assert manifest.find(tmp_path) is None
    (tmp_path / "manifest.yml").touch()
    assert manifest.find(tmp_path) == tmp_path / "manifest.yml"
    (tmp_path / "mf.yaml").touch()
    assert manifest.find(tmp_path) == tmp_path / "mf.yaml"


def test_a_path_does_not_leave_the_folder_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "site").symlink_to(tmp_path)
    with pytest.raises(ManifestError, match="path 'site' leaves the manifest's folder"):
        manifest.parse("name: web\npath: site\n", tmp_path / "app" / "mf.yaml")
