"""Tests of mf/cli."""
