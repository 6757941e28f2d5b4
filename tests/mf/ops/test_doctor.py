"""What is missing here, what it means, and the command that fixes it."""

from __future__ import annotations

import os
import shutil
import socket
from types import SimpleNamespace

import pytest

from mf.ops import doctor
from mf.ops.session import Session
from tests.mf import samples


def _check(found: doctor.Diagnosis, name: str) -> doctor.Check:
    return next(check for check in found.checks if check.name == name)


def test_without_root_and_without_a_cluster_it_says_what_needs_root_and_what_does_not(monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = doctor.diagnose(Session())
    root = _check(found, "root")
    assert (root.state, root.needed_for) == ("missing", doctor.MAKING)
    assert "apps and services (mf push --image REF) do not" in root.detail
    assert "sudo mf up" in root.fix
    assert not found.can_make_cluster
    assert _check(found, "cluster").fix == "make one on this machine: mf up"


def test_with_a_platform_everything_can_be_used(monkeypatch) -> None:
    monkeypatch.setattr(Session, "kubeconfig_path", "/k")
    found = doctor.diagnose(samples.session_with())
    assert found.can_use_cluster
    assert _check(found, "platform").detail == "apps at http://APP.SPACE.apps.localhost"


def test_too_little_disk_is_said_with_the_amount_that_is_needed(monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * doctor.GIB))
    disk = _check(doctor.diagnose(Session()), "free disk")
    assert disk.state == "missing"
    assert disk.detail.startswith("3 GiB; at least 20 GiB are needed at ")


def test_a_taken_port_is_found_and_port_80_has_a_way_out(monkeypatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(doctor, "PORTS", {taken: "the API server"})
        port = _check(doctor.diagnose(Session()), f"port {taken}")
    assert (port.state, port.needed_for) == ("missing", doctor.MAKING)
    assert "ss -ltnp" in port.fix


def test_a_taken_port_80_hinders_nothing(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_is_free", lambda number: number != 80)
    assert _check(doctor.diagnose(Session()), "port 80").state == "note"


@pytest.mark.parametrize(("host", "reported"), [("127.0.0.1", False), ("192.0.2.1", True)])
def test_ports_that_our_own_platform_has_taken_here_are_not_reported(host: str, reported: bool, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_is_free", lambda _: False)
    session = samples.session_with()
    monkeypatch.setattr(session.kube, "host", f"https://{host}:6443")
    names = {check.name for check in doctor.diagnose(session).checks}
    assert ("port 30500" in names) is reported


def test_a_cluster_here_without_our_platform_has_its_ports_reported(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_is_free", lambda _: False)
    session = samples.session_with()
    kube = samples.kube_of(session)
    monkeypatch.setattr(kube, "host", "https://127.0.0.1:6443")
    kube.delete("v1", "ConfigMap", "platform", namespace="microfoundry-system")
    assert _check(doctor.diagnose(session), "port 6443").state == "missing"


@pytest.mark.parametrize("check", ["missing", "note"])
def test_whatever_is_not_right_comes_with_a_command(check: str, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(doctor, "_is_free", lambda _: False)
    found = [item for item in doctor.diagnose(Session()).checks if item.state == check]
    assert found
    assert all(item.fix for item in found)
