"""Decide: which steps a resource needs; nothing here changes anything."""
