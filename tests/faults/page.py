"""The page that shows the table of faults: written from the same data that the tests are run by.

Rule: pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.faults.cells import GOES_ON, UNSEEN, Cell
from tests.faults.kinds import KINDS
from tests.faults.settled import ROWS, SECTIONS

__all__ = ["PAGE", "page"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "faults.md"

HEAD: Final = """\
# What becomes of each fault

Written by `python -m tests.faults` from the table that the tests are run by
(`tests/faults/settled.py`): change that, not this page.

A hop on loopback breaks what passes between the client and a CVAT to test against (the sandbox,
over HTTP), for each fault and each kind of endpoint. Whatever it does, a call comes back with a
value of the class that is named here, within its timeout. No thread, no socket and no half-written
file is left, nothing is done twice that is not safe to repeat, and `may_have_acted` is never false
where the sandbox has acted.

**Each cell is a test.** Its id is the name of the fault, words joined by `-`, then `-x-` and the
name of the kind:

<!-- test: not run, because it is a test of the suite, which runs it anyway -->

```console
pytest "tests/faults/test_matrix.py::test_cell[{example}]"
```

**How to read it.**

- An error's name is its class, in `cvatfn.errors`, `cvatfn.transfer` or `cvatfn.polling`.
- *{goes_on}*: all there was to be had is there, once.
- *{goes_on}; `TimedOut`*: it goes on where the fault strikes one request, and comes to the error
  where it strikes each of them. Uploads, downloads and waiting try again by design.
- *{unseen}*: the file is there, and shorter than it should be. Nothing in HTTP tells the end of an
  answer without a length from its being cut, nor a wrong length from a right one. CVAT announces
  the lengths of its files.
- A safe request on a link that was used before is sent again at once where the server closes it in
  silence, as it may close an idle one at any time. So does the list, whose second page is struck.
- **Under event loops** (`connect_async`, asyncio and trio) each cell comes to the same.
  Of the {rows} faults each meets one kind in turn wherever the suite runs,
  and all {kinds} under both loops in the nightly run:
  `tests/faults/test_matrix.py::test_under_event_loops_it_comes_to_the_same`.
- With `connect(retry=...)` or `retrying(...)`, what is safe to repeat is repeated, and so is
  anything that surely never reached the server: `tests/faults/test_retries.py` runs each row so.

| kind | what is asked, and which request is struck |
|---|---|
"""


def page() -> str:
    """The whole page."""
    row, kind = SECTIONS["Slow ones"][3], KINDS[7]
    head = HEAD.format(
        example=f"{row.id}-x-{kind.name}",
        goes_on=GOES_ON,
        unseen=UNSEEN,
        rows=len(ROWS),
        kinds=len(KINDS),
    )
    return head + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for kind in KINDS:
        yield f"| `{kind.name}`: {kind.title} | {kind.said} |"
    for title, rows in SECTIONS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield _line("fault", *(f"`{kind.name}`" for kind in KINDS))
        yield "|---" * (len(KINDS) + 1) + "|"
        for row in rows:
            yield _line(row.name, *(_said(row.cells[kind.name]) for kind in KINDS))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _said(cell: Cell) -> str:
    once, stays = _named(cell.once), _named(cell.stays)
    return once if once == stays else f"{once}; {stays}"


def _named(came: str) -> str:
    return f"`{came}`" if re.fullmatch(r"[A-Z]\w+", came) else came
