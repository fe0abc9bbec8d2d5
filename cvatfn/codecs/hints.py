"""What may have been meant: hints for names that are not known.

Rule: a hint takes no time to speak of, however long the name is.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["did_you_mean"]

_LONGEST: Final = 100
"""Of a longer name nobody looks for what was meant: that takes its length squared."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """What is added where a name is unknown: the nearest one that is known, or nothing.

    :param given: the name.
    :param known: the names there are.

    >>> did_you_mean("nmae", ["name", "size"]), did_you_mean("x", ["name"])
    ("; did you mean 'name'?", '')
    """
    near = get_close_matches(given[:_LONGEST], list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
