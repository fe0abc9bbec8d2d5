"""The one way in which the generator gives up: a fact it cannot honour, named where it stands."""

from __future__ import annotations

__all__ = ["Unusable"]


class Unusable(ValueError):  # noqa: N818 - it says what is the matter with the input
    """The document or a table says something that cannot be written as Python."""
