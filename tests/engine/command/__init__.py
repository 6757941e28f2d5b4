"""Tests of Pulumi's commands."""
