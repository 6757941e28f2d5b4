"""Puts a plugin that somebody brought along into Pulumi's folder, so that networks without a way out can have it."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from engine.errors import UsageError
from engine.plugins.find import Wanted, home
from engine.plugins.version import parse_version


def install(wanted: Wanted, source: Path, environment: Mapping[str, str]) -> Path:
    """Unpack an archive (.tar.gz), or copy a program or a folder; the folder where the plugin is now."""
    if parse_version(wanted.version) is None:
        raise UsageError(
            f"'{wanted.version}' is no version", hint="pulumi plugin install KIND NAME VERSION --file FILE"
        )
    if not source.exists():
        raise UsageError(f"{source} does not exist; name an archive, a program or a folder")
    plugins = home(environment) / "plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    target = plugins / f"{wanted.kind}-{wanted.name}-v{wanted.version}"
    fresh = Path(tempfile.mkdtemp(dir=plugins, prefix=f"{target.name}.", suffix=".tmp0"))
    try:
        _fill(fresh, source, f"pulumi-{wanted.kind}-{wanted.name}")
        fresh.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    except (tarfile.TarError, OSError) as exc:
        raise UsageError(f"{source} cannot be unpacked into {target}: {exc}") from exc
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _fill(folder: Path, source: Path, binary: str) -> None:
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    else:
        shutil.copy(source, folder / binary)
        (folder / binary).chmod(0o755)
