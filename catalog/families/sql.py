"""SQL databases in the cluster: every binding is a role of its own, made and revoked by the database's own client."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from catalog.families.stateful_set import Recipe, host, provision
from catalog.model import BindRequest, Form, Offering

_LONGEST_ROLE = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one product says it: `client` runs SQL from standard input, inside the container."""

    scheme: str
    database: Callable[[str], str]
    client: Callable[[str], list[str]]
    grant: Callable[[str, str, str], str]
    revoke: Callable[[str, str], str]


def in_cluster(recipe: Recipe, dialect: Dialect) -> Offering:
    """The product as a StatefulSet with roles per binding."""
    return Offering(form=Form(provision=provision(recipe), bind=_binder(recipe, dialect)))


def _binder(recipe: Recipe, dialect: Dialect) -> Callable[[BindRequest], Any]:
    def bind(request: BindRequest) -> Any:
        import pulumi
        import pulumi_command as command
        import pulumi_random as random

        name, opts = request.name, request.opts
        identity = random.RandomId(f"{name}-role", byte_length=4, opts=opts)
        password = random.RandomPassword(f"{name}-password", length=32, special=False, opts=opts)
        role = identity.hex.apply(lambda text: role_name(name, text))
        script = pulumi.Output.all(role, password.result).apply(lambda it: dialect.grant(request.instance, *it))
        secret: Any = pulumi.Output.secret(cast(Any, script))
        made = command.local.Command(
            f"{name}-grant",
            create=grant_command(request, recipe, dialect),
            delete=revoke_command(request, recipe, dialect),
            stdin=secret,
            environment={"REVOKE": role.apply(lambda text: dialect.revoke(request.instance, text))},
            triggers=[role],
            logging=command.local.Logging.NONE,
            opts=opts,
        )
        # Credentials are not handed out before the role is there.
        granted = pulumi.Output.all(made.id, role, password.result)
        return granted.apply(lambda it: credentials(request, recipe, dialect, username=it[1], password=it[2]))

    return bind


def role_name(binding: str, suffix: str) -> str:
    """A role per binding, new at every bind, that tells a reader whose it is."""
    stem = binding.replace("-", "_")[: _LONGEST_ROLE - len(suffix) - 1]
    return f"{stem}_{suffix}"


def grant_command(request: BindRequest, recipe: Recipe, dialect: Dialect) -> str:
    """The command line that hands its standard input to the client in the first pod."""
    return f"sql=$(cat); {_patiently(request, recipe, dialect, 'sql')}"


def revoke_command(request: BindRequest, recipe: Recipe, dialect: Dialect) -> str:
    """The command line that revokes; where the instance itself is gone there is nothing left to revoke."""
    exists = shlex.join(["mf-kube", "exists", "apps/v1", "StatefulSet", request.namespace, request.instance])
    run = _patiently(request, recipe, dialect, "REVOKE")
    return f"{exists}; case $? in 0) {run};; 1) ;; *) exit 1;; esac"


def _patiently(request: BindRequest, recipe: Recipe, dialect: Dialect, variable: str) -> str:
    """Again when the pod can't be reached (125) or the server goes away (2): it may just be starting anew."""
    words = ["mf-kube", "exec", request.namespace, f"{request.instance}-0", "-c", recipe.container, "--"]
    run = shlex.join([*words, *dialect.client(request.instance)])
    again = "code=$?; n=$((n+1)); case $code in 2|125) [ $n -lt 20 ] || exit $code;; *) exit $code;; esac; sleep 2"
    return f'n=0; until printf "%s\\n" "${variable}" | {run}; do {again}; done'


def credentials(
    request: BindRequest, recipe: Recipe, dialect: Dialect, *, username: str, password: str
) -> dict[str, Any]:
    """What an app is given; names and passwords hold letters, digits and underscores only: URLs need no quoting."""
    address = f"{host(request.instance, request.namespace)}:{recipe.port}/{dialect.database(request.instance)}"
    return {
        "type": dialect.scheme,
        "provider": "microfoundry",
        "host": host(request.instance, request.namespace),
        "port": str(recipe.port),
        "database": dialect.database(request.instance),
        "username": username,
        "password": password,
        "uri": f"{dialect.scheme}://{username}:{password}@{address}",
        "jdbcUrl": f"jdbc:{dialect.scheme}://{address}?user={username}&password={password}",
    }
