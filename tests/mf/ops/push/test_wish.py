"""Flags over manifest, and what is refused before anything happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mf.errors import UsageError
from mf.ops.manifest import AppManifest
from mf.ops.push.wish import PushOptions, merge, variables, wish


def test_flags_win_over_the_manifest_and_environments_are_joined() -> None:
    below = AppManifest(name="web", memory="1Gi", instances=3, env={"A": "1", "B": "1"}, no_route=True)
    above = AppManifest(memory="2G", env={"B": "2"})
    merged = merge(below, above)
    assert (merged.name, merged.memory, merged.instances, merged.no_route) == ("web", "2G", 3, True)
    assert merged.env == {"A": "1", "B": "2"}


def test_no_instances_at_all_is_a_wish_as_well() -> None:
    assert merge(AppManifest(instances=3), AppManifest(instances=0)).instances == 0


def test_the_folder_s_manifest_names_app_and_source(tmp_path: Path) -> None:
    (tmp_path / "mf.yaml").write_text("name: web\npath: site\nmemory: 64M\n")
    wanted = wish(PushOptions(folder=None), here=tmp_path)
    assert (wanted.name, wanted.folder, wanted.app.memory) == ("web", tmp_path / "site", "64Mi")


@pytest.mark.parametrize(
    ("options", "source"),
    [
        pytest.param({}, "app/site", id="the manifest's path counts from the manifest"),
        pytest.param({"folder": "app"}, "app/site", id="also where -p names the manifest's folder"),
        pytest.param({"manifest_file": "app/mf.yaml"}, "app/site", id="or -f the manifest"),
        pytest.param({"manifest_file": "app/mf.yaml", "folder": "other"}, "other", id="-p wins over -f's path"),
    ],
)
def test_where_the_source_is(tmp_path: Path, options: dict[str, str], source: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "mf.yaml").write_text("name: web\npath: site\n")
    given: dict[str, Any] = {key: tmp_path / value for key, value in options.items()}
    assert wish(PushOptions(**given), here=tmp_path / "app").folder == tmp_path / source


def test_a_name_on_the_command_line_goes_before_the_manifest_s(tmp_path: Path) -> None:
    (tmp_path / "mf.yaml").write_text("name: web\n")
    assert wish(PushOptions(name="blue"), here=tmp_path).name == "blue"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (PushOptions(), "which app?"),
        (PushOptions(name="Web_App"), "'Web_App' can't be the name of an app"),
        (PushOptions(name="web", flags=AppManifest(memory="much")), "'much' is no amount of memory"),
        (PushOptions(name="web", flags=AppManifest(cpu="all")), "'all' is no amount of cpu"),
        (
            PushOptions(name="web", flags=AppManifest(instances=501)),
            "501 instances of the app: say a number from 0 to 500",
        ),
        (PushOptions(name="web", flags=AppManifest(instances=-1)), "-1 instances of the app"),
        (PushOptions(name="web", flags=AppManifest(command="a\0b")), "the start command holds a NUL character"),
        (PushOptions(name="web", flags=AppManifest(env={"A": "\0"})), "variable A holds a NUL character"),
        (PushOptions(name="web", flags=AppManifest(env={"A-B": "1"})), "'A-B' can't be an environment variable"),
    ],
)
def test_wrong_wishes_are_refused_without_a_cluster(tmp_path: Path, options: PushOptions, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        wish(options, here=tmp_path)
    assert said in caught.value.message


def test_variables_may_hold_equal_signs() -> None:
    assert variables(("A=b=c", "E=")) == {"A": "b=c", "E": ""}
    with pytest.raises(UsageError, match="'A' says no value"):
        variables(("A",))


@pytest.mark.parametrize("image", ["", "bad image!!", "-x", "a\nb"])
def test_an_image_that_is_no_name_is_refused_and_never_means_the_folder(image: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be the name of an image"):
        wish(PushOptions(name="web", flags=AppManifest(image=image)), here=tmp_path)


def test_an_image_by_digest_is_a_name(tmp_path: Path) -> None:
    image = "127.0.0.1:30500/team/web:1.4@sha256:" + "0" * 64
    assert wish(PushOptions(name="web", flags=AppManifest(image=image)), here=tmp_path).app.image == image
