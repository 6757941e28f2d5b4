"""What commands share: the session, `--json`, waiting, and completion of names."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from mf.ops.session import Session

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
in_org = click.option("-o", "--org", default="", metavar="ORG", help="Org to use, instead of the targeted one.")
in_space = click.option("-s", "--space", default="", metavar="SPACE", help="Space to use, instead of the targeted one.")


def new_session(ctx: click.Context, **given: Any) -> Session:
    """A session from the global options and the command's own."""
    from mf.ops.session import Session

    options = ctx.find_root().obj or {}
    return Session(**{"kubeconfig": options.get("kubeconfig", ""), **{k: v for k, v in given.items() if v is not None}})


def pass_session(command: F) -> F:
    """Hand the command a Session as its first argument; adds `-o` and `-s`."""

    @click.pass_context
    def with_session(ctx: click.Context, /, *args: Any, org: str, space: str, **kwargs: Any) -> Any:
        return ctx.invoke(command, new_session(ctx, org=org, space=space), *args, **kwargs)

    return in_org(in_space(update_wrapper(with_session, command)))  # type: ignore[return-value] # same callable, one argument less


def pass_working_session(command: F) -> F:
    """Like `pass_session` for commands that change things: adds `--wait` and shows progress."""

    @click.pass_context
    def with_session(ctx: click.Context, /, *args: Any, org: str, space: str, wait: float, **kwargs: Any) -> Any:
        from mf.cli.progress import session_progress

        session = new_session(ctx, org=org, space=space, wait=wait)
        with session_progress(session):
            return ctx.invoke(command, session, *args, **kwargs)

    wait = click.option(
        "--wait",
        type=float,
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="Wait for others' changes this long.",
    )
    return in_org(in_space(wait(update_wrapper(with_session, command))))  # type: ignore[return-value] # as above


def complete(list_names: Callable[[Session], list[str]]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Shell completion from what the cluster has; no answer is better than an error in the middle of typing."""

    def names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [name for name in list_names(new_session(ctx)) if name.startswith(incomplete)]
        except Exception:  # noqa: BLE001 a shell that completes has nowhere to show an error
            return []

    return names


def _app_names(session: Session) -> list[str]:
    from mf.ops import apps

    return [app.name for app in apps.list_apps(session)]


def _instance_names(session: Session) -> list[str]:
    from mf.ops import services

    return [instance.name for instance in services.list_instances(session)]


app_argument = click.argument("app", metavar="APP", shell_complete=complete(_app_names))
instance_argument = click.argument("instance", metavar="SERVICE", shell_complete=complete(_instance_names))
