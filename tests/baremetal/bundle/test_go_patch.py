"""Patches of Go modules fit exactly, or fail by name."""

from __future__ import annotations

import pytest

from baremetal.bundle.go_patch import PATCHES, TOOLCHAIN, Patch, apply
from baremetal.errors import PartFailed

CONTOUR = next(patch for patch in PATCHES if patch.module.endswith("/contour"))


def test_contour_is_pointed_to_its_own_tracker() -> None:
    source = (
        'import (\n\t"k8s.io/client-go/tools/cache/synctrack"\n)\n'
        "var a *synctrack.SingleFileTracker\n"
        "var b = &synctrack.SingleFileTracker{UpstreamHasSynced: f}\n"
    )
    assert apply(CONTOUR, source) == "import (\n)\nvar a *syncTracker\nvar b = &syncTracker{upstream: f}\n"


def test_patch_that_no_longer_fits_says_which_text_is_gone() -> None:
    with pytest.raises(PartFailed, match=r"contour.*does not fit.*synctrack"):
        apply(CONTOUR, "package contour\n")


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.module)
def test_patched_module_is_pinned_and_its_additions_are_there(patch: Patch) -> None:
    assert patch.module in (TOOLCHAIN / "go.mod").read_text()
    assert list((TOOLCHAIN / "patches" / patch.additions).glob("*.go"))
