"""Texts from elsewhere, as they may be shown: an error and a log record are one line each.

Rule: nothing that is shown can end a line, move a cursor or pass for another line.
"""

from __future__ import annotations

__all__ = ["one_line"]


def one_line(text: str) -> str:
    r"""A text that stays on its line: as it is if it can be printed, or else escaped.

    :param text: whatever it is.

    >>> print(one_line("/api/tasks"), one_line("/api\n2026-01-01 all is well"))
    /api/tasks '/api\n2026-01-01 all is well'
    """
    return text if text.isprintable() else ascii(text)
