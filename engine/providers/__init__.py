"""Providers: which ones there are, where they come from, and the ones at work in an update."""

from engine.providers.catalogue import PluginSource, register

__all__ = ["PluginSource", "register"]
