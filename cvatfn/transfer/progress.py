"""How far a transfer is: what it tells, and to whom.

Rule: a transfer tells one `Progress` about itself: `start` once, `advance` for each piece, `finish`
once, also where it broke off, even before it started. It tells what happened and asks nothing;
what a `Progress` raises is a fault of its own and is not caught.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Final, Protocol

from attrs import define, field

__all__ = ["Counting", "Progress", "finishing", "serialized", "silent"]


class Progress(Protocol):
    """Whoever wants to know how far a transfer is. Three methods make one.

    >>> class Dots:
    ...     def start(self, what: str, total: int | None, /) -> None:
    ...         print(what, end=" ")
    ...
    ...     def advance(self, count: int, /) -> None:
    ...         print(".", end="")
    ...
    ...     def finish(self) -> None:
    ...         print()
    >>> dots: Progress = Dots()
    >>> dots.start("cats.zip", 2); dots.advance(1); dots.advance(1); dots.finish()
    cats.zip ..
    """

    def start(self, what: str, total: int | None, /) -> None:
        """The transfer begins; told once.

        :param what: what is transferred, for people; it may be any text.
        :param total: bytes in all; `None` where that is not known.
        """

    def advance(self, count: int, /) -> None:
        """A piece is through.

        :param count: bytes; less than 0 when as many have to be sent again.
        """

    def finish(self) -> None:
        """The transfer is over, whole or broken off; told once, always."""


class _Silent:
    def start(self, what: str, total: int | None, /) -> None:
        pass

    def advance(self, count: int, /) -> None:
        pass

    def finish(self) -> None:
        pass


silent: Final[Progress] = _Silent()
"""Tells nobody."""


@define
class _Serialized:
    inner: Progress
    lock: Lock = field(factory=Lock)

    def start(self, what: str, total: int | None, /) -> None:
        with self.lock:
            self.inner.start(what, total)

    def advance(self, count: int, /) -> None:
        with self.lock:
            self.inner.advance(count)

    def finish(self) -> None:
        with self.lock:
            self.inner.finish()


@contextmanager
def finishing(progress: Progress) -> Generator[None]:
    """Finish a progress when a block ends, however it ends.

    :param progress: who is told.
    """
    try:
        yield
    finally:
        progress.finish()


def serialized(progress: Progress) -> Progress:
    """A progress that several threads may tell: one after the other gets through.

    :param progress: who is told.

    >>> counting = Counting()
    >>> serialized(counting).start("cats.zip", 9)
    >>> counting.total
    9
    """
    return _Serialized(progress)


@define
class Counting:
    """A progress that remembers, for tests; it raises where it is told what the rule forbids.

    :param what: what is transferred; `None` before the start.
    :param total: bytes in all, where known.
    :param counts: each `advance`, in order.
    :param finished: whether the transfer is over.

    >>> counting = Counting()
    >>> counting.start("cats.zip", None); counting.advance(5); counting.advance(-2)
    >>> counting.done, counting.finished
    (3, False)
    >>> counting.start("dogs.zip", 3)
    Traceback (most recent call last):
    ...
    RuntimeError: started twice, the second time for 'dogs.zip'
    """

    what: str | None = None
    total: int | None = None
    counts: list[int] = field(factory=list[int])
    finished: bool = False

    @property
    def done(self) -> int:
        """Bytes that are through."""
        return sum(self.counts)

    def start(self, what: str, total: int | None, /) -> None:
        """Remember what is transferred.

        :param what: what is transferred.
        :param total: bytes in all; `None` where that is not known.
        :raises RuntimeError: it was started before, or is over.
        """
        if self.what is not None:
            raise RuntimeError(f"started twice, the second time for {what!r}")
        if self.finished:
            raise RuntimeError(f"started after it was over: {what!r}")
        self.what, self.total = what, total

    def advance(self, count: int, /) -> None:
        """Remember a piece.

        :param count: bytes.
        :raises RuntimeError: it is not started, or is over, or fewer than no bytes are through.
        """
        if self.what is None or self.finished:
            raise RuntimeError(f"advanced by {count} while not under way")
        if self.done + count < 0:
            raise RuntimeError(f"{self.done} bytes are through, {-count} cannot be taken back")
        self.counts.append(count)

    def finish(self) -> None:
        """Remember that it is over.

        :raises RuntimeError: it was over before.
        """
        if self.finished:
            raise RuntimeError("finished twice")
        self.finished = True
