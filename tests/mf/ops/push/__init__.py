"""The whole of `mf push`."""
