"""`gzip` undone as it comes in, for whoever is handed bytes in place of asking for them.

Rule: pure. However small a bomb is, no piece is larger than was allowed. Content that is cut short
is never taken for whole, nor what follows it for a part of it (RFC 1952).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol, final

__all__ = ["Unpacker"]

_GZIP: Final = 16 + zlib.MAX_WBITS


class _Member(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


@final
class Unpacker:
    """Undoes `gzip`, of one member or several.

    :param size: how large a piece may be, in bytes.

    >>> import gzip
    >>> unpacker = Unpacker(4)
    >>> list(unpacker.feed(gzip.compress(b"a cat"))), unpacker.end()
    ([b'a ca', b't'], None)
    """

    __slots__ = ("_begun", "_member", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._member: _Member | None = None
        self._begun = False

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What the next bytes come to, in pieces.

        :param packed: any number of bytes.
        :raises zlib.error: they are no gzip.
        """
        full = False
        while packed or full:
            if self._member is None:
                # What pads a member to the end of a block is no other one.
                packed = packed.lstrip(b"\0") if self._begun else packed
                if not packed:
                    return
                self._member, self._begun = zlib.decompressobj(_GZIP), True
            piece = self._member.decompress(packed, self._size)
            full = len(piece) == self._size  # more may come of what was fed already
            packed = self._member.unconsumed_tail
            if self._member.eof:
                packed, full, self._member = self._member.unused_data, False, None
            if piece:
                yield piece

    def end(self) -> None:
        """There is nothing more to come.

        :raises EOFError: but there should be.
        """
        if self._member is not None:
            raise EOFError("the gzip ended before it was whole")
