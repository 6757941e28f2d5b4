"""Tests of mf."""
