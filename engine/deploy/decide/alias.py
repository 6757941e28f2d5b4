"""Former identities: the URNs under which a resource may stand in old state."""

from __future__ import annotations

from collections.abc import Iterator

from engine.urn import STACK_TYPE, Urn, build, parse
from engine.wire.registration import Alias


def former_urns(urn: str, parent: str, aliases: tuple[Alias, ...], parent_was: str) -> Iterator[str]:
    """Candidates in the order in which they are tried; `parent_was` is the parent's own former URN, if it had one."""
    own = parse(urn)
    spelled = [_spelled(alias, own, parent) for alias in aliases]
    yield from spelled
    if parent_was:
        parent_name = parse(parent).name
        for candidate in (urn, *spelled):
            yield _under_former_parent(parse(candidate), parent_name, parse(parent_was))


def _spelled(alias: Alias, own: Urn, parent: str) -> str:
    if alias.urn:
        return alias.urn
    above = "" if alias.no_parent else (alias.parent if alias.parent is not None else parent)
    return build(
        alias.stack or own.stack,
        alias.project or own.project,
        alias.type or own.type,
        name=alias.name or own.name,
        parent=above,
    )


def _under_former_parent(child: Urn, parent_name: str, parent_was: Urn) -> str:
    # Children are usually named after their parent, so that a renamed parent renames them, too.
    name = child.name
    if name.startswith(parent_name):
        name = parent_was.name + name[len(parent_name) :]
    above = "" if parent_was.qualified_type == STACK_TYPE else f"{parent_was.qualified_type}$"
    qualified = f"{above}{child.type}"
    return str(Urn(stack=child.stack, project=child.project, qualified_type=qualified, name=name))
