"""Content that comes in pieces from a link, awaited; and the whole of it, within a limit.

Rule: a stream gives its link back exactly once: to the pool when the content was whole, to nobody
when it broke or was closed. One that is dropped open is closed by its connection.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
)
from contextlib import aclosing
from typing import cast, final

import httpcore2
from attrs import frozen

from cvatfn.aio.asking import field_of
from cvatfn.aio.hushing import hushed
from cvatfn.aio.links import FAULTS, until
from cvatfn.aio.pool import Release
from cvatfn.aio.threads import to_the_end
from cvatfn.errors import TransportError
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.breaks import Late, TooMuch
from cvatfn.transport.framing import BODILESS, PIECE, Gathering, fits, is_packed
from cvatfn.transport.pacing import Passing
from cvatfn.transport.unpacking import Unpacker

__all__ = ["AsyncLinkStream", "Body", "Gathered", "beginning", "packed", "whole"]


def packed(answer: httpcore2.Response) -> bool:
    """Whether the content of an answer is `gzip`, which `Body` undoes.

    :param answer: its head was read.
    """
    return is_packed(field_of(answer, "content-encoding"))


@final
class Body:
    """The content of an answer in pieces, `gzip` undone, however small a bomb it is.

    :param answer: its head was read, its content not.
    :param size: how large an unpacked piece may be, in bytes.
    """

    def __init__(self, answer: httpcore2.Response, size: int = PIECE) -> None:
        self._answer = answer
        assert isinstance(answer.stream, AsyncIterable)  # noqa: S101 - of an asynchronous link
        self._raw: AsyncIterator[bytes] = aiter(answer.stream)
        self._unpacker = Unpacker(size) if packed(answer) else None
        self._unpacked: Iterator[bytes] = iter(())
        self.coded: int = 0

    async def aclose(self) -> None:
        """Want no more of it; its link is free, if it can be gone on with."""
        close: object = getattr(self._raw, "aclose", None)  # a generator's, as it is one
        with hushed():
            if callable(close):
                await cast("Callable[[], Awaitable[object]]", close)()
            await self._answer.aclose()

    async def next(self) -> bytes | None:
        """The next piece; `None` at the end.

        :raises FAULTS: it is not whole, or no gzip.
        """
        while True:
            piece = next(self._unpacked, None)
            if piece is not None:
                return piece
            with hushed():
                raw = await anext(self._raw, None)
            if raw is None:
                if self._unpacker is not None:
                    self._unpacker.end()
                return None
            self.coded += len(raw)
            if self._unpacker is None:
                return raw
            self._unpacked = self._unpacker.feed(raw)


@frozen
class Gathered:
    """The content of an answer.

    :param content: as much of it as was wanted.
    :param cut: whether there is more.
    :param unpacked: whether any came that was packed.
    """

    content: bytes
    cut: bool
    unpacked: bool


async def whole(answer: httpcore2.Response, method: str, limit: int) -> Gathered:
    """The content of an answer, in one.

    :param answer: its head was read, its content not.
    :param method: of its request.
    :param limit: the most bytes that are accepted.
    :raises TooMuch: it is larger.
    :raises FAULTS: it is not whole.
    """
    if not fits(_announced(answer, method), limit, packed=packed(answer)):
        raise TooMuch(limit)
    gathered = await beginning(answer, limit)
    if gathered.cut:
        raise TooMuch(limit)
    return gathered


async def beginning(answer: httpcore2.Response, limit: int) -> Gathered:
    """As much of the content of an answer as fits.

    No length that a server claims is trusted with memory.

    :param answer: its head was read, its content not.
    :param limit: how many bytes that are.
    :raises FAULTS: it breaks off before.
    """
    gathering = Gathering(limit)
    async with aclosing(Body(answer, min(PIECE, limit + 1))) as body:
        while (piece := await body.next()) is not None:
            if not gathering.takes(piece):
                break
    return Gathered(gathering.content, gathering.cut, packed(answer) and bool(body.coded))


def _announced(answer: httpcore2.Response, method: str) -> int | None:
    """How much content is said to come; h11 has looked whether it is a number."""
    length = field_of(answer, "content-length")
    if method == "HEAD" or answer.status in BODILESS or field_of(answer, "transfer-encoding"):
        return None
    return None if length is None else int(length.partition(",")[0])


@final
class AsyncLinkStream:
    """An `AsyncStream` over a link; for one task at a time.

    :param body: the content.
    :param most: how much of it there may be, in bytes; `None`: any length.
    :param passing: what passes over the wire for it, and when it must be over.
    :param release: gives the link back; told whether the content came whole.
    :param error: what a fault is as a value.
    :param orphaned: takes a stream that was dropped open.
    """

    __slots__ = (
        "_body",
        "_came",
        "_error",
        "_most",
        "_orphaned",
        "_passing",
        "_release",
    )

    def __init__(
        self,
        body: Body,
        most: int | None,
        passing: Passing,
        release: Release,
        error: Callable[[Exception], TransportError],
        orphaned: Callable[[Release], object],
    ) -> None:
        self._body = body
        self._most = most
        self._came = 0
        self._passing = passing
        self._release: Release | None = release
        self._error = error
        self._orphaned = orphaned
        passing.streams()

    def __aiter__(self) -> AsyncIterator[Outcome[bytes, TransportError]]:
        return self

    async def __anext__(self) -> Outcome[bytes, TransportError]:
        if self._release is None:
            raise StopAsyncIteration
        try:
            piece = await self._next()
        except FAULTS as fault:
            await self._over(whole=False)
            return Failure(self._error(fault))
        except BaseException:
            await self._over(whole=False)
            raise
        if piece is None:
            await self._over(whole=True)
            raise StopAsyncIteration
        self._passing.streamed(len(piece))
        return Success(piece)

    async def aclose(self) -> None:
        """Give the rest up; closing twice does nothing more."""
        await self._over(whole=False)

    def __del__(self) -> None:
        # Without a `_release` it was interrupted before it was begun.
        release = getattr(self, "_release", None)
        self._release = None
        if release is not None:
            self._orphaned(release)

    async def _next(self) -> bytes | None:
        with until(self._passing.whole):
            piece = await self._body.next()
            self._came += len(piece or b"")
            if self._most is not None and self._came > self._most:
                raise TooMuch(self._most)
            return piece
        raise Late(self._passing.whole.over)

    async def _over(self, *, whole: bool) -> None:
        release, self._release = self._release, None
        if release is not None:
            await to_the_end(lambda: release(whole))
