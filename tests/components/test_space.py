"""A space is a labelled namespace that refuses privileged pods."""

from __future__ import annotations

import pytest

from components.errors import BadSpec
from components.space import namespace_manifest, quota_spec
from components.space_resources import Space, SpaceArgs


def test_namespace_is_named_and_labelled_by_org_and_space() -> None:
    metadata = namespace_manifest("default", "dev")["metadata"]
    assert metadata["name"] == "mf-default-dev"
    assert (metadata["labels"]["microfoundry.dev/org"], metadata["labels"]["microfoundry.dev/space"]) == (
        "default",
        "dev",
    )
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"


def test_a_name_that_is_no_label_is_refused() -> None:
    with pytest.raises(BadSpec, match="space 'My Space' is no DNS label"):
        namespace_manifest("default", "My Space")


def test_quota_limits_only_what_is_given() -> None:
    assert quota_spec(memory="4Gi") == {"hard": {"limits.memory": "4Gi"}}


def test_a_space_has_default_limits_and_a_quota_where_asked_for(run) -> None:
    made = run(lambda: Space("dev", SpaceArgs(org="default", space="dev", memory_quota="8Gi")))
    assert made.one("Namespace")["metadata"]["name"] == "mf-default-dev"
    assert made.one("LimitRange")["spec"]["limits"][0]["default"]["memory"] == "512Mi"
    assert made.one("ResourceQuota")["spec"] == {"hard": {"limits.memory": "8Gi"}}
    assert not run(lambda: Space("dev", SpaceArgs(org="default", space="dev"))).of("ResourceQuota")
