"""Decide, do, remember: how one update of one stack runs."""
