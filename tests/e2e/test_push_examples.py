"""Every example is pushed from its folder and answers."""

from __future__ import annotations

import json

import pytest

from tests.e2e.conftest import EXAMPLES, Platform

pytestmark = pytest.mark.e2e

ANSWERS = {
    "hello-static": "Hello from a static site",
    "hello-dockerfile": "Hello from a Dockerfile",
    "hello-node": "I am hello-node",
    "hello-go": "Hello from go1.",
    "hello-java": "Hello from Java 17",
    "guestbook": "Guestbook",
}


@pytest.mark.parametrize("example", ANSWERS)
def test_example_is_built_deployed_and_answers(platform: Platform, example: str) -> None:
    pushed = json.loads(platform.mf("push", "--json", cwd=EXAMPLES / example).out)
    assert pushed["changed"] and pushed["built"]
    assert pushed["image"].startswith("127.0.0.1:30500/")
    assert "@sha256:" in pushed["image"]
    status, body = platform.get(example)
    assert status == 200
    assert ANSWERS[example] in body


def test_unchanged_source_is_done_in_two_seconds_without_a_new_revision(platform: Platform) -> None:
    platform.mf("push", cwd=EXAMPLES / "hello-static")
    before = platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=hello-static")
    again = platform.mf("push", "--json", cwd=EXAMPLES / "hello-static")
    result = json.loads(again.out)
    assert (result["changed"], result["built"]) == (False, False)
    assert again.seconds < 2
    after = platform.objects("apps/v1", "Deployment", "microfoundry.dev/app=hello-static")
    assert [d["metadata"]["generation"] for d in before] == [d["metadata"]["generation"] for d in after]


def test_an_app_without_its_database_says_what_it_needs(platform: Platform) -> None:
    platform.mf("push", cwd=EXAMPLES / "guestbook")
    status, body = platform.get("guestbook", "/entries")
    assert status == 503
    assert "mf create-service postgresql small" in body


def test_no_settings_of_this_machine_are_in_an_image(platform: Platform) -> None:
    platform.mf("push", cwd=EXAMPLES / "guestbook")
    seen = platform.mf("exec", "guestbook", "--", "sh", "-c", "cat /etc/pip.conf; env; ls -A /root 2>&1 | head")
    assert "cert =" not in seen.out
    assert "index-url" not in seen.out
