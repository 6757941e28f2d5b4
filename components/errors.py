"""The errors of components.

ComponentError
└── BadSpec   a specification that no component can be made of
"""

from __future__ import annotations


class ComponentError(Exception):
    """Base of everything that components raise on purpose."""


class BadSpec(ComponentError):
    """A specification that no component can be made of."""
