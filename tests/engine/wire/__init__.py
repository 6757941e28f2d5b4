"""Tests of values on the wire."""
