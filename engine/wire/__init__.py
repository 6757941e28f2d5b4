"""Between engine values and the wire: the only room that touches generated protobuf classes."""
