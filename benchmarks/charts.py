"""Charts of what was measured, drawn from the tables on the page: `python -m benchmarks.charts`.

Rule: what is drawn is what the page says, so a chart is never older or newer than its table; a test
draws them again and compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from handbook.svg import BETWEEN, box, picture, said

__all__ = ["FOLDER", "PAGE", "Chart", "charts", "draw", "drawn", "slug"]

PAGE: Final = Path(__file__).parent.parent / "docs" / "benchmarks.md"
FOLDER: Final = PAGE.parent / "pictures" / "benchmarks"

WIDTH: Final = 460
_VALUES: Final = 130
"""How much room there is for the number behind the longest bar."""
_ROW: Final = 40

_OURS: Final = "#2f6fde"
_OTHERS: Final = "#8b93a1"
_LIMIT: Final = "#d9822b"


@frozen
class Chart:
    """One measurement.

    :param title: what was measured.
    :param unit: of the numbers.
    :param bars: who took how much: the medians, in the order of the table.
    """

    title: str
    unit: str
    bars: tuple[tuple[str, float], ...]

    @property
    def file(self) -> str:
        """The name of its picture."""
        return f"{slug(self.title)}.svg"


def slug(title: str) -> str:
    """A title as the name of a file.

    :param title: the title.

    >>> slug("Upload of 1,024 MiB by TUS, over loopback")
    'upload-of-1024-mib-by-tus-over-loopback'
    """
    return re.sub(r"\W+", "-", title.replace(",", "").lower()).strip("-")


def charts(page: str) -> Iterator[Chart]:
    r"""The measurements on a page.

    :param page: its text, with the tables that `table.markdown` writes.

    >>> told = "**Calls: ms; ratio: a / b**\n\n| x | 1.5 | 1 | 1 |  |\n"
    >>> next(charts(told)).bars
    (('x', 1.5),)
    """
    for heading in _HEADING.finditer(page):
        after = page[heading.end() :]
        following = _HEADING.search(after)
        table = after[: following.start()] if following else after
        bars = tuple((name.strip(), float(median)) for name, median in _LINE.findall(table))
        yield Chart(heading["title"], heading["unit"], bars)


def drawn(page: str) -> Mapping[str, str]:
    """The pictures of a page's measurements, by the names of their files.

    :param page: its text.
    """
    return {chart.file: _drawn(chart) for chart in charts(page)}


def draw(page: str, folder: Path) -> None:
    """Draw them into a folder, and take away those of what is no longer measured.

    :param page: the page's text.
    :param folder: where they go.
    """
    pictures = drawn(page)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        if old.name not in pictures:
            old.unlink()
    for name, text in pictures.items():
        (folder / name).write_text(text, encoding="utf-8")


def _drawn(chart: Chart) -> str:
    high = _ROW * len(chart.bars) + 6
    return picture(WIDTH, high, f"{chart.title}, in {chart.unit}: less is better", _bars(chart))


def _bars(chart: Chart) -> Iterator[str]:
    most = max(value for _, value in chart.bars) or 1
    for number, (name, value) in enumerate(chart.bars):
        top = _ROW * number
        wide = max((WIDTH - _VALUES) * value / most, 2)
        yield said(0, top + 15, name, bold=_is_ours(name))
        yield box(0, top + 20, wide, 16, _color(name), 3)
        yield said(wide + 7, top + 33, f"{value:g} {chart.unit}", fill=BETWEEN)


def _color(name: str) -> str:
    if name == "the limit":
        return _LIMIT
    return _OURS if _is_ours(name) else _OTHERS


def _is_ours(name: str) -> bool:
    return name.startswith("cvatfn")


_HEADING: Final = re.compile(
    r"^\*\*(?P<title>[^\n]+): (?P<unit>[^:;\n]+); ratio: [^\n]*$", re.MULTILINE
)
_LINE: Final = re.compile(r"^\| ([^|\n]+) \| ([\d.]+) \|", re.MULTILINE)


if __name__ == "__main__":
    draw(PAGE.read_text(encoding="utf-8"), FOLDER)
