"""`mf bind-service`, `mf unbind-service`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import app_argument, instance_argument, pass_working_session

if TYPE_CHECKING:
    from mf.ops.session import Session


@click.command("bind-service")
@app_argument
@instance_argument
@pass_working_session
def bind_service(session: Session, app: str, instance: str) -> None:
    """Give an app credentials of a service.

    Each binding has credentials of its own. The app is rolled with them: in VCAP_SERVICES, in variables such
    as DATABASE_URL, and as files under SERVICE_BINDING_ROOT.

    \b
    Example:
      mf bind-service web my-db
    """
    from mf.cli.show import done
    from mf.ops import bindings

    if bindings.bind(session, app, instance):
        done(f"{app} runs with credentials of {instance}. Their names: mf env {app}")
    else:
        done(f"{app} is bound to {instance} already, nothing to do.")


@click.command("unbind-service")
@app_argument
@instance_argument
@pass_working_session
def unbind_service(session: Session, app: str, instance: str) -> None:
    """Take an app's credentials back.

    The app is rolled without them first; then they are revoked. Data stays in the service.

    \b
    Example:
      mf unbind-service web my-db
    """
    from mf.cli.show import done
    from mf.ops import bindings

    bindings.check_bound(session, app, instance)
    bindings.unbind(session, app, instance)
    done(f"{app} runs without {instance}; its credentials are revoked.")
