"""Texts from elsewhere, as they may be shown: an error and a log record are one line each.

Rule: nothing that is shown can end a line, move a cursor or pass for another line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["in_words", "one_line", "readable", "written"]

_LONGEST: Final = 1000
"""How many characters of a text from elsewhere are shown."""


def one_line(text: str) -> str:
    r"""A text that stays on its line: as it is if it can be printed, or else escaped.

    :param text: whatever it is.

    >>> print(one_line("/api/tasks"), one_line("/api\n2026-01-01 all is well"))
    /api/tasks '/api\n2026-01-01 all is well'
    """
    return text if text.isprintable() else ascii(text)


def readable(text: str) -> str:
    r"""A text that stays on its line and ends: what cannot be printed is escaped, the rest is cut.

    :param text: whatever it is.

    >>> print(readable("over\x1b[2J"), len(readable("x" * 9000)))
    over\x1b[2J 1000
    """
    cut = text[:_LONGEST]
    if not cut.isprintable():
        cut = "".join(map(_escaped, cut))[:_LONGEST]
    return cut if len(text) <= _LONGEST else f"{cut[: _LONGEST - 3]}..."


def in_words(value: object, say: Callable[[object], str] = str) -> str:
    """A value's text; what has none is told by its type.

    :param value: anything: too deep to print, too long a number, or somebody else's mistake.
    :param say: `str` or `repr`.

    >>> in_words(5), in_words(10**9999)
    ('5', '<int>')
    """
    try:
        return say(value)
    except Exception:
        return f"<{type(value).__name__}>"


def written(value: object) -> str:
    r"""A value as Python writes it, on one line and cut.

    :param value: anything.

    >>> print(written("over\x1b[2J"), written(10**9999))
    'over\x1b[2J' <int>
    """
    return readable(in_words(value, repr))


def _escaped(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]
