"""The picture of the floors of the house: how a call goes through them, down and up again.

Rule: what stands in it are names that there are; a test looks them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from handbook.svg import arrow, box, picture, said

__all__ = ["FLOORS", "Floor", "floors"]

WIDTH: Final = 480
_LEFT: Final = 12
_WIDE: Final = WIDTH - 2 * _LEFT
_HALF: Final = (_WIDE - 20) / 2
_HIGH: Final = 74
_TOPS: Final = tuple(34 + (_HIGH + 32) * number for number in range(5))


@frozen
class Floor:
    """A floor, or a half of one.

    :param name: what is done there; code.
    :param does: what becomes of what.
    :param home: the modules that it is in.
    """

    name: str
    does: tuple[str, ...]
    home: str


TOP: Final = Floor("call", ("call(transport, tasks.retrieve, 42)",), "cvatfn.calling")
ENDPOINT: Final = Floor(
    "Endpoint",
    ("path, method, parameters, answers, releases: a value",),
    "cvatfn.endpoints",
)
DOWN: Final = Floor("prepare", ("parameters → Request", "or InvalidParams"), "cvatfn.preparing")
UP: Final = Floor("interpret", ("Response → TaskRead", "or why not"), "cvatfn.interpreting")
WRAPPERS: Final = Floor(
    "retrying", ("retrying · logged · in_organization · rate_limited",), "cvatfn.transport"
)
BOTTOM: Final = Floor("connect", ("connect · in_memory · replayed · Sandbox",), "cvatfn.transport")
FLOORS: Final = (TOP, ENDPOINT, DOWN, UP, WRAPPERS, BOTTOM)

_YOURS: Final = "#2563c9"
_PURE: Final = "#2b7a5b"
_EDGE: Final = "#a8481f"


def floors() -> str:
    """The picture, as SVG."""
    return picture(WIDTH, _TOPS[-1] + _HIGH + 62, "The floors of the house", _shapes())


def _shapes() -> Iterator[str]:
    middle, right = WIDTH / 2, _LEFT + _HALF + 20
    yield said(middle, 22, "what you write", anchor="middle", size=12)
    yield from _storey(_LEFT, _TOPS[0], _WIDE, _YOURS, TOP.does[0], "comes to Success or Failure")
    yield from _storey(
        _LEFT, _TOPS[1], _WIDE, _PURE, "tasks.retrieve: an Endpoint", ENDPOINT.does[0]
    )
    for left, half in ((_LEFT, DOWN), (right, UP)):
        yield from _storey(left, _TOPS[2], _HALF, _PURE, half.name, *half.does)
    yield from _storey(
        _LEFT, _TOPS[3], _WIDE, _EDGE, "wrappers, as many as you like", *WRAPPERS.does
    )
    yield from _storey(_LEFT, _TOPS[4], _WIDE, _EDGE, "a transport", *BOTTOM.does)
    told = ("pure: values to values", "", "effects: Request → Response", "", "the network")
    for top, text in zip(_TOPS, told, strict=True):
        below = top + _HIGH
        yield arrow(_LEFT + _HALF / 2, below + 3, _LEFT + _HALF / 2, below + 29)
        yield arrow(right + _HALF / 2, below + 29, right + _HALF / 2, below + 3)
        yield said(middle, below + 20, text, anchor="middle", size=12)
    yield said(middle, _TOPS[-1] + _HIGH + 50, "CVAT, or what stands in for it", anchor="middle")


def _storey(
    left: float, top: float, width: float, fill: str, name: str, *lines: str
) -> Iterator[str]:
    yield box(left, top, width, _HIGH, fill)
    middle = left + width / 2
    first = top + (30 if len(lines) == 1 else 24)
    yield said(middle, first, name, fill="#ffffff", anchor="middle", size=15, bold=True, code=True)
    for number, line in enumerate(lines, 1):
        yield said(middle, first + 4 + 18 * number, line, fill="#ffffff", anchor="middle", size=13)
