"""`mf target`, `mf orgs`, `mf spaces`, `mf create-space`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import as_json, in_org, in_space, new_session, pass_session

if TYPE_CHECKING:
    from mf.ops.session import Session


@click.command()
@in_org
@in_space
@as_json
@click.pass_context
def target(ctx: click.Context, org: str, space: str, as_json: bool) -> None:
    """Show or choose the org and space.

    \b
    Examples:
      mf target
      mf target -s staging
      mf target -o shop -s dev
    """
    from mf.cli.show import echo_json, facts
    from mf.ops import spaces

    session = new_session(ctx, org=org, space=space)
    if org or space:
        spaces.choose(session)
    shown = {
        "org": session.target.org,
        "space": session.target.space,
        "namespace": session.namespace,
        "cluster": session.kube.host,
        "context": session.kube.context_name,
        "kubeconfig": session.kubeconfig_path,
    }
    if as_json:
        echo_json(shown)
        return
    facts(list(shown.items()))


@click.command()
@as_json
@pass_session
def orgs(session: Session, as_json: bool) -> None:
    """List the orgs.

    \b
    Example:
      mf orgs
    """
    from mf.cli.show import echo_json, table
    from mf.ops import spaces as ops

    found = ops.list_orgs(session)
    if as_json:
        echo_json(found)
        return
    rows = [["*" if org.targeted else "", org.name, ", ".join(org.spaces)] for org in found]
    table(("", "org", "spaces"), rows, none="No orgs yet. Make a space: mf create-space NAME")


@click.command()
@as_json
@pass_session
def spaces(session: Session, as_json: bool) -> None:
    """List the spaces of the org.

    \b
    Examples:
      mf spaces
      mf spaces -o shop
    """
    from mf.cli.show import echo_json, table
    from mf.ops import spaces as ops

    found = ops.list_spaces(session)
    if as_json:
        echo_json(found)
        return
    rows = [["*" if space.targeted else "", space.name, space.namespace] for space in found]
    table(
        ("", "space", "namespace"), rows, none=f"No spaces in org {session.target.org}. Make one: mf create-space NAME"
    )


@click.command("create-space")
@click.argument("name")
@in_org
@click.pass_context
def create_space(ctx: click.Context, name: str, org: str) -> None:
    """Make a space.

    The org is made with its first space.

    \b
    Examples:
      mf create-space staging
      mf create-space dev -o shop
    """
    from mf.cli.show import done
    from mf.ops import spaces as ops

    space = ops.create(new_session(ctx, org=org), name)
    other_org = f" -o {org}" if org else ""
    done(f"Space {space.org}/{space.name} is there. Use it: mf target{other_org} -s {space.name}")
