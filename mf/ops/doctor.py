"""What this machine has and lacks, what that means, and the command that fixes it. Needs neither root nor a cluster."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from engine.kube.errors import KubeError
from mf.errors import MfError, NoPlatform
from mf.ops import engine_choice, permission, places, project
from mf.ops.session import Session

GIB = 1024**3
LEAST_DISK = 20
LEAST_MEMORY = 4
LEAST_CORES = 2
PORTS = {80: "the gateway (another port is taken instead)", 6443: "the API server", 30500: "the registry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding: `state` is ok, missing or note; `needed_for` says what does not work without it."""

    name: str
    state: str
    detail: str
    fix: str = ""
    needed_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All findings, and what is possible as things are."""

    checks: tuple[Check, ...]
    can_use_cluster: bool
    can_make_cluster: bool


MAKING = "making a cluster on this machine"
USING = "using a cluster"


def diagnose(session: Session) -> Diagnosis:
    """Look at everything; nothing is changed."""
    ours = _is_ours(session)
    checks = [*_machine(ours), *_cluster(session), _engine()]
    lacking = {check.needed_for for check in checks if check.state == "missing"}
    return Diagnosis(checks=tuple(checks), can_use_cluster=USING not in lacking, can_make_cluster=MAKING not in lacking)


def _machine(ours: bool) -> Iterator[Check]:
    """`ours` says that the platform runs here already: it has taken its ports itself, and its disk space."""
    yield _python()
    yield _system()
    yield _root()
    yield _cores()
    yield _memory()
    yield _disk(ours)
    yield _cgroups()
    yield _overlay()
    if not ours:
        yield from (_port(number, user) for number, user in PORTS.items())
    yield _package_manager()


def _python() -> Check:
    return Check(name="Python", state="ok", detail=f"{sys.version_info.major}.{sys.version_info.minor}")


def _system() -> Check:
    good = sys.platform == "linux"
    detail = "Linux" if good else sys.platform
    fix = "" if good else "use a cluster that is there: mf up --kubeconfig FILE"
    return Check(name="system", state=_state(good), detail=detail, fix=fix, needed_for="" if good else MAKING)


def _root() -> Check:
    if os.geteuid() == 0:
        return Check(name="root", state="ok", detail="yes")
    return Check(
        name="root",
        state="missing",
        detail=f"no; {permission.WITHOUT_ROOT}",
        fix="sudo mf up   (or, without root: mf up --kubeconfig FILE)",
        needed_for=MAKING,
    )


def _cores() -> Check:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return _at_least("cores", count, LEAST_CORES, "")


def _memory() -> Check:
    amount = _meminfo("MemAvailable") / GIB
    return _at_least("free memory", round(amount, 1), LEAST_MEMORY, " GiB")


def _disk(ours: bool) -> Check:
    folder = _nearest(places.LOCAL_CLUSTER)
    free = round(shutil.disk_usage(folder).free / GIB, 1)
    found = _at_least("free disk", free, LEAST_DISK, " GiB", enough=ours)
    return Check(
        name=found.name,
        state=found.state,
        detail=f"{found.detail} at {folder}",
        fix="" if found.state == "ok" else f"free some space on {folder}",
        needed_for=found.needed_for,
    )


def _cgroups() -> Check:
    there = Path("/sys/fs/cgroup/cgroup.controllers").exists() or Path("/sys/fs/cgroup/memory").exists()
    detail = "mounted" if there else "no cgroup controllers are mounted"
    fix = "" if there else "mount -t cgroup2 none /sys/fs/cgroup"
    return Check(name="cgroups", state=_state(there), detail=detail, fix=fix, needed_for="" if there else MAKING)


def _overlay() -> Check:
    there = "overlay" in _read(Path("/proc/filesystems"))
    detail = "the kernel has it" if there else "the kernel does not list it (yet)"
    fix = "" if there else "modprobe overlay"
    return Check(
        name="overlay filesystem", state=_state(there), detail=detail, fix=fix, needed_for="" if there else MAKING
    )


def _port(number: int, user: str) -> Check:
    free = _is_free(number)
    fix = "" if free else f"see who has it: ss -ltnp 'sport = :{number}'"
    needed = "" if free or number == 80 else MAKING
    state = "ok" if free else "note" if number == 80 else "missing"
    detail = "free" if free else f"taken; it is for {user}"
    return Check(name=f"port {number}", state=state, detail=detail, fix=fix, needed_for=needed)


def _package_manager() -> Check:
    there = shutil.which("apt-get") is not None
    detail = "apt-get" if there else "no apt-get: containerd and its kin must be there before `mf up`"
    fix = "" if there or shutil.which("containerd") else "install containerd, runc, iptables and the CNI plugins"
    return Check(name="packages", state="ok" if there else "note", detail=detail, fix=fix)


def _cluster(session: Session) -> Iterator[Check]:
    """Kubeconfig, cluster and platform, each only when the one before is there."""
    try:
        yield Check(name="kubeconfig", state="ok", detail=session.kubeconfig_path)
        version = session.kube.server_version()
        yield Check(name="cluster", state="ok", detail=f"{session.kube.host}, Kubernetes {version}")
        domain = session.settings.domain
        yield Check(name="platform", state="ok", detail=f"apps at {session.settings.url(f'APP.SPACE.{domain}')}")
    except NoPlatform as exc:
        yield Check(name="platform", state="missing", detail=exc.message, fix=exc.hint, needed_for=USING)
    except MfError as exc:
        yield Check(name="cluster", state="missing", detail=exc.message, fix=exc.hint, needed_for=USING)
    except KubeError as exc:
        yield Check(name="cluster", state="missing", detail=exc.message, fix=exc.hint or "mf up", needed_for=USING)


def _engine() -> Check:
    try:
        chosen = engine_choice.for_platform()
    except MfError as exc:
        return Check(name="engine", state="missing", detail=exc.message, fix=exc.hint, needed_for=USING)
    kind = "the pulumi CLI" if chosen is engine_choice.Engine.PULUMI else "embedded"
    detail = f"platform stacks: {kind}, apps and services: embedded; state at {project.backend_url()}"
    return Check(name="engine", state="ok", detail=detail)


def _at_least(name: str, have: float, least: float, unit: str, *, enough: bool = False) -> Check:
    good = enough or have >= least
    detail = f"{have:g}{unit}" if good else f"{have:g}{unit}; at least {least:g}{unit} are needed"
    fix = "" if good else "use a larger machine, or a cluster that is there: mf up --kubeconfig FILE"
    return Check(name=name, state=_state(good), detail=detail, fix=fix, needed_for="" if good else MAKING)


def _is_ours(session: Session) -> bool:
    """Whether the platform runs on this machine: made by this person, or on whatever cluster the kubeconfig names."""
    if places.local_kubeconfig().is_file():
        return True
    try:
        return _is_here(urlsplit(session.kube.host).hostname or "") and bool(session.settings)
    except (MfError, KubeError):
        return False  # told by the check of the cluster


def _is_here(host: str) -> bool:
    """Whether an address is one of this machine: only those can be listened on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _meminfo(field: str) -> int:
    lines = (line.split() for line in _read(Path("/proc/meminfo")).splitlines())
    return next((int(parts[1]) * 1024 for parts in lines if parts[0] == f"{field}:"), 0)


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _state(good: bool) -> str:
    return "ok" if good else "missing"
