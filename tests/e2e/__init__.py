"""On a real cluster of this machine."""
