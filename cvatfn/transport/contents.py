"""What is read while it is sent: the sources of a body, measured and read in pieces.

Rule: memory stays constant, whatever the sizes. Nothing is sent before every size that can be known
is known, and never more or less than was announced. An open file is put back to where it stood.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from io import SEEK_END, BytesIO
from typing import Final, TypeAlias, cast

from attrs import evolve

from cvatfn.codecs.files import (
    Content,
    Once,
    Part,
    Readable,
    Seekable,
    Source,
    is_readable,
    is_seekable,
)
from cvatfn.errors import Unsendable
from cvatfn.messages import Request, masked_request
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["Unreadable", "gathered", "length_of", "measured", "pieces_of"]

_BUFFER: Final = 1 << 19

_Read: TypeAlias = Callable[[memoryview], int]
"""Fills the beginning of a buffer and says how much of it; nothing at the end."""


class Unreadable(Exception):  # noqa: N818 - says what is wrong with what is to be sent
    """What is to be sent cannot be read, or is not what it was said to be."""


def measured(content: Content) -> tuple[Content, int | None]:
    """A body whose parts are held to the sizes that they have now, and its length.

    :param content: the body.
    :returns: the body, parts that cannot tell left as they are; how many bytes it will have, or
        `None` where one of them cannot tell.
    :raises Unreadable: a part of it is not there.

    >>> measured(Content((b"1234", Part(BytesIO(b"567")))))
    (Content(<4 bytes>, Part(source=<BytesIO>, start=None, size=3)), 7)
    """
    parts: list[bytes | Part] = []
    total: int | None = 0
    for part in content.parts:
        size = len(part) if isinstance(part, bytes) else _size(part)
        if not isinstance(part, bytes) and part.size != size:
            part = evolve(part, size=size)
        parts.append(part)
        total = None if size is None or total is None else total + size
    return evolve(content, parts=tuple(parts)), total


def length_of(content: Content) -> int | None:
    """How many bytes a body will have; `None` where a part of it cannot tell.

    :param content: the body.
    :raises Unreadable: a part of it is not there.
    """
    return measured(content)[1]


def pieces_of(content: Content) -> Generator[memoryview]:
    """The bytes of a body, in pieces that are good until the next one is asked for.

    :param content: the body.
    :raises Unreadable: a part cannot be read, or gives another number of bytes than it said.

    >>> [bytes(piece) for piece in pieces_of(Content((b"1234", Part(BytesIO(b"567")))))]
    [b'1234567']
    """
    with closing(_pieces(content)) as pieces:  # what `told` raises is not the fault of a source
        for piece in pieces:
            yield piece
            if content.told is not None:
                content.told(len(piece))


def _pieces(content: Content) -> Generator[memoryview]:
    buffer, filled = memoryview(bytearray(_BUFFER)), 0
    for part in content.parts:
        if isinstance(part, bytes) and len(part) < _BUFFER - filled:
            buffer[filled : filled + len(part)] = part
            filled += len(part)
            continue
        with _reading(part) as read:
            while count := read(buffer[filled:]):
                filled += count
                if filled == _BUFFER:
                    yield buffer
                    filled = 0
    if filled:
        yield buffer[:filled]


def gathered(request: Request) -> Outcome[Request, Unsendable]:
    """The request with its body in memory, for transports that have no use for pieces.

    :param request: the request.
    """
    if not isinstance(request.body, Content):
        return Success(request)
    try:
        return Success(evolve(request, body=b"".join(map(bytes, pieces_of(request.body)))))
    except Unreadable as why:
        return Failure(Unsendable(masked_request(request), str(why)))


@contextmanager
def _told(source: object) -> Generator[None]:
    """Turn what reading raises into one line; a caller's own reader may raise anything."""
    try:
        yield
    except Unreadable:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(f"{_named(source)} cannot be read: {reason}") from error
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unreadable(f"{_named(source)} cannot be read: {reason}") from error


