"""A full registry answers only that it failed; its log says why."""

from __future__ import annotations

import pytest

from components.names import component_labels
from mf.ops.build.errors import RegistryFull, UploadFailed
from mf.ops.push import registry_room
from tests.mf import samples

REFUSED = UploadFailed("the platform's registry at 127.0.0.1:30500 did not take the image: 500 Internal Server Error")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('level=error err.detail="write /data: no space left on device"', RegistryFull),
        ("level=warn all well", UploadFailed),
    ],
)
def test_the_registry_s_log_decides(line: str, kind: type[UploadFailed]) -> None:
    pod = samples.pod("registry-1")
    pod["metadata"].update(namespace="microfoundry-system", labels=component_labels("registry"))
    session = samples.session_with(pod)
    samples.kube_of(session).log_lines["registry-1"] = [line]
    assert type(registry_room.explain(session, REFUSED)) is kind


def test_without_a_registry_of_the_platform_the_first_error_stands() -> None:
    assert registry_room.explain(samples.session_with(), REFUSED) is REFUSED
