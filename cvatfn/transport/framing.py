"""Where an answer's content ends, what undoes its coding and how much of it is taken in.

Rule: pure, and for every kind of link. No length that a server claims is trusted with memory.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final, final

__all__ = ["BODILESS", "MOST_FIELDS", "PIECE", "Gathering", "fits", "is_clear", "is_packed"]

PIECE: Final = 1 << 20
"""How large a piece of content is at most, in bytes."""

BODILESS: Final = frozenset({204, 304})
"""What has no content, whatever its head says (RFC 9112, section 6.3)."""

MOST_FIELDS: Final = 100
"""How many header fields an answer may have: as many as `http.client` takes."""

_NO_CONTENT: Final = 204


def is_packed(coding: str | None) -> bool:
    """Whether a coding is `gzip`, which is undone; any other is handed on.

    :param coding: a `Content-Encoding`.
    """
    return coding is not None and coding.lower() in ("gzip", "x-gzip")


def is_clear(status: int, length: str | None, *, chunked: bool) -> bool:
    """Whether nobody on the way may have taken something else for the end of an answer.

    :param status: the answer's.
    :param length: its `Content-Length`.
    :param chunked: whether it has a `Transfer-Encoding`.

    >>> is_clear(200, "5", chunked=True), is_clear(204, "5", chunked=False)
    (False, False)
    """
    if status == _NO_CONTENT:
        return length in (None, "0") and not chunked
    return not (chunked and length is not None)  # RFC 9112, section 6.3


def fits(length: int | None, limit: int, *, packed: bool) -> bool:
    """Whether content that is announced may be as small as is allowed.

    :param length: how many bytes are announced.
    :param limit: how many are accepted.
    :param packed: whether they are `gzip`: what does not compress grows a little in it.

    >>> fits(1025, 1024, packed=False), fits(1025, 1024, packed=True)
    (False, True)
    """
    most = limit + limit // 1000 + 1024 if packed else limit
    return (length or 0) <= most


@final
class Gathering:
    """As much of some content as fits.

    :param limit: how many bytes that are.

    >>> gathering = Gathering(3)
    >>> gathering.takes(b"ab"), gathering.takes(b"cd"), gathering.content, gathering.cut
    (True, False, b'abc', True)
    """

    __slots__ = ("_first", "_limit", "_rest", "cut")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._first = b""  # in one go, as almost all are
        self._rest: BytesIO | None = None
        self.cut: bool = False

    @property
    def content(self) -> bytes:
        """What was taken."""
        return self._first if self._rest is None else self._rest.getvalue()

    def takes(self, piece: bytes) -> bool:
        """Take what there is room for.

        :param piece: the next piece.
        :returns: whether that is all of it.
        """
        room = self._limit - (len(self._first) if self._rest is None else self._rest.tell())
        self.cut = len(piece) > room
        taken = piece[:room] if self.cut else piece
        if not self._first:
            self._first = taken
        else:
            if self._rest is None:
                self._rest = BytesIO()
                self._rest.write(self._first)
            self._rest.write(taken)
        return not self.cut
