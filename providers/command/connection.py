"""How to reach a host over SSH: the `connection` input, and a connection that is open for as long as it is needed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from providers.errors import BadInput, CommandStopped, ConnectionFailed

if TYPE_CHECKING:
    import asyncssh

SECRET_FIELDS = ("password", "privateKey", "privateKeyPassword")
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One host; `attempts` of 0 means to try for ever."""

    host: str
    port: int = 22
    user: str = "root"
    password: str | None = None
    private_key: str | None = None
    passphrase: str | None = None
    agent: str | None = None
    host_key: str | None = None
    attempts: int = 10
    attempt_seconds: float = 15
    proxy: Endpoint | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Endpoint:
        """From the `connection` input with its secrets opened."""
        limit = 10 if given.get("dialErrorLimit") is None else int(given["dialErrorLimit"])
        seconds = given.get("perDialTimeout")
        return cls(
            host=given["host"],
            port=int(given.get("port") or 22),
            user=given.get("user") or "root",
            password=given.get("password"),
            private_key=given.get("privateKey"),
            passphrase=given.get("privateKeyPassword"),
            agent=given.get("agentSocketPath") or os.environ.get("SSH_AUTH_SOCK"),
            host_key=given.get("hostKey"),
            attempts=0 if limit < 0 else max(1, limit),
            attempt_seconds=15 if seconds is None else float(seconds),
            proxy=cls.of(given["proxy"]) if given.get("proxy") else None,
        )

    @property
    def label(self) -> str:
        """`user@host:port`, for messages."""
        return f"{self.user}@{self.host}:{self.port}"


@asynccontextmanager
async def connected(endpoint: Endpoint, stopped: Callable[[], bool]) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection to the host, through its proxy where it has one."""
    async with AsyncExitStack() as stack:
        tunnel = await stack.enter_async_context(connected(endpoint.proxy, stopped)) if endpoint.proxy else None
        yield await stack.enter_async_context(await _dial(endpoint, tunnel, stopped))


async def _dial(endpoint: Endpoint, tunnel: Any, stopped: Callable[[], bool]) -> asyncssh.SSHClientConnection:
    """Try as often as the endpoint allows: a host that is just being made may need a while."""
    import asyncssh

    options = _options(endpoint)
    attempt = 0
    while True:
        attempt += 1
        try:
            return await asyncssh.connect(endpoint.host, endpoint.port, tunnel=tunnel, config=None, **options)
        except asyncssh.HostKeyNotVerifiable as exc:
            raise ConnectionFailed(f"{endpoint.label} has another host key than hostKey says") from exc
        except (TimeoutError, OSError, asyncssh.Error) as exc:
            if endpoint.attempts and attempt >= endpoint.attempts:
                tries = "once" if attempt == 1 else f"{attempt} times"
                raise ConnectionFailed(f"cannot connect to {endpoint.label} (tried {tries}): {_reason(exc)}") from exc
        await _pause(min(attempt, _LONGEST_PAUSE), stopped)


def _options(endpoint: Endpoint) -> dict[str, Any]:
    seconds = endpoint.attempt_seconds or None
    return {
        "username": endpoint.user,
        "password": endpoint.password,
        "client_keys": [_key(endpoint)] if endpoint.private_key else None,
        "agent_path": endpoint.agent,
        "known_hosts": _known_hosts(endpoint),
        "connect_timeout": seconds,
        "login_timeout": seconds or 120,
        "keepalive_interval": 30,
    }


def _key(endpoint: Endpoint) -> Any:
    import asyncssh

    try:
        return asyncssh.import_private_key(endpoint.private_key or "", endpoint.passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as exc:
        raise BadInput(f"privateKey for {endpoint.label} can't be read: {exc}") from exc


def _known_hosts(endpoint: Endpoint) -> Any:
    """The one key to accept; any key where none is given, which is what the real provider does."""
    import asyncssh

    if not endpoint.host_key:
        return None
    try:
        return [asyncssh.import_public_key(endpoint.host_key)], [], []
    except asyncssh.KeyImportError as exc:
        raise BadInput(f"hostKey for {endpoint.label} is no public key: {exc}") from exc


def _reason(exc: Exception) -> str:
    return str(exc) or type(exc).__name__


async def _pause(seconds: float, stopped: Callable[[], bool]) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        if stopped():
            raise CommandStopped("connecting was stopped because the update was cancelled")
        await asyncio.sleep(0.1)
