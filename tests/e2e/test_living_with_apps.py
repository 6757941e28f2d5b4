"""What people do with an app that runs: look, scale, restart, set, route, read its log, go inside, delete."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Platform, until

pytestmark = pytest.mark.e2e

APP = "microfoundry.dev/app=web"
EVERYTHING = (
    ("v1", "Pod"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
)


@pytest.fixture(scope="module")
def web(platform: Platform, teller: Path) -> Platform:
    """The app `web`, which tells what it is and does what it is told."""
    platform.mf("push", "web", "-p", str(teller))
    return platform


def app(platform: Platform) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(platform.mf("app", "web", "--json").out)
    return found


def pods(platform: Platform) -> set[str]:
    """Names of the instances that are not on their way out."""
    return {item["pod"] for item in app(platform)["instances"] if item["state"] != "stopping"}


def answering(platform: Platform) -> set[str]:
    """Who answers twenty requests."""
    return {platform.get("web", "/id")[1] for _ in range(20)}


def test_apps_and_app_tell_what_runs_and_where(web: Platform) -> None:
    (row,) = [line.split() for line in web.mf("apps").out.splitlines() if line.startswith("web")]
    assert row[1:3] == ["running", "1/1"]
    (listed,) = json.loads(web.mf("apps", "--json").out)
    shown = app(web)
    assert listed == {key: shown[key] for key in listed}
    assert shown["urls"] == [f"http://web.{web.space}.apps.localhost"]
    assert [item["state"] for item in shown["instances"]] == ["running"]
    text = web.mf("app", "web").out
    assert shown["urls"][0] in text and "source: gateway request log" in text


def test_an_app_that_is_not_there_is_one_line_for_every_command(web: Platform) -> None:
    commands = ("app", "logs", "events", "restart", "env", "scale", "exec", "map-route", "unmap-route")
    for words in (*((name, "no-app") for name in commands), ("delete", "no-app", "-f"), ("set-env", "no-app", "A=1")):
        assert "no app named 'no-app'" in web.refused(*words), words


def test_recent_log_lines_are_shown_in_order(web: Platform) -> None:
    for word in ("one", "two", "three"):
        web.get("web", f"/say/{word}")
    until(lambda: "three" in web.mf("logs", "web", "--recent").out, seconds=5)
    said = [line.split()[-1] for line in web.mf("logs", "web", "--recent").out.splitlines()]
    assert said[-3:] == ["one", "two", "three"]


def test_a_followed_line_arrives_within_three_seconds(web: Platform) -> None:
    process = web.start("logs", "web", "-f", "-n", "1")
    heard: queue.Queue[str] = queue.Queue()
    ear = threading.Thread(target=_hear, args=(process, heard))
    ear.start()
    try:
        web.get("web", "/say/before")
        while "before" not in heard.get(timeout=15):
            pass
        begun = time.monotonic()
        web.get("web", "/say/news")
        while "news" not in heard.get(timeout=3):
            pass
        assert time.monotonic() - begun < 3
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 130
        finally:
            process.kill()
            ear.join()


def _hear(process: subprocess.Popen[str], heard: queue.Queue[str]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            heard.put(line)


def test_scaling_up_and_down_changes_who_answers(web: Platform) -> None:
    first = pods(web)
    web.mf("scale", "web", "-i", "2")
    both = pods(web)
    assert len(both) == 2 and first < both
    until(lambda: answering(web) == both, seconds=15)
    web.mf("scale", "web", "-i", "1")
    until(lambda: len(answering(web)) == 1, seconds=20)
    assert app(web)["wanted"] == 1


def test_a_restart_loses_no_request(web: Platform) -> None:
    before = pods(web)
    process = web.start("restart", "web")
    answers: list[tuple[int, str]] = []
    while len(answers) < 300 and (process.poll() is None or len(answers) < 150):
        answers.append(web.get("web", "/id"))
        time.sleep(0.03)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert [answer for answer in answers if answer[0] != 200] == []
    assert {name for _, name in answers} > before
    assert not before & pods(web)


def test_variables_are_seen_inside_after_the_pods_are_rolled_and_never_shown_unasked(web: Platform) -> None:
    before, value = pods(web), "a-value-nobody-should-see"
    assert value not in web.mf("set-env", "web", f"GREETING={value}").said
    until(lambda: web.get("web", "/env/GREETING") == (200, value), seconds=15)
    assert not before & pods(web)
    hidden = web.mf("env", "web")
    assert "GREETING" in hidden.out and value not in hidden.said
    assert json.loads(web.mf("env", "web", "--reveal", "--json").out)["user"] == {"GREETING": value}
    assert value not in web.mf("app", "web", "--json").said + web.mf("events", "web").said


def test_an_unset_variable_is_gone(web: Platform) -> None:
    web.mf("set-env", "web", "PASSING=by")
    until(lambda: web.get("web", "/env/PASSING") == (200, "by"), seconds=15)
    before = pods(web)
    web.mf("unset-env", "web", "PASSING")
    until(lambda: web.get("web", "/env/PASSING") == (200, ""), seconds=15)
    assert not before & pods(web)
    assert "no variable named 'PASSING'" in web.refused("unset-env", "web", "PASSING")


def test_the_same_value_again_rolls_nothing(web: Platform) -> None:
    web.mf("set-env", "web", "SAME=1")
    before = pods(web)
    assert "nothing to do" in web.mf("set-env", "web", "SAME=1").out
    assert pods(web) == before


def test_a_change_that_the_app_cannot_bear_is_explained_and_taken_back(web: Platform) -> None:
    failed = web.mf("set-env", "web", "REFUSE=1", ok=False)
    assert failed.code != 0
    assert "mf: web crashed with exit code 1: told to refuse" in failed.err
    assert "the version before keeps serving web" in failed.err
    assert web.get("web") == (200, "ok")
    assert "REFUSE" not in json.loads(web.mf("env", "web", "--json").out)["user"]
    until(lambda: app(web)["state"] == "running", seconds=20)


@pytest.mark.parametrize("name", ["PORT", "VCAP_SERVICES", "1ST", "WITH-DASH"])
def test_a_name_that_cannot_be_set_is_refused(web: Platform, name: str) -> None:
    assert name in web.refused("set-env", "web", f"{name}=1")


def test_a_mapped_route_answers_until_it_is_unmapped(web: Platform) -> None:
    assert web.get("shop")[0] == 404
    before = pods(web)
    web.mf("map-route", "web", "shop")
    until(lambda: web.get("shop") == (200, "ok"), seconds=10)
    urls = {line.split()[0]: line.split()[1] for line in web.mf("routes").out.splitlines()[1:]}
    assert urls[f"http://shop.{web.space}.apps.localhost"] == "web"
    assert "goes to web" in web.mf("map-route", "web", "shop").out  # again, which changes nothing
    web.mf("unmap-route", "web", "shop")
    until(lambda: web.get("shop")[0] == 404, seconds=10)
    assert web.get("web")[0] == 200
    assert "no route named" in web.refused("unmap-route", "web", "shop")
    assert pods(web) == before


def test_a_route_with_a_path_takes_only_what_is_below_it(web: Platform) -> None:
    web.mf("map-route", "web", "deep", "--path", "/say")
    until(lambda: web.get("deep", "/say/hello")[0] == 200, seconds=10)
    assert web.get("deep", "/id")[0] == 404
    web.mf("unmap-route", "web", "deep", "--path", "/say")


def test_events_tell_what_happened_to_the_app(web: Platform) -> None:
    events = json.loads(web.mf("events", "web", "--json", "-n", "500").out)
    assert {"ScalingReplicaSet", "Started"} <= {event["reason"] for event in events}
    assert events == sorted(events, key=lambda event: event["time"])
    assert "deployment/web" in web.mf("events", "web").out


def test_exec_runs_inside_and_ends_with_the_commands_own_code(web: Platform) -> None:
    assert web.mf("exec", "web", "--", "printenv", "CF_INSTANCE_NAME").out.strip() in pods(web)
    failed = web.mf("exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 7", ok=False)
    assert (failed.code, failed.out, failed.err) == (7, "out\n", "err\n")
    assert web.mf("exec", "web", "--", "cat", stdin="typed\n").out == "typed\n"
    assert web.mf("exec", "web", "--", "no-such-program", ok=False).code == 127
    assert web.mf("exec", "web", "--", "/etc/passwd", ok=False).code == 126
    assert web.mf("exec", "web", "--", "id", "-u").out == "1000\n"


def test_deleting_leaves_nothing_of_the_app(web: Platform) -> None:
    assert "say -f" in web.mf("delete", "web", ok=False).err
    web.mf("delete", "web", "-f")
    for api, kind in EVERYTHING:
        until(partial(no_objects, web, api, kind), seconds=30)
    assert web.objects("v1", "Secret", "") == []
    assert web.get("web")[0] == 404
    assert web.refused("delete", "web", "-f").startswith("no app named 'web'")


def no_objects(platform: Platform, api: str, kind: str) -> bool:
    return not platform.objects(api, kind, APP)
