"""The page `docs/coming-from-cvat-sdk.md`, read: its tables, and two programs under each heading.

Rule: what a reader sees is what is run. A pair is two blocks under one heading, the official
client's first, each under its client's name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from attrs import frozen

__all__ = ["PAIRS", "TEXT", "Pair", "anchor", "code", "headings", "table"]

TEXT: Final = (Path(__file__).parents[2] / "docs" / "coming-from-cvat-sdk.md").read_text("utf-8")

_FENCED: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_PAIR: Final = re.compile(
    r"^\*\*cvat-sdk\*\*\n\n```py\n(.*?)```\n\n\*\*cvatfn\*\*\n\n```python\n(.*?)```$",
    re.DOTALL | re.MULTILINE,
)


@frozen
class Pair:
    """Two programs that do the same.

    :param heading: the heading that they stand under.
    :param official: the one that uses cvat-sdk.
    :param ours: the one that uses cvatfn.
    """

    heading: str
    official: str
    ours: str

    @property
    def name(self) -> str:
        """The heading as a test's id, and as the page's anchor."""
        return anchor(self.heading)


def anchor(heading: str) -> str:
    """The anchor that a Git host and the site both make of a heading.

    >>> anchor("Null, and not there")
    'null-and-not-there'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(text: str) -> list[str]:
    """The headings of a page, in order; comments in its programs are none."""
    return re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    _, _, after = TEXT.partition(f"# {heading}\n")
    rows = re.search(r"^\|.+\n\|[-| ]+\n((?:\|.*\n)+)", after, re.MULTILINE)
    assert rows is not None, heading
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[1].splitlines()
    ]


def code(cell: str) -> list[str]:
    """What stands between backticks.

    >>> code("`host`, or `connect(host)`")
    ['host', 'connect(host)']
    """
    return re.findall(r"`([^`]+)`", cell)


def _pairs() -> list[Pair]:
    sections = re.split(r"^(?=##+ )", TEXT, flags=re.MULTILINE)
    return [
        Pair(headings(section)[0], official, ours)
        for section in sections
        for official, ours in _PAIR.findall(section)
    ]


PAIRS: Final = _pairs()
