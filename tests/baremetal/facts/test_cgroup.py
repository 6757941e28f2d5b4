"""Which control groups the kernel offers."""

from __future__ import annotations

from baremetal.facts.cgroup import parse


def test_hybrid_layout_counts_as_version_one() -> None:
    cgroup = parse("type=tmpfs\nv1=cpuset\nv1=cpu\nv1=memory\nv1=pids\n")
    assert (cgroup.version, cgroup.missing) == (1, ())


def test_unified_layout_lists_its_controllers_in_one_line() -> None:
    cgroup = parse("type=cgroup2fs\nv2=cpuset cpu io memory hugetlb pids\nv1=debug\n")
    assert (cgroup.version, cgroup.missing) == (2, ())


def test_missing_controllers_are_named() -> None:
    assert parse("type=cgroup2fs\nv2=cpuset cpu io pids\n").missing == ("memory",)
