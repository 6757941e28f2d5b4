"""The environment that people give an app: one Secret, `<app>-env`; and what the platform adds."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from components import names as keys
from components.app_spec import AppSpec
from engine.kube.errors import AlreadyExists, Conflict
from mf.errors import Missing, UsageError
from mf.ops import app_change, apps, names
from mf.ops.session import Session

RESERVED = ("PORT", "VCAP_SERVICES", "VCAP_APPLICATION", "SERVICE_BINDING_ROOT")
_LARGEST = 900_000
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What an app sees: set by people, and given by its bindings."""

    user: Mapping[str, str]
    services: Mapping[str, str]


def get(session: Session, app: str) -> Environment:
    """The app's environment, in the clear: faces mask it."""
    apps.deployment(session, app)
    return Environment(
        user=_values(_secret(session, keys.env_secret(app))),
        services=_values(_secret(session, keys.services_secret(app))),
    )


def revision(session: Session, app: str) -> str:
    """What identifies the Secret's present content; empty when there is none."""
    found = _secret(session, keys.env_secret(app))
    return str(found["metadata"].get("resourceVersion", "")) if found else ""


def put(session: Session, app: str, values: Mapping[str, str]) -> str:
    """Write variables without touching the app, which need not exist yet; gives the new revision."""
    for name, value in values.items():
        _check(name, value)
    return _rewrite(session, app, {**values}, gone=())


def set_variables(session: Session, app: str, values: Mapping[str, str], *, restart: bool = True) -> bool:
    """Set variables and, unless told not to, roll the app; False when they had these values already."""
    for name, value in values.items():
        _check(name, value)
    return _apply(session, app, _Change(set=values), restart=restart)


def unset_variables(session: Session, app: str, gone: tuple[str, ...], *, restart: bool = True) -> bool:
    """Remove variables and, unless told not to, roll the app."""
    there = get(session, app).user
    absent = [name for name in gone if name not in there]
    if absent:
        raise Missing("variable", absent[0], known=sorted(there), where=f"the environment of app {app}")
    return _apply(session, app, _Change(gone=gone), restart=restart)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Variables to set and to remove."""

    set: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    def reverse(self, there: Mapping[str, str]) -> _Change:
        """What makes of the environment after this change the one before it, as far as this change goes."""
        named = (*self.set, *self.gone)
        return _Change(
            set={name: there[name] for name in named if name in there},
            gone=tuple(name for name in named if name not in there),
        )


def _apply(session: Session, app: str, wanted: _Change, *, restart: bool) -> bool:
    """Write the variables and roll the app; an app that does not come up with them gets those from before again."""
    before = apps.spec_of(apps.deployment(session, app)).env_revision
    back = wanted.reverse(_values(_secret(session, keys.env_secret(app))))
    after = _rewrite(session, app, wanted.set, gone=wanted.gone)
    if restart:

        def undo() -> None:
            _rewrite(session, app, back.set, gone=back.gone)

        def edit(spec: AppSpec) -> AppSpec:
            return replace(spec, env_revision=revision(session, app))

        app_change.change(session, app, edit, undo=undo)
    return before != after


def _rewrite(session: Session, app: str, new: Mapping[str, str], *, gone: tuple[str, ...]) -> str:
    """Read, change, write back; again when somebody else wrote in between."""
    for _ in range(_TRIES):
        found = _secret(session, keys.env_secret(app))
        old = _values(found)
        values = {key: value for key, value in {**old, **new}.items() if key not in gone}
        if found is not None and values == old:
            return str(found["metadata"].get("resourceVersion", ""))
        if sum(len(key) + len(value) for key, value in values.items()) > _LARGEST:
            raise UsageError(
                f"the environment of app {app} would be over {_LARGEST} bytes; keep large values elsewhere"
            )
        try:
            written = _write(session, app, values, found)
        except (Conflict, AlreadyExists):
            continue
        return str(written["metadata"]["resourceVersion"])
    raise UsageError(f"the environment of app {app} is being changed by others all the time; try again")


def _write(session: Session, app: str, values: Mapping[str, str], found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    if found is not None:
        return session.kube.replace({**found, "data": data})
    metadata = {
        "name": keys.env_secret(app),
        "namespace": session.namespace,
        "labels": {**keys.MANAGED_BY, keys.APP: app},
    }
    return session.kube.create({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data})


def _secret(session: Session, name: str) -> dict[str, Any] | None:
    return session.kube.find("v1", "Secret", name, namespace=session.namespace)


def _values(secret: Mapping[str, Any] | None) -> dict[str, str]:
    data = (secret or {}).get("data") or {}
    return {key: base64.b64decode(text).decode(errors="replace") for key, text in sorted(data.items())}


def _check(name: str, value: str) -> None:
    names.check_text(f"variable {names.check_variable(name)}", value)
    if name in RESERVED:
        raise UsageError(f"{name} is set by the platform and can't be set by hand; it sets: {', '.join(RESERVED)}")
