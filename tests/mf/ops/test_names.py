"""Names are checked before anything happens, and the refusal says what would be right."""

from __future__ import annotations

import pytest

from mf.errors import UsageError
from mf.ops import names


@pytest.mark.parametrize("name", ["web", "a", "my-app-2", "x" * 50])
def test_dns_labels_are_taken_as_they_are(name: str) -> None:
    assert names.check_label("app", name) == name


@pytest.mark.parametrize("name", ["", "Web", "my_app", "-web", "web-", "1web", "we b", "web.dev", "wéb", "x" * 51])
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        names.check_label("app", name)


def test_the_refusal_offers_a_name_that_would_do() -> None:
    with pytest.raises(UsageError) as caught:
        names.check_label("app", "My_App!")
    assert caught.value.hint == "for example: my-app"


@pytest.mark.parametrize(
    ("given", "written"),
    [("256M", "256Mi"), ("1G", "1Gi"), ("1g", "1Gi"), ("512MB", "512Mi"), ("2GiB", "2Gi"), ("64k", "64Ki")],
)
def test_memory_is_written_as_kubernetes_wants_it(given: str, written: str) -> None:
    assert names.memory_quantity(given) == written


@pytest.mark.parametrize("given", ["", "M", "256", "0M", "-1G", "1.5G", "lots"])
def test_what_is_no_amount_of_memory_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="no amount of memory"):
        names.memory_quantity(given)


@pytest.mark.parametrize("host", ["web.dev.apps.localhost", "example.com", "a"])
def test_host_names_are_taken(host: str) -> None:
    assert names.check_host(host) == host


@pytest.mark.parametrize("host", ["", "-a.com", "a..com", "a_b.com", "x" * 64 + ".com", "a.com/path", "http://a.com"])
def test_what_is_no_host_name_is_refused(host: str) -> None:
    with pytest.raises(UsageError):
        names.check_host(host)


@pytest.mark.parametrize("name", ["1A", "A-B", "", "A B", "Ä"])
def test_what_can_not_be_a_variable_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        names.check_variable(name)
