"""The table: rows of contenders with their ratios and targets, for a terminal and for a page.

Rule: a ratio is one of medians, and the one that has a target says whether it was met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from attrs import field, frozen

from benchmarks.charts import slug
from benchmarks.measuring import Timing

__all__ = ["Row", "Target", "markdown", "text", "written_into"]

HEAD: Final = ("contender", "median", "best", "ratio", "target")
BEGIN: Final = "<!-- begin: python -m benchmarks --write -->"
END: Final = "<!-- end -->"


@frozen
class Target:
    """What cvatfn is to reach against one contender.

    :param against: the contender's name.
    :param sense: whether the ratio has to be at least or at most that large.
    :param ratio: `at least`: how many times cvatfn's time the contender takes; `at most`: how many
        times the contender's time cvatfn takes.
    """

    against: str
    sense: Literal["at least", "at most"]
    ratio: float

    def met(self, ratio: float) -> bool:
        """Whether a measured ratio is good enough.

        :param ratio: as measured.
        """
        return ratio >= self.ratio if self.sense == "at least" else ratio <= self.ratio


@frozen
class Row:
    """One thing that was measured.

    :param title: what.
    :param unit: the unit of the numbers.
    :param scale: nanoseconds in a unit.
    :param ours: what cvatfn took.
    :param others: what the others took.
    :param target: what was to be reached, if anything.
    :param notes: what else was seen.
    """

    title: str
    unit: str
    scale: float
    ours: Timing
    others: tuple[Timing, ...]
    target: Target | None = None
    notes: tuple[str, ...] = field(default=())

    def ratio(self, other: Timing) -> float:
        """Theirs over ours, or ours over theirs, as the target has it.

        :param other: the contender's time.
        """
        if self.target is not None and self.target.sense == "at most":
            return self.ours.median / other.median
        return other.median / self.ours.median

    @property
    def heading(self) -> str:
        """What was measured, in which unit, and what the ratio is one of."""
        at_most = self.target is not None and self.target.sense == "at most"
        told = "cvatfn / contender" if at_most else "contender / cvatfn"
        return f"{self.title}: {self.unit}; ratio: {told}"

    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The cells: a line for each contender, cvatfn first."""
        return (
            (self.ours.name, *self._times(self.ours), "1", ""),
            *(
                (other.name, *self._times(other), _number(self.ratio(other)), self._said(other))
                for other in self.others
            ),
        )

    def _times(self, timing: Timing) -> tuple[str, str]:
        return _number(timing.median / self.scale), _number(timing.best / self.scale)

    def _said(self, other: Timing) -> str:
        target = self.target
        if target is None or target.against != other.name:
            return ""
        verdict = "met" if target.met(self.ratio(other)) else "MISSED"
        return f"{target.sense} {target.ratio:g}: {verdict}"


def text(rows: Iterable[Row]) -> str:
    """The table for a terminal.

    :param rows: what was measured.
    """
    rows = tuple(rows)
    cells = [HEAD, *(line for row in rows for line in row.lines())]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    told = [_aligned(HEAD, widths)]
    for row in rows:
        told += ["", row.heading, *(_aligned(line, widths) for line in row.lines())]
        told += [f"  {note}" for note in row.notes]
    return "\n".join(told)


def markdown(rows: Iterable[Row]) -> str:
    """The table for a page.

    :param rows: what was measured.
    """
    told: list[str] = []
    for row in rows:
        shown = f"![{row.title}: less is better](pictures/benchmarks/{slug(row.title)}.svg)"
        told += [f"**{row.heading}**", "", shown, "", _piped(HEAD), "|---|--:|--:|--:|---|"]
        told += [*(_piped(line) for line in row.lines()), ""]
        told += [text for note in row.notes for text in (note, "")]
    return "\n".join(told)


def written_into(page: str, told: str) -> str:
    """A page with the text between its markers replaced.

    :param page: the page.
    :param told: the new text.
    :raises ValueError: the page has no markers.

    >>> written_into(f"a {BEGIN} old {END} b", "new").split()[0]
    'a'
    """
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"the page has no {BEGIN}")
    return between.sub(lambda _: f"{BEGIN}\n{told}\n{END}", page, count=1)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *numbers, last = cells
    padded = [cell.rjust(width) for cell, width in zip(numbers, widths[1:-1], strict=True)]
    return f"  {first.ljust(widths[0])}  {'  '.join(padded)}  {last}".rstrip()


def _piped(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
