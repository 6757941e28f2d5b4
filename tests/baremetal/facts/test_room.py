"""Memory and disk in bytes."""

from __future__ import annotations

from baremetal.facts.room import parse


def test_room_is_read_in_bytes() -> None:
    room = parse("disk  78421020672\nMemTotal: 25276500992\nMemAvailable: 24736000000\nSwapTotal: 0\n")
    assert (room.disk, room.memory, room.memory_available, room.swap) == (78421020672, 25276500992, 24736000000, 0)
