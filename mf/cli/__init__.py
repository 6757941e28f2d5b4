"""The command line: one file per noun over `mf.ops`; only this layer prints."""
