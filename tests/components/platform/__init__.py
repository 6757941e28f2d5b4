"""Tests of the platform components."""
