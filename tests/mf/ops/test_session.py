"""Which kubeconfig is used, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.errors import NoCluster, NoPlatform
from mf.ops import places, target
from mf.ops.session import Session
from tests.mf.fake_kube import FakeKube


def _file(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    return str(path)


def test_the_flag_wins_over_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", _file(tmp_path / "env"))
    flag = _file(tmp_path / "flag")
    assert Session(kubeconfig=flag).kubeconfig_path == flag


def test_the_order_is_environment_target_local_cluster_usual_file(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = _file(own_home / ".kube" / "config")
    assert Session().kubeconfig_path == usual
    local = _file(places.local_kubeconfig())
    assert Session().kubeconfig_path == local
    chosen = _file(tmp_path / "chosen")
    target.save(target.Target(kubeconfig=chosen))
    assert Session().kubeconfig_path == chosen
    named = _file(tmp_path / "env")
    monkeypatch.setenv("KUBECONFIG", named)
    assert Session().kubeconfig_path == named


def test_no_kubeconfig_at_all_points_to_mf_up() -> None:
    with pytest.raises(NoCluster) as caught:
        _ = Session().kubeconfig_path
    assert "mf up" in caught.value.hint


def test_a_kubeconfig_that_is_not_there_is_named() -> None:
    with pytest.raises(NoCluster, match="/nowhere/kubeconfig"):
        _ = Session(kubeconfig="/nowhere/kubeconfig").kubeconfig_path


def test_a_cluster_without_the_platform_says_how_to_put_it_there(tmp_path: Path) -> None:
    session = Session(kubeconfig=_file(tmp_path / "k"))
    session.__dict__["kube"] = FakeKube()
    with pytest.raises(NoPlatform) as caught:
        _ = session.settings
    assert FakeKube.host in caught.value.message
    assert caught.value.hint == f"put it there: mf up --kubeconfig {tmp_path / 'k'}"


def test_org_and_space_flags_win_over_the_stored_target() -> None:
    target.save(target.Target(org="shop", space="live"))
    assert Session().namespace == "mf-shop-live"
    assert Session(space="dev").namespace == "mf-shop-dev"


def test_the_target_file_is_private_and_survives_a_round_trip() -> None:
    wanted = target.Target(kubeconfig="/k", context="c", org="o", space="s")
    target.save(wanted)
    assert target.load() == wanted
    assert places.target_file().stat().st_mode & 0o777 == 0o600


def test_a_kubeconfig_of_another_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refused)
    with pytest.raises(NoCluster, match="may not be read by this user"):
        _ = Session(kubeconfig="/elsewhere/kubeconfig").kubeconfig_path
