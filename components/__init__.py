"""Pulumi components: one ComponentResource and its Args per file."""
