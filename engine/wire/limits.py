"""Limits of every gRPC channel and server: those that Pulumi uses."""

from __future__ import annotations

from typing import Final

_LARGEST_MESSAGE: Final = 400 * 1024 * 1024
_LONGEST_QUEUE_SECONDS: Final = 30 * 60

OPTIONS: Final = (
    ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
    ("grpc.max_send_message_length", _LARGEST_MESSAGE),
    ("grpc.server_max_unrequested_time_in_server", _LONGEST_QUEUE_SECONDS),
    ("grpc.so_reuseport", 0),
)
"""Options of every channel and server: gRPC's own 4 MB are too few for large manifests."""
