"""Tests of the places where stacks rest."""
