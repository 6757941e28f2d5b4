"""`mf push`: build and deploy an app from a folder or an image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mf.cli.context import as_json, pass_working_session
from mf.cli.show import done, echo_json, seconds

if TYPE_CHECKING:
    from mf.ops.manifest import AppManifest
    from mf.ops.session import Session

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Build and deploy an app from a folder or an image.")
@click.argument("name", default="")
@click.option("-p", "--path", "folder", type=_FOLDER, help="The app's folder.  [default: this folder]")
@click.option("-f", "--manifest", type=_FILE, help="Manifest to read.  [default: mf.yaml in the folder]")
@click.option("-d", "--image", metavar="REF", help="Run this image; nothing is built.")
@click.option(
    "--build", type=click.Choice(["auto", "dockerfile", "python", "node", "go", "java", "static", "buildpacks"])
)
@click.option("--dockerfile", metavar="FILE", help="Build with this file of the folder.")
@click.option("--rebuild", is_flag=True, help="Build also when the source did not change.")
@click.option("-i", "--instances", type=int, metavar="N", help="How many instances.")
@click.option("-m", "--memory", metavar="SIZE", help="Memory of one instance, e.g. 256M.")
@click.option("-k", "--disk", metavar="SIZE", help="Disk of one instance, e.g. 1G.")
@click.option("--cpu", metavar="CORES", help="Cores of one instance, e.g. 0.5.")
@click.option("-c", "--command", metavar="LINE", help="Start command; `default` for the image's own.")
@click.option("-e", "--env", multiple=True, metavar="NAME=VALUE", help="Environment variable; may be repeated.")
@click.option("--service", "services", multiple=True, metavar="SERVICE", help="Bind this service; may be repeated.")
@click.option("--route", "routes", multiple=True, metavar="HOST[/PATH]", help="Reach it here; may be repeated.")
@click.option("--no-route", is_flag=True, help="Reach it nowhere, e.g. a worker.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port that the app listens on.  [default: 8080]")
@click.option("-u", "--health-check-type", type=click.Choice(["http", "port", "process"]))
@click.option("--endpoint", metavar="PATH", help="Path that an http health check asks.")
@click.option("-t", "--timeout", type=click.IntRange(1, 3600), metavar="SECONDS", help="Time that a start may take.")
@click.option("--strategy", type=click.Choice(["rolling"]), default="rolling", show_default=True)
@as_json
@pass_working_session
def push(session: Session, *, as_json: bool, **given: Any) -> None:
    """Build and deploy an app from a folder or an image.

    Waits until it answers, and prints its URL. Flags win over the folder's mf.yaml; what neither says stays as it
    is. Source that did not change is not built again. If the new version does not come up, the one before keeps
    serving.

    \b
    Examples:
      mf push                            what mf.yaml says
      mf push web                        this folder as app web
      mf push web -p ./site -m 128M -i 2
      mf push web --image 127.0.0.1:30500/team/web:1.4
      mf push worker --no-route -u process -c "python worker.py"
    """
    from mf.ops.push.run import push as run
    from mf.ops.push.wish import PushOptions

    options = PushOptions(
        name=given["name"],
        folder=given["folder"],
        manifest_file=given["manifest"],
        flags=_flags(given),
        rebuild=given["rebuild"],
    )
    pushed = run(session, options)
    if as_json:
        echo_json(pushed)
        return
    what = "is up" if pushed.changed else "is unchanged and serves"
    done(f"{pushed.name} {what} ({seconds(pushed.seconds)})")
    for url in pushed.urls:
        click.echo(f"  {url}")


def _flags(given: dict[str, Any]) -> AppManifest:
    from mf.ops.manifest import AppManifest
    from mf.ops.push.wish import variables

    return AppManifest(
        memory=given["memory"],
        disk=given["disk"],
        cpu=given["cpu"],
        instances=given["instances"],
        command=given["command"],
        env=variables(given["env"]),
        services=given["services"],
        routes=given["routes"],
        no_route=given["no_route"],
        health_check_type=given["health_check_type"],
        health_check_endpoint=given["endpoint"],
        timeout=given["timeout"],
        port=given["port"],
        image=given["image"],
        build=given["build"],
        dockerfile=given["dockerfile"],
    )
