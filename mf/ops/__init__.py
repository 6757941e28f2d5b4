"""Use-cases, one module per noun: plain functions that return dataclasses and never print."""