def _named(source: object) -> str:
    if isinstance(source, os.PathLike):
        return repr(os.fspath(cast("os.PathLike[str]", source)))
    if isinstance(source, Once):
        return "the iterator"
    name: object = getattr(source, "name", None)
    return repr(name) if isinstance(name, str) else f"the {type(source).__name__}"


def _size(part: Part) -> int | None:
    source = part.source
    if isinstance(source, os.PathLike):
        return _size_on_disk(source, part)
    if part.size is not None:
        return part.size
    with _told(source):
        if is_seekable(source):
            return _size_left(source, part.start)
        if isinstance(source, Sequence):
            return sum(memoryview(piece).nbytes for piece in source)
    return None


def _size_on_disk(path: os.PathLike[str], part: Part) -> int | None:
    with _told(path):
        found = os.stat(path)  # noqa: PTH116 - not every path-like has a `stat`
    if stat.S_ISDIR(found.st_mode):
        raise Unreadable(f"{_named(path)} cannot be read: it is a folder")
    if part.size is not None or not stat.S_ISREG(found.st_mode):
        return part.size
    return max(0, found.st_size - (part.start or 0))


def _size_left(source: Seekable, start: int | None) -> int:
    _from_readable(source)(memoryview(bytearray()))  # a file that gives no bytes says so now
    stood = source.tell()
    end = source.seek(0, SEEK_END)
    source.seek(stood)
    return max(0, end - (stood if start is None else start))


@contextmanager
def _reading(part: bytes | Part) -> Generator[_Read]:
    if isinstance(part, bytes):
        yield BytesIO(part).readinto
        return
    source, size = part.source, part.size
    with _told(source):
        if isinstance(source, os.PathLike):
            size = _size_on_disk(source, part) if size is None else size
            with open(source, "rb", buffering=0) as file:  # noqa: PTH123 - any path-like will do
                if part.start:
                    file.seek(part.start)
                yield _exactly(source, size, _from_file(file.readinto))
        elif is_seekable(source):
            stood = source.tell()
            if part.start is not None:
                source.seek(part.start)
            try:
                yield _exactly(source, size, _from_readable(source))
            finally:
                source.seek(stood)
        elif part.start:
            raise Unreadable(f"{_named(source)} cannot be read from another place than its own")
        elif is_readable(source):
            yield _exactly(source, size, _from_readable(source))
        else:
            yield _exactly(source, size, _from_pieces(source))


def _exactly(source: Source, size: int | None, read: _Read) -> _Read:
    """Hold a reader to a number of bytes; what a file has grown by since is not looked at."""
    if size is None:
        return read
    left = size

    def read_on(view: memoryview) -> int:
        nonlocal left
        if not left:
            return 0
        count = read(view[:left])
        left -= count
        if not count:
            raise Unreadable(f"{_named(source)} ended {left} bytes before its {size}")
        return count

    return read_on


def _from_file(readinto: Callable[[memoryview], int | None]) -> _Read:
    return lambda view: readinto(view) or 0


def _from_readable(source: Readable) -> _Read:
    def read(view: memoryview) -> int:
        piece = cast("object", source.read(len(view)))  # a file opened as text gives text
        if not isinstance(piece, bytes) or len(piece) > len(view):
            raise Unreadable(f"{_named(source)} gives no bytes: is it opened with mode 'rb'?")
        view[: len(piece)] = piece
        return len(piece)

    return read


def _from_pieces(source: Iterable[bytes]) -> _Read:
    pieces, rest = iter(source), memoryview(b"")

    def read(view: memoryview) -> int:
        nonlocal rest
        while not rest:
            piece = next(pieces, None)
            if piece is None:
                return 0
            rest = memoryview(piece).cast("B")
        count = min(len(view), len(rest))
        view[:count] = rest[:count]
        rest = rest[count:]
        return count

    return read
