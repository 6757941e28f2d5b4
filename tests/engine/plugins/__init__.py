"""Plugins as real processes."""
