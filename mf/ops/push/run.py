"""The whole of `mf push`: find, build, deploy, wait for an answer; nothing at all when nothing changed."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from components import names as keys
from components.app_spec import AppSpec
from mf.ops import apps, environment, route_owner, routes, spaces
from mf.ops.build.builder import Builder
from mf.ops.build.choose import builder_for
from mf.ops.build.errors import UploadFailed
from mf.ops.push import answer, image, registry_room, services, watch
from mf.ops.push.errors import PushFailed
from mf.ops.push.phases import Phases
from mf.ops.push.plan import Artifact, Place, next_spec, routes_of
from mf.ops.push.rollout import Rollout
from mf.ops.push.wish import PushOptions, Wish, wish
from mf.ops.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push left; `changed` is False when everything was as wanted already."""

    name: str
    urls: tuple[str, ...]
    image: str
    changed: bool
    built: bool
    seconds: float
    phases: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Now:
    """The app as it is before the push."""

    spec: AppSpec | None
    state: str


def push(session: Session, options: PushOptions, *, builder: Builder | None = None) -> Pushed:
    """Bring the app to what the options and its manifest say, and wait until it answers."""
    begun = time.monotonic()
    phases = Phases(session.report)
    wanted = wish(options, here=Path.cwd())
    found = None if wanted.app.image else _look(session, wanted, phases)
    place = _place(session)
    spaces.use(session)
    now = _now(session, wanted.name)
    _check_routes(session, wanted, place, now.spec)
    services.targets(session, wanted.app.services, now.spec)
    artifact, built = _artifact(wanted, found, _Making(session, options, place, now, builder, phases))
    if built:
        now = _now(session, wanted.name)  # others may have scaled or bound it while it was built
    next_of, undo = _spec(session, wanted, artifact, place=place, now=now)
    spec = next_of(now.spec)
    changed = spec != now.spec or now.state != "running" or not _serves(session, spec)
    if changed:
        if built:
            _check_routes(session, wanted, place, now.spec)  # time has passed
        good = now.spec if now.state == "running" else watch.last_good(session, wanted.name)
        spec = Rollout(session=session, spec=spec, next_of=next_of, good=good, undo=undo).run(phases)
        _wait_for_answer(session, spec, options.answer_seconds, phases)
    urls = tuple(session.settings.url(route.host, route.path) for route in spec.routes)
    return Pushed(
        name=spec.name,
        urls=urls,
        image=spec.image,
        changed=changed,
        built=built,
        seconds=round(time.monotonic() - begun, 2),
        phases=phases.seconds,
    )


@dataclass(frozen=True, slots=True)
class _Making:
    session: Session
    options: PushOptions
    place: Place
    now: _Now
    builder: Builder | None
    phases: Phases


def _look(session: Session, wanted: Wish, phases: Phases) -> image.Found:
    return image.look(wanted, phases, builder_image=lambda: session.settings.builder_image)


def _artifact(wanted: Wish, found: image.Found | None, making: _Making) -> tuple[Artifact, bool]:
    """The image to run, and whether it was built now."""
    place = making.place
    if found is None:
        return image.named(wanted.app.image or "", place), False
    old = None if making.options.rebuild else image.reusable(found, making.now.spec, place)
    if old is not None:
        return old, False
    builder = making.builder or builder_for(making.session, found.recipe)
    try:
        return image.build(wanted.name, found, place, builder=builder, phases=making.phases), True
    except UploadFailed as exc:
        raise registry_room.explain(making.session, exc) from exc


def _place(session: Session) -> Place:
    target = session.target
    return Place(org=target.org, space=target.space, namespace=session.namespace, settings=session.settings)


def _now(session: Session, name: str) -> _Now:
    deployment = apps.find(session, name)
    if deployment is None:
        return _Now(spec=None, state="")
    return _Now(spec=apps.spec_of(deployment), state=apps.state_of(deployment))


def _spec(
    session: Session, wanted: Wish, artifact: Artifact, *, place: Place, now: _Now
) -> tuple[Callable[[AppSpec | None], AppSpec], Callable[[], None]]:
    """What makes the next spec of the present one, with environment and bindings prepared; and how to undo that."""
    before = _variables(session, wanted.name) if wanted.app.env else {}
    services.bind_missing(session, wanted.name, wanted.app.services, now.spec)
    if wanted.app.env:
        environment.put(session, wanted.name, wanted.app.env)

    def next_of(old: AppSpec | None) -> AppSpec:
        spec = next_spec(wanted.name, wanted.app, artifact, place=place, old=old)
        bound = {*(old.bindings if old else ()), *wanted.app.services}
        return replace(spec, env_revision=environment.revision(session, wanted.name), bindings=tuple(sorted(bound)))

    def undo() -> None:
        mine = {key: before[key] for key in wanted.app.env if key in before}
        if mine:
            environment.put(session, wanted.name, mine)

    return next_of, undo


def _variables(session: Session, app: str) -> dict[str, str]:
    found = session.kube.find("v1", "Secret", keys.env_secret(app), namespace=session.namespace)
    data = (found or {}).get("data") or {}
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def _check_routes(session: Session, wanted: Wish, place: Place, old: AppSpec | None) -> None:
    """A route of another app, or a host of another space, is not taken away by a push."""
    for route in routes_of(wanted.name, wanted.app, place, old):
        if old is None or route not in old.routes:
            route_owner.check(session, wanted.name, route)


def _serves(session: Session, spec: AppSpec) -> bool:
    """Whether an unchanged app still answers; without routes its instances' word is enough."""
    return not spec.routes or answer.wait(session.settings, spec.routes[0], seconds=2.0).good


def _wait_for_answer(session: Session, spec: AppSpec, seconds: float, phases: Phases) -> None:
    if not spec.routes or spec.instances == 0:
        return
    route = spec.routes[0]
    url = session.settings.url(route.host, route.path)
    with phases.phase("answer", "route", url):
        last = answer.wait(session.settings, route, seconds=seconds)
        if last.good:
            return
        state = next((item.state for item in routes.list_routes(session) if item.url == url), "missing")
        raise PushFailed(
            f"{spec.name} runs, but {url} does not answer after {seconds:.0f}s: {last.text} (route: {state})",
            hint="is the gateway well? mf doctor",
        )
