"""Replies that are there before they are needed.

Rule: no more threads, and no more replies that wait, than was allowed; whoever stops early leaves
nothing behind but the requests that are on the wire, and nobody waits for those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Self, final

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.transport.types import Transport

__all__ = ["Ahead"]


@final
class Ahead:
    """Asks for what will be needed next while the present reply is looked at; for one thread.

    :param transport: what sends; from several threads at once.
    :param most: how many requests may be under way or answered before they are needed.

    >>> from cvatfn.outcome import Success
    >>> asked = [Request("GET", f"/{number}") for number in range(3)]
    >>> with Ahead(lambda request: Success(Response(200, body=request.path.encode())), 2) as ahead:
    ...     [ahead.reply(each, asked[at + 1 :]).unwrap().body for at, each in enumerate(asked)]
    [b'/0', b'/1', b'/2']
    """

    __slots__ = ("_most", "_pool", "_transport", "_waiting")

    def __init__(self, transport: Transport, most: int) -> None:
        self._transport = transport
        self._most = most
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="cvatfn-ahead")
        self._waiting: deque[tuple[Request, Future[Outcome[Response, TransportError]]]] = deque()

    def reply(
        self, request: Request, coming: Iterable[Request]
    ) -> Outcome[Response, TransportError]:
        """The reply to a request; what is coming is asked for meanwhile.

        :param request: what to ask now.
        :param coming: what will be asked next, in that order, as far as one can tell.
        """
        under_way = self._taken(request)
        for following in islice(coming, len(self._waiting), self._most):
            self._waiting.append((following, self._pool.submit(self._transport, following)))
        return self._transport(request) if under_way is None else under_way.result()

    def close(self) -> None:
        """Ask for nothing more; what is on the wire ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

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

    def _taken(self, request: Request) -> Future[Outcome[Response, TransportError]] | None:
        """What was asked beforehand, unless it turned out to be something else."""
        if self._waiting and self._waiting[0][0] == request:
            return self._waiting.popleft()[1]
        while self._waiting:
            self._waiting.pop()[1].cancel()
        return None
