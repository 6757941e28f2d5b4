"""What a person wants pushed: flags over the manifest, names and amounts checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from mf.errors import UsageError
from mf.ops import manifest, names
from mf.ops.manifest import AppManifest
from mf.ops.quantity import cpu_quantity

_IMAGE = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9._:/@\[\]-]*")
"""Enough to tell a name from a slip; the cluster knows the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOptions:
    """`flags` win over the manifest; `folder` is the source, `manifest_file` a manifest of another name or place."""

    name: str = ""
    folder: Path | None = None
    manifest_file: Path | None = None
    flags: AppManifest = field(default_factory=AppManifest)
    rebuild: bool = False
    answer_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One app as it is wanted; None in `app` still means: as it is, or the default."""

    name: str
    folder: Path
    app: AppManifest


def wish(options: PushOptions, *, here: Path) -> Wish:
    """Merge flags and manifest, and check what can be checked without a cluster."""
    folder = (options.folder or here).expanduser()
    found = _from_manifest(options, folder)
    merged = merge(found, options.flags)
    name = options.name or merged.name or ""
    if not name:
        raise UsageError(
            "which app? there is neither a name nor an mf.yaml with `name:`", hint="mf push NAME, in the app's folder"
        )
    names.check_label("app", name)
    return Wish(name=name, folder=_source(options, merged, folder), app=_checked(merged))


def merge(below: AppManifest, above: AppManifest) -> AppManifest:
    """What `above` says wins; environments are joined, variable by variable."""
    said = {item.name: getattr(above, item.name) for item in fields(above)}
    kept = {key: value for key, value in said.items() if value or (value == 0 and value is not False)}
    if above.image is not None:
        kept["image"] = above.image
    return replace(below, **{**kept, "env": {**below.env, **above.env}})


def variables(pairs: tuple[str, ...]) -> dict[str, str]:
    """`NAME=value` flags as an environment."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"'{name}' says no value; write it as NAME=value")
        found[names.check_variable(name)] = value
    return found


def _source(options: PushOptions, app: AppManifest, folder: Path) -> Path:
    """A manifest's `path` counts from the manifest; `--path` beside a manifest of another place wins over it."""
    if options.folder is not None and options.manifest_file is not None:
        return folder
    return app.path or folder


def _from_manifest(options: PushOptions, folder: Path) -> AppManifest:
    file = options.manifest_file or manifest.find(folder)
    if file is None:
        return AppManifest()
    return manifest.choose(manifest.load(file), options.name or None, file)


def _checked(app: AppManifest) -> AppManifest:
    _check_env(app.env)
    if app.instances is not None:
        names.check_instances("the app", app.instances)
    if app.command is not None:
        names.check_text("the start command", app.command)
    if app.image is not None and not _IMAGE.fullmatch(app.image):
        raise UsageError(f"'{app.image}' can't be the name of an image", hint="write it as HOST/PATH:TAG")
    return replace(
        app,
        memory=names.memory_quantity(app.memory) if app.memory else None,
        disk=names.memory_quantity(app.disk) if app.disk else None,
        cpu=cpu_quantity(app.cpu) if app.cpu else None,
    )


def _check_env(env: Mapping[str, str]) -> None:
    for name, value in env.items():
        names.check_text(f"variable {names.check_variable(name)}", value)
