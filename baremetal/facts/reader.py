"""All facts about a machine, read in one go."""

from __future__ import annotations

from dataclasses import dataclass

from baremetal import transport as transports
from baremetal.facts import cgroup, daemons, network, room, system, tools
from baremetal.transport import Transport

_TOPICS = (system, cgroup, room, network, tools, daemons)
_MARK = "== next topic =="


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a plan is made from."""

    host: str
    system: system.System
    cgroup: cgroup.Cgroup
    room: room.Room
    network: network.Network
    tools: tools.Tools
    daemons: daemons.Daemons


def read(transport: Transport) -> Facts:
    """Read every topic by a single script. Raises ScriptFailed."""
    script = f"echo '{_MARK}'\n".join(f"( {topic.COMMAND} )\n" for topic in _TOPICS)
    texts = transports.read(transport, script).split(f"{_MARK}\n")
    return Facts(
        host=transport.host,
        system=system.parse(texts[0]),
        cgroup=cgroup.parse(texts[1]),
        room=room.parse(texts[2]),
        network=network.parse(texts[3]),
        tools=tools.parse(texts[4]),
        daemons=daemons.parse(texts[5]),
    )
