"""Processes that are killed for good, at every write and every call, and what the next one makes of it."""
