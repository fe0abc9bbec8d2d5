"""What a cell of the table of faults says, and families of rows by what a single try comes to.

Rule: data. What stands here follows from which of the library's conversations try again by design.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from tests.faults.kinds import KINDS
from tests.hop.faults import Wrong
from tests.hop.thresholds import Handshake

__all__ = [
    "GOES_ON",
    "UNSEEN",
    "Cell",
    "Certificate",
    "Nobody",
    "Row",
    "final",
    "harmless",
    "passing",
    "unacted",
]

GOES_ON: Final = "goes on"
UNSEEN: Final = "cannot be seen"
"""Nothing in HTTP tells that something is missing."""


@frozen
class Nobody:
    """Nobody listens."""


@frozen
class Certificate:
    """TLS is spoken, with a certificate that must not be taken."""

    flaw: Literal["wrong name", "expired", "untrusted", "not yet valid"]


Struck: TypeAlias = Wrong | Nobody | Certificate | Handshake


@frozen
class Cell:
    """What a kind of endpoint comes to.

    :param once: where the fault strikes one request: the name of an error class, or `GOES_ON`.
    :param stays: where it strikes all of them.
    """

    once: str
    stays: str


@frozen
class Row:
    """A fault, and what comes of it.

    :param name: for ids and for people.
    :param fault: what is done.
    :param acts: whether the server acts on the struck request.
    :param unsent: whether the client can know that it did not.
    :param waits: how many seconds the server asks to wait.
    :param cells: by the name of the kind.
    :param awaited: those that come to something else under event loops.
    :param why: why they do.
    """

    name: str
    fault: Struck
    cells: Mapping[str, Cell]
    acts: bool = True
    unsent: bool = False
    waits: float | None = field(default=None, kw_only=True)
    awaited: Mapping[str, Cell] = field(factory=dict[str, Cell], kw_only=True)
    why: str = field(default="", kw_only=True)

    @property
    def id(self) -> str:
        """The name as a part of a test's id."""
        return "-".join(re.findall(r"[A-Za-z0-9]+", self.name))

    def cell(self, kind: str, *, awaited: bool) -> Cell:
        """What a kind comes to.

        :param kind: its name.
        :param awaited: whether it is asked under an event loop.
        """
        return self.awaited.get(kind, self.cells[kind]) if awaited else self.cells[kind]


def harmless(**others: str | Cell) -> dict[str, Cell]:
    """It makes no difference to anybody."""
    return _with({kind.name: Cell(GOES_ON, GOES_ON) for kind in KINDS}, others)


def final(error: str, **others: str | Cell) -> dict[str, Cell]:
    """It will not pass, and nobody tries again."""
    return _with({kind.name: Cell(error, error) for kind in KINDS}, others)


def passing(error: str, **others: str | Cell) -> dict[str, Cell]:
    """It may pass: a call comes to the error, and who tries again by design goes on.

    Where it stays: the files of a batch go one by one; the server tells of each piece that it has,
    though its answers are lost; and who waits has waited in vain.
    """
    cells = {kind.name: Cell(GOES_ON if kind.tries else error, error) for kind in KINDS}
    cells["multipart"] = Cell(GOES_ON, GOES_ON)
    cells["piece"] = Cell(GOES_ON, GOES_ON)
    cells["look"] = Cell(GOES_ON, "PollTimedOut")
    return _with(cells, others)


def unacted(error: str, **others: str | Cell) -> dict[str, Cell]:
    """The same, where the server never acts: then no piece of a file gets there while it stays."""
    return passing(error, piece=Cell(GOES_ON, error), **others)


def _with(cells: dict[str, Cell], others: Mapping[str, str | Cell]) -> dict[str, Cell]:
    said = {
        name: Cell(each, each) if isinstance(each, str) else each for name, each in others.items()
    }
    assert said.keys() <= cells.keys()
    return cells | said
