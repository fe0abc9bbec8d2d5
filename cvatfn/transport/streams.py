"""Content that comes in pieces, from a link that is taken for as long as it lasts.

Rule: a stream gives its link back exactly once: to the pool when the content was whole, to nobody
when it broke, was closed or was dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self, final

from cvatfn.errors import TransportError
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.links import FAULTS

__all__ = ["LinkStream"]


@final
class LinkStream:
    """A `Stream` over a link; for one thread.

    :param pieces: the content.
    :param release: gives the link back; told whether the content came whole.
    :param error: what a fault is as a value.
    """

    __slots__ = ("_error", "_pieces", "_release")

    def __init__(
        self,
        pieces: Iterator[bytes],
        release: Callable[[bool], None],
        error: Callable[[Exception], TransportError],
    ) -> None:
        self._pieces = pieces
        self._release: Callable[[bool], None] | None = release
        self._error = error

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        return self

    def __next__(self) -> Outcome[bytes, TransportError]:
        if self._release is None:
            raise StopIteration
        try:
            return Success(next(self._pieces))
        except StopIteration:
            self._over(whole=True)
            raise
        except FAULTS as fault:
            self._over(whole=False)
            return Failure(self._error(fault))
        except BaseException:
            self._over(whole=False)
            raise

    def close(self) -> None:
        """Give the rest up; closing twice does nothing more."""
        self._over(whole=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_release"):  # or it was interrupted before it was begun
            self.close()

    def _over(self, *, whole: bool) -> None:
        release, self._release = self._release, None
        if release is not None:
            release(whole)
