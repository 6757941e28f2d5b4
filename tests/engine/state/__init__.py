"""Tests of states and their files."""
