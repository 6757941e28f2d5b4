"""Every command of `mf`: where it lives and one line on it, so that help needs no import of any of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`place` is `module:attribute`; aliases are Cloud Foundry's short names."""

    name: str
    place: str
    summary: str
    aliases: tuple[str, ...] = ()


SECTIONS: dict[str, tuple[Command, ...]] = {
    "Platform": (
        Command("up", "mf.cli.platform:up", "Make or update the platform, with a cluster where none is given."),
        Command("preview", "mf.cli.platform:preview", "Show what `mf up` would do; change nothing."),
        Command("destroy", "mf.cli.platform:destroy", "Remove the platform and all that it made."),
        Command("doctor", "mf.cli.doctor:doctor", "Say what this machine lacks, and the command that fixes it."),
        Command("pulumi", "mf.cli.pulumi:pulumi", "Run a Pulumi command on the engine that mf uses."),
    ),
    "Apps": (
        Command("push", "mf.cli.push:push", "Build and deploy an app from a folder or an image.", ("p",)),
        Command("apps", "mf.cli.apps:apps", "List the apps of the space.", ("a",)),
        Command("app", "mf.cli.app:app", "Show one app: instances, traffic, routes, services."),
        Command("logs", "mf.cli.logs:logs", "Show what an app's instances print."),
        Command("events", "mf.cli.events:events", "Show what happened to an app, or in the space."),
        Command("scale", "mf.cli.lifecycle:scale", "Change instances, memory or disk of an app."),
        Command("restart", "mf.cli.lifecycle:restart", "Replace an app's instances one by one.", ("rs",)),
        Command("exec", "mf.cli.exec:run", "Run a command inside an instance of an app."),
        Command("delete", "mf.cli.lifecycle:delete", "Delete an app with its routes and bindings.", ("d",)),
    ),
    "Environment and routes": (
        Command("env", "mf.cli.env:env", "Show an app's environment; values are hidden.", ("e",)),
        Command("set-env", "mf.cli.env:set_env", "Set environment variables of an app.", ("se",)),
        Command("unset-env", "mf.cli.env:unset_env", "Remove environment variables of an app.", ("ue",)),
        Command("routes", "mf.cli.routes:routes", "List the routes of the space.", ("r",)),
        Command("map-route", "mf.cli.routes:map_route", "Send a host name to an app."),
        Command("unmap-route", "mf.cli.routes:unmap_route", "Stop sending a host name to an app."),
    ),
    "Services": (
        Command("marketplace", "mf.cli.marketplace:marketplace", "List the services that can be made.", ("m",)),
        Command("services", "mf.cli.services:services", "List the service instances of the space.", ("s",)),
        Command("service", "mf.cli.services:service", "Show one service instance."),
        Command("create-service", "mf.cli.services:create_service", "Make a service instance.", ("cs",)),
        Command("bind-service", "mf.cli.bindings:bind_service", "Give an app credentials of a service.", ("bs",)),
        Command("unbind-service", "mf.cli.bindings:unbind_service", "Take an app's credentials back.", ("us",)),
        Command("delete-service", "mf.cli.services:delete_service", "Delete a service instance and its data.", ("ds",)),
    ),
    "Orgs and spaces": (
        Command("target", "mf.cli.target:target", "Show or choose the org and space.", ("t",)),
        Command("orgs", "mf.cli.target:orgs", "List the orgs.", ("o",)),
        Command("spaces", "mf.cli.target:spaces", "List the spaces of the org."),
        Command("create-space", "mf.cli.target:create_space", "Make a space.", ("csp",)),
    ),
    "Shell": (Command("completion", "mf.cli.completion:completion", "Print the completion script for a shell."),),
}

COMMANDS: dict[str, Command] = {command.name: command for group in SECTIONS.values() for command in group}
ALIASES: dict[str, str] = {alias: command.name for command in COMMANDS.values() for alias in command.aliases}
