"""Pictures as text: a few shapes, each a line of SVG.

Rule: a picture is read on a light ground and on a dark one, and brings no font. So what stands on
the ground itself has a tone between the two, and any other text stands on a color of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias
from xml.sax.saxutils import escape, quoteattr

__all__ = ["BETWEEN", "arrow", "box", "picture", "said"]

Anchor: TypeAlias = Literal["start", "middle", "end"]

BETWEEN: Final = "#7a828e"
"""A tone that is read on white and on nearly black: the contrast is at least 3.8 to 1 on either."""

_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def picture(width: int, height: int, title: str, shapes: Iterable[str]) -> str:
    """A whole picture.

    :param width: in pixels; it is scaled to what there is room for.
    :param height: in pixels.
    :param title: what it shows, for who cannot see it.
    :param shapes: its lines.

    >>> picture(4, 3, "a & b", []).splitlines()[1]
    '<title>a &amp; b</title>'
    """
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="{_FONT}" font-size="14">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *shapes, "</svg>", ""])


def box(x: float, y: float, width: float, height: float, fill: str, radius: float = 6) -> str:
    """A box with rounded corners.

    :param x: its left side.
    :param y: its upper side.
    :param width: how wide it is.
    :param height: how high it is.
    :param fill: its color.
    :param radius: of its corners.
    """
    place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect {place} rx="{_number(radius)}" fill={quoteattr(fill)}/>'


def said(
    x: float,
    y: float,
    text: str,
    *,
    fill: str = BETWEEN,
    anchor: Anchor = "start",
    size: float = 14,
    bold: bool = False,
    code: bool = False,
) -> str:
    """A line of text.

    :param x: where it begins, has its middle or ends, as `anchor` says.
    :param y: its base line.
    :param text: what it says.
    :param fill: its color.
    :param anchor: which of its points is at `x`.
    :param size: of its letters, in pixels.
    :param bold: whether they are bold.
    :param code: whether it is code.
    """
    style = "".join(
        [
            f' text-anchor="{anchor}"' if anchor != "start" else "",
            f' font-size="{_number(size)}"' if size != 14 else "",
            ' font-weight="600"' if bold else "",
            " font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\""
            if code
            else "",
        ]
    )
    place = f'x="{_number(x)}" y="{_number(y)}"'
    return f"<text {place} fill={quoteattr(fill)}{style}>{escape(text)}</text>"


def arrow(x: float, y: float, to_x: float, to_y: float, stroke: str = BETWEEN) -> str:
    """An arrow straight down, up or to a side.

    :param x: where it begins.
    :param y: where it begins.
    :param to_x: where its head is.
    :param to_y: where its head is.
    :param stroke: its color.
    """
    across, down = _sign(to_x - x), _sign(to_y - y)
    left = (to_x - 7 * across - 5 * down, to_y - 7 * down - 5 * across)
    right = (to_x - 7 * across + 5 * down, to_y - 7 * down + 5 * across)
    shaft = f"M{_number(x)} {_number(y)}L{_number(to_x - 6 * across)} {_number(to_y - 6 * down)}"
    head = f"M{_number(to_x)} {_number(to_y)}L{_number(left[0])} {_number(left[1])}"
    head += f"L{_number(right[0])} {_number(right[1])}Z"
    return (
        f'<path d="{shaft}" stroke={quoteattr(stroke)} stroke-width="2" fill="none"/>'
        f'<path d="{head}" fill={quoteattr(stroke)}/>'
    )


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
