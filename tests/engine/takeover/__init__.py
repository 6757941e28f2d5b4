"""Stacks that change hands between the real command and this engine."""
