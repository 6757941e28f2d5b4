"""What people read: tables, refusals and JSON, command by command."""

from __future__ import annotations

import json

import pytest

from tests.mf import samples

CLUSTER = [
    samples.app("web", instances=2, ready=1, bindings=("my-db",)),
    samples.app("api"),
    samples.pod("web-1-aaaaa"),
    samples.instance("my-db"),
    samples.binding("web"),
    samples.secret("web-env", TOKEN="hunter2"),
    samples.space("default", "dev"),
    samples.space("default", "live"),
    samples.route("web", "web.dev.apps.localhost/"),
]


def test_apps_is_a_table_with_aligned_columns(mf) -> None:
    ran = mf("apps", cluster=CLUSTER)
    assert ran.code == 0
    assert ran.out == (
        "name   state      instances   memory   routes\n"
        "api    running    1/1         512M     http://api.dev.apps.localhost\n"
        "web    degraded   1/2         512M     http://web.dev.apps.localhost\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["apps"], 0, "No apps in space default/dev. Push one: mf push NAME"),
        (["services"], 0, "No services in this space. What there is: mf marketplace"),
        (["routes"], 0, "No routes in this space"),
        (["events"], 0, "Nothing happened in this space lately."),
        (["app", "web"], 3, "no app named 'web' in space default/dev"),
        (["service", "db"], 3, "no service named 'db' in space default/dev"),
        (["target", "-s", "nope"], 3, "no org named 'default'"),
    ],
)
def test_an_empty_space_says_what_to_do_next(arguments: list[str], code: int, text: str, mf) -> None:
    ran = mf(*arguments, cluster=[])
    assert ran.code == code
    assert text in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["app", "wep"], 3, "no app named 'wep' in space default/dev; there are: api, web"),
        (["apps", "-s", "nosuch"], 3, "no space named 'nosuch' in org default; there are: dev, live"),
        (["events", "-s", "nosuch"], 3, "no space named 'nosuch'"),
        (["push", "web", "-s", "nosuch", "--image", "x"], 3, "make it: mf create-space nosuch"),
        (["map-route", "web", "x.live.apps.localhost"], 4, "is below the domain of space default/live"),
        (["map-route", "web", "*.example.com"], 2, "is a wildcard"),
        (["map-route", "api", "web"], 4, "mf unmap-route web web.dev.apps.localhost"),
        (["push", "web", "--image", "x", "-i", "501"], 2, "say a number from 0 to 500"),
        (["app", "Web"], 2, "'Web' can't be the name of an app"),
        (["scale", "web", "-i", "-1"], 2, "say a number from 0 to 500"),
        (["scale", "web", "-m", "lots"], 2, "'lots' is no amount of memory; write it as 256M or 1G"),
        (["set-env", "web", "PORT=1"], 2, "PORT is set by the platform"),
        (["set-env", "web", "nonsense"], 2, "'nonsense' is no assignment; write NAME=VALUE"),
        (["unset-env", "web", "NOPE"], 3, "there is: TOKEN"),
        (["unbind-service", "api", "my-db"], 4, "app api is not bound to my-db; it is bound to: nothing"),
        (["delete-service", "my-db"], 4, "service my-db is bound to web"),
        (["create-service", "postgresql", "huge", "x"], 3, "postgresql has no plan 'huge'; choose one of: small"),
        (["create-service", "oracle", "small", "x"], 3, "no service 'oracle'"),
        (["create-service", "postgresql", "small", "x", "-c", "["], 2, "-c is no JSON"),
        (["delete", "web"], 2, "nobody is here to ask"),
        (["map-route", "api", "web"], 4, "web.dev.apps.localhost/ goes to app web"),
        (["target", "-s", "nope"], 3, "there are: dev, live"),
        (["create-space", "live"], 4, "space 'live' exists already in org default"),
        (["logs", "web", "-f", "--recent"], 2, "exclude each other"),
        (["marketplace", "-e", "oracle"], 3, "no service 'oracle'"),
    ],
)
def test_bad_input_is_one_clear_line_and_changes_nothing(
    arguments: list[str], code: int, text: str, mf, recorder
) -> None:
    ran = mf(*arguments, cluster=CLUSTER)
    assert (ran.code, ran.out) == (code, "")
    assert text in ran.err
    assert recorder.done == []


def test_values_of_the_environment_are_hidden_unless_revealed(mf) -> None:
    assert "hunter2" not in mf("env", "web", cluster=CLUSTER).out
    assert "hunter2" not in mf("env", "web", "--json", cluster=CLUSTER).out
    assert "hunter2" in mf("env", "web", "--reveal", cluster=CLUSTER).out


def test_app_shows_traffic_with_its_source_and_instances(mf) -> None:
    out = mf("app", "web", cluster=CLUSTER).out
    assert "source: gateway request log, last 5 min; no gateway is running" in out
    assert "aaaaa" in out
    assert "my-db" in out


@pytest.mark.parametrize("command", ["apps", "services", "routes", "events", "spaces", "orgs", "marketplace"])
def test_every_list_speaks_json(command: str, mf) -> None:
    assert isinstance(json.loads(mf(command, "--json", cluster=CLUSTER).out), list)


@pytest.mark.parametrize("arguments", [["app", "web"], ["service", "my-db"], ["env", "web"], ["target"], ["doctor"]])
def test_every_show_speaks_json(arguments: list[str], mf) -> None:
    assert isinstance(json.loads(mf(*arguments, "--json", cluster=CLUSTER).out), dict)


def test_deleting_says_what_went_with_the_app(mf, recorder) -> None:
    ran = mf("delete", "web", "-f", cluster=CLUSTER)
    assert ran.out == (
        "✓ Deleted app web with its routes (http://web.dev.apps.localhost)"
        " and its bindings to my-db (the services stay).\n"
    )


def test_scale_without_options_shows_how_it_is(mf, recorder) -> None:
    assert mf("scale", "web", cluster=CLUSTER).out == "instances:  2\nmemory:     512M\ndisk:       1G\n"
    assert recorder.done == []


def test_a_value_can_come_from_a_file_instead_of_the_command_line(mf, recorder, tmp_path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    ran = mf("set-env", "web", f"KEY=@{tmp_path / 'key'}", cluster=CLUSTER)
    assert ran.out == "✓ KEY of web: set, and the app runs with it.\n"
    assert "s3cret" not in ran.out + ran.err


def test_completion_offers_the_apps_there_are(mf, monkeypatch) -> None:
    monkeypatch.setenv("_MF_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "mf app w")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        mf(cluster=CLUSTER)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script(shell: str, mf) -> None:
    assert "_MF_COMPLETE" in mf("completion", shell).out
