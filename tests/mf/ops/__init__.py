"""Tests of mf/ops."""
