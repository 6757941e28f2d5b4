"""Orgs and spaces: a space is a namespace with two labels, an org is what its spaces say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components import names as keys
from engine.kube.errors import AlreadyExists
from mf.errors import AlreadyThere, Missing
from mf.ops import names, target
from mf.ops.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One space and whether it is the targeted one."""

    org: str
    name: str
    namespace: str
    targeted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Org:
    """One org and its spaces."""

    name: str
    spaces: tuple[str, ...]
    targeted: bool


def list_spaces(session: Session, *, all_orgs: bool = False) -> list[Space]:
    """The spaces of the targeted org, or of all orgs."""
    found = [
        _describe(session, item) for item in session.kube.list("v1", "Namespace", labels=f"{keys.ORG},{keys.SPACE}")
    ]
    mine = [space for space in found if all_orgs or space.org == session.target.org]
    return sorted(mine, key=lambda space: (space.org, space.name))


def list_orgs(session: Session) -> list[Org]:
    """All orgs that have a space."""
    spaces = list_spaces(session, all_orgs=True)
    return [
        Org(
            name=org,
            spaces=tuple(space.name for space in spaces if space.org == org),
            targeted=org == session.target.org,
        )
        for org in sorted({space.org for space in spaces})
    ]


def create(session: Session, name: str) -> Space:
    """Make a space in the targeted org."""
    names.check_label("space", name)
    wanted = target.chosen(session.target, space=name)
    made = _make(session, wanted)
    if made is None:
        raise AlreadyThere(f"space '{name}' exists already in org {wanted.org}", hint=f"use it: mf target -s {name}")
    return _describe(session, made)


def ensure(session: Session) -> bool:
    """Make the targeted space when it is absent; True when it was made now."""
    if session.kube.find("v1", "Namespace", session.namespace) is not None:
        return False
    return _make(session, session.target) is not None


def use(session: Session) -> None:
    """For commands that put something into the space: only the default one is made on first use."""
    if is_default(session):
        ensure(session)
    else:
        check(session)


def check(session: Session) -> None:
    """Missing, with the spaces there are, unless the targeted space is there or is the default one."""
    if not is_default(session) and session.kube.find("v1", "Namespace", session.namespace) is None:
        raise _absent(session.target, list_spaces(session, all_orgs=True))


def is_default(session: Session) -> bool:
    """Whether the targeted space is the one that everybody has."""
    return (session.target.org, session.target.space) == (target.DEFAULT_ORG, target.DEFAULT_SPACE)


def choose(session: Session) -> Space:
    """Keep the session's org and space as the target of later commands; they must exist."""
    goal = session.target
    spaces = list_spaces(session, all_orgs=True)
    found = next((space for space in spaces if (space.org, space.name) == (goal.org, goal.space)), None)
    if found is None:
        raise _absent(goal, spaces)
    target.save(goal)
    return found


def _absent(goal: target.Target, spaces: list[Space]) -> Missing:
    orgs = sorted({space.org for space in spaces})
    if goal.org not in orgs:
        return Missing("org", goal.org, known=orgs, hint=f"make it: mf create-space {goal.space} -o {goal.org}")
    known = [space.name for space in spaces if space.org == goal.org]
    other_org = "" if goal.org == target.DEFAULT_ORG else f" -o {goal.org}"
    hint = f"make it: mf create-space {goal.space}{other_org}"
    return Missing("space", goal.space, known=known, where=f"org {goal.org}", hint=hint)


def _make(session: Session, wanted: target.Target) -> dict[str, Any] | None:
    from components.space import namespace_manifest

    try:
        return session.kube.create(namespace_manifest(wanted.org, wanted.space))
    except AlreadyExists:
        return None


def _describe(session: Session, namespace: dict[str, Any]) -> Space:
    labels = namespace["metadata"]["labels"]
    name = namespace["metadata"]["name"]
    return Space(org=labels[keys.ORG], name=labels[keys.SPACE], namespace=name, targeted=name == session.namespace)
