"""Kinds of things whose making needs more than a document under an address."""
