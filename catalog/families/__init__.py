"""Mechanics that kin services share."""
