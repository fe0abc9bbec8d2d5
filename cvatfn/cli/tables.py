"""Many objects in a row, in the form that was asked for, each written when it comes.

Rule: no form keeps what it has written. A table keeps its first rows only, to know how wide its
columns are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from io import StringIO
from itertools import accumulate, chain, islice, repeat
from typing import Final

import click

from cvatfn.cli.columns import brief, cell, picked, value_at
from cvatfn.cli.shown import escaped, json_text, on_terminal, say
from cvatfn.codecs.showing import readable

__all__ = ["Form", "fitting", "lines_of", "usual_form", "with_room", "write"]


class Form(Enum):
    """A form for many objects."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def usual_form() -> Form:
    """A table where people look, a JSON object a line where programs read."""
    return Form.TABLE if on_terminal() else Form.JSONL


def write(
    items: Iterable[object], form: Form, paths: Sequence[str] | None, *, all_of_them: bool = True
) -> None:
    """Write objects to stdout.

    :param items: the objects; whatever they raise goes through, after what came before.
    :param form: how.
    :param paths: what of them; `None` for all of it, which a table and CSV cannot have.
    :param all_of_them: whether a table has each path; or those that a terminal has room for.
    """
    columns = () if paths is None else tuple(paths)
    match form:
        case Form.TABLE:
            _table(items, columns, dropping=not all_of_them)
        case Form.JSON:
            _json(items, columns)
        case Form.JSONL:
            _jsonl(items, columns)
        case Form.CSV:
            _csv(items, columns)


def _jsonl(items: Iterable[object], paths: Sequence[str]) -> None:
    for item in items:
        click.echo(_whole(item, paths).encode())


def _json(items: Iterable[object], paths: Sequence[str]) -> None:
    """An array; what breaks off stays open, so that nobody takes it for the whole."""
    before = "["
    for item in items:
        click.echo(f"{before}\n{_whole(item, paths)}".encode(), nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def _csv(items: Iterable[object], paths: Sequence[str]) -> None:
    click.echo(_csv_line(paths), nl=False)
    for item in items:
        cells = [value_at(item, path.split(".")) for path in paths]
        click.echo(_csv_line([_harmless(value) for value in cells]), nl=False)


def _csv_line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)  # RFC 4180, with its CRLF
    text = line.getvalue()
    if not on_terminal():
        return text
    shown = escaped(text[:-2]).replace("\n", "\\n")
    return f"{shown}\n"


def _harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula.

    A text that begins with one of these has an apostrophe before it; numbers stay as they are.
    Source: OWASP, CSV Injection.
    """
    text = cell(value)
    return f"'{text}" if text.startswith(_FORMULAS) and not isinstance(value, int | float) else text


_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def _whole(item: object, paths: Sequence[str]) -> str:
    return json_text(picked(item, paths) if paths else item)


def _table(items: Iterable[object], paths: Sequence[str], *, dropping: bool) -> None:
    rows = ([readable(brief(value_at(item, path.split(".")))) for path in paths] for item in items)
    first: list[list[str]] = []
    try:
        for row in islice(rows, _LOOKED_AT):
            first.append(row)  # noqa: PERF402 - one by one, to have them where it breaks off
    finally:  # what came before it broke off is shown, too
        if first:
            _print(paths, first, rows, dropping=dropping)
    if not first:
        say("There are none.")


_LOOKED_AT: Final = 100
"""From how many rows a table learns how wide its columns are: a page of a listing."""


def _print(
    paths: Sequence[str], first: list[list[str]], rest: Iterator[list[str]], *, dropping: bool
) -> None:
    # rich takes a while to import, and only tables need it.
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    width = console.width if console.is_terminal else None
    styles = chain(["bold"], repeat(""))
    for line in lines_of(paths, first, rest, width, dropping=dropping):
        console.print(Text(line, style=next(styles)))


def lines_of(
    paths: Sequence[str],
    first: Sequence[Sequence[str]],
    rest: Iterable[Sequence[str]],
    width: int | None,
    *,
    dropping: bool = False,
) -> Iterator[str]:
    """A table as lines, the head first.

    :param paths: the head.
    :param first: the rows that say how wide the columns are.
    :param rest: the others.
    :param width: how wide a line may be; `None` for any.
    :param dropping: whether the last columns are left out where there is no room for them.

    >>> [*lines_of(("id", "name"), [["1", "cats and dogs"]], [], 10)]
    ['id  name', '1   cats …']
    """
    from rich.cells import cell_len

    natural = [max(map(cell_len, column)) for column in zip(paths, *first, strict=True)]
    count = with_room(natural, width) if dropping and width is not None else len(natural)
    widths = fitting(natural[:count], width)
    for cells in chain([paths], first, rest):
        yield "  ".join(map(_fitted, cells, widths)).rstrip()


def _fitted(text: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return f"{set_cell_size(text, width - 1)}…"


def fitting(natural: Sequence[int], width: int | None) -> list[int]:
    """How wide each column is, when a line has only so much room: the widest give way first.

    :param natural: how wide each would like to be.
    :param width: the room; `None` for any.

    >>> fitting([3, 20, 30], 40)
    [3, 16, 17]
    """
    widths = [*natural]
    room = None if width is None else width - 2 * (len(widths) - 1)
    while room is not None and sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def with_room(natural: Sequence[int], width: int) -> int:
    """How many columns a line has room for, from the first on, so that they can still be read.

    :param natural: how wide each would like to be.
    :param width: the room.

    >>> with_room([3, 40, 10, 10], 40), with_room([90, 90], 4)
    (3, 1)
    """
    ends = accumulate(min(each, _READABLE) + 2 for each in natural)
    return max(1, sum(end - 2 <= width for end in ends))


_NARROWEST: Final = 4
_READABLE: Final = 16
