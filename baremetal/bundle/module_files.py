"""Files out of Go modules that are no Go: the custom resource definitions that projects ship beside their code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle import digest
from baremetal.bundle.go_toolchain import provide_go
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job
from baremetal.errors import PartFailed

TOOLCHAIN = Path(__file__).parent / "toolchain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFiles:
    """All files of a pinned module that match a pattern, joined into one YAML stream."""

    module: str
    pattern: str
    output: str
    space: int = 50 << 20
    how: str = "taken from a Go module"
    lane: Lane = Lane.GO
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """Module (its version stands in go.sum) and pattern."""
        return {
            "kind": "module files",
            "module": self.module,
            "pattern": self.pattern,
            "modules": [digest.of_file(TOOLCHAIN / name) for name in ("go.mod", "go.sum")],
        }

    def make(self, job: Job) -> Output:
        """Join the files, in the order of their names."""
        go = provide_go(job)
        answer = job.run(
            [str(go.program), "mod", "download", "-json", self.module],
            cwd=TOOLCHAIN,
            env={**go.environment(), "GOFLAGS": ""},
        )
        folder = Path(json.loads(answer[answer.index("{") :])["Dir"])
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob(self.pattern))]
        if not texts:
            raise PartFailed(job.name, f"{self.module} has no files {self.pattern}")
        (job.folder / self.output).write_text("\n---\n".join(texts), encoding="utf-8")
        return Output(files={self.output: self.output})
