"""Small changes to pinned Go modules, made on a copy when building, where two modules do not fit as published.

Contour 1.33 is written for client-go 0.34, whose `synctrack.SingleFileTracker` asks its source whether it has synced;
in 0.36 the source tells it instead. Three lines of Contour are pointed to a tracker of the old kind (patches/contour).
That is all that keeps Contour from being compiled with Kubernetes' own client-go, which saves compiling it twice.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.go_toolchain import GoToolchain
from baremetal.bundle.work import Job
from baremetal.errors import PartFailed

TOOLCHAIN = Path(__file__).parent / "toolchain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Texts to replace in one file of a module, and a folder of files to add beside it."""

    module: str
    folders: tuple[str, ...]
    file: str
    additions: str
    replacements: tuple[tuple[str, str], ...]


PATCHES = (
    Patch(
        module="github.com/projectcontour/contour",
        folders=("apis", "cmd", "internal", "pkg"),
        file="internal/contour/handler.go",
        additions="contour",
        replacements=(
            ('\t"k8s.io/client-go/tools/cache/synctrack"\n', ""),
            ("*synctrack.SingleFileTracker", "*syncTracker"),
            ("&synctrack.SingleFileTracker{UpstreamHasSynced:", "&syncTracker{upstream:"),
        ),
    ),
)


def patched_modules(job: Job, go: GoToolchain, folder: Path, packages: Sequence[str]) -> Path:
    """A copy of go.mod in which the modules of these packages point to patched copies; go.sum lies beside it."""
    module_file = folder / "toolchain.mod"
    text = (TOOLCHAIN / "go.mod").read_text(encoding="utf-8")
    for patch in PATCHES:
        if not any(package.startswith(f"{patch.module}/") for package in packages):
            continue
        copy = go.cache / "patched" / patch.module.rpartition("/")[2]
        _patch(patch, _module_folder(job, go, patch.module), copy)
        text += f"\nreplace {patch.module} => {copy}\n"
    module_file.write_text(text, encoding="utf-8")
    shutil.copy(TOOLCHAIN / "go.sum", folder / "toolchain.sum")
    return module_file


def apply(patch: Patch, source: str) -> str:
    """The text of the patched file; a text that is not found means that the pin moved on."""
    for old, new in patch.replacements:
        if old not in source:
            raise PartFailed(patch.module, f"its patch does not fit any more: {patch.file} has no {old.strip()!r}")
        source = source.replace(old, new)
    return source


def _module_folder(job: Job, go: GoToolchain, module: str) -> Path:
    answer = job.run(
        [str(go.program), "mod", "download", "-json", module], cwd=TOOLCHAIN, env={**go.environment(), "GOFLAGS": ""}
    )
    return Path(json.loads(answer[answer.index("{") :])["Dir"])


def _patch(patch: Patch, original: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for name in patch.folders:
        shutil.copytree(original / name, copy / name, copy_function=shutil.copyfile)
    shutil.copyfile(original / "go.mod", copy / "go.mod")
    target = copy / patch.file
    target.write_text(apply(patch, target.read_text(encoding="utf-8")), encoding="utf-8")
    for addition in (TOOLCHAIN / "patches" / patch.additions).iterdir():
        shutil.copyfile(addition, target.parent / addition.name)
