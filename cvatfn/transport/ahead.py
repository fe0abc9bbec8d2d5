"""Replies that are there before they are needed.

Rule: no more replies wait, and no more threads ask, than was allowed. Whoever stops early leaves
nothing behind but the requests that are on the wire, and nobody waits for those: not even the end
of the program, which is why no `ThreadPoolExecutor` is used: it would join its threads then. At the
end of the program those requests are broken off, lest a thread write to a log that is closed.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from itertools import islice
from threading import Thread
from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Final, Protocol, final

from attrs import frozen

from cvatfn.errors import TransportError
from cvatfn.flows import Flow, Reply, driven, taken
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.transport.types import Transport

__all__ = ["Ahead", "Foreseen", "UnderWay"]


class UnderWay(Protocol):
    """A request that was sent before its reply is needed."""

    def done(self) -> bool:
        """Whether the reply is there."""
        ...

    def reply(self) -> Flow[Reply]:
        """The reply, waited for."""
        ...


@final
class Foreseen:
    """What will be needed next, asked for beforehand; how that is done is somebody else's business.

    :param most: how many requests may be under way or answered before they are needed.
    :param begin: begins one; `None` where it cannot: then it is sent when it is needed.
    """

    __slots__ = ("_begin", "_most", "_waiting")

    def __init__(self, most: int, begin: Callable[[Request], UnderWay | None]) -> None:
        self._most = most
        self._begin = begin
        self._waiting: deque[tuple[Request, UnderWay]] = deque()

    def reply(self, request: Request, coming: Callable[[int], Iterable[Request]]) -> Flow[Reply]:
        """The reply to a request; what is coming is asked for meanwhile.

        :param request: what to ask now.
        :param coming: what will be asked next, in that order, as far as one can tell, but for so
            many of the first.
        """
        under_way = self._taken(request)
        if under_way is None:
            self._ask(coming, self._most)
            return (yield request)
        self._ask(coming, self._most - (not under_way.done()))
        reply = yield from under_way.reply()
        self._ask(coming, self._most)  # before it is looked at: whoever asked it is free
        return reply

    def forget(self) -> None:
        """Want none of what is under way any more."""
        self._waiting.clear()

    def _ask(self, coming: Callable[[int], Iterable[Request]], most: int) -> None:
        """Have so many of what is coming under way."""
        known = len(self._waiting)
        for request in islice(coming(known), max(0, most - known)):
            under_way = self._begin(request)
            if under_way is None:
                return
            self._waiting.append((request, under_way))

    def _taken(self, request: Request) -> UnderWay | None:
        """What was asked beforehand, unless it turned out to be something else."""
        if self._waiting and self._waiting[0][0] == request:
            return self._waiting.popleft()[1]
        self.forget()
        return None


@final
class Ahead:
    """Asks for what will be needed next while the present reply is looked at; for one thread.

    :param transport: what sends; from several threads at once.
    :param most: how many requests may be under way or answered before they are needed.

    >>> from cvatfn.outcome import Success
    >>> asked = [Request("GET", f"/{number}") for number in range(3)]
    >>> ahead = Ahead(lambda request: Success(Response(200, body=request.path.encode())), 2)
    >>> [ahead.reply(each, lambda skipped: asked[at + 1 + skipped :]).unwrap().body
    ...  for at, each in enumerate(asked)]
    [b'/0', b'/1', b'/2']
    """

    __slots__ = ("_foreseen", "_pid", "_transport")

    def __init__(self, transport: Transport, most: int) -> None:
        self._transport = transport
        self._pid = os.getpid()
        self._foreseen = Foreseen(most, lambda request: _begun(transport, request))

    def reply(
        self, request: Request, coming: Callable[[int], Iterable[Request]]
    ) -> Outcome[Response, TransportError]:
        """The reply to a request; what is coming is asked for meanwhile.

        :param request: what to ask now.
        :param coming: what will be asked next, in that order, as far as one can tell, but for so
            many of the first.
        """
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._foreseen.forget()  # a forked process has none of the threads that would answer
        return driven(self._foreseen.reply(request, coming), self._transport)


@frozen
class _InThread:
    """A request that a thread has sent."""

    future: Future[Reply]

    def done(self) -> bool:
        """Whether the reply is there."""
        return self.future.done()

    def reply(self) -> Flow[Reply]:
        """The reply, waited for."""
        return taken(self.future.result)


def _begun(transport: Transport, request: Request) -> _InThread | None:
    future: Future[Reply] = Future()
    thread = Thread(target=_asked, args=(transport, request, future), name=_NAME, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None  # the system gives no more threads
    return _InThread(future)


def _asked(transport: Transport, request: Request, reply: Future[Reply]) -> None:
    try:
        reply.set_result(transport(request))
    except BaseException as error:  # it goes to whoever waits for the reply
        reply.set_exception(error)


@atexit.register  # after logging was imported, by the futures: so it is called before logs close
def _break_off() -> None:
    """Have the threads come to their end while there is still a program around them.

    Whoever waits for a server is woken. What else a transport may wait for is not waited for.
    """
    links = sys.modules.get("cvatfn.transport.links")
    until = monotonic() + LONGEST_FAREWELL
    for thread in [each for each in enumerate_threads() if each.name == _NAME]:
        while thread.is_alive() and monotonic() < until:
            if links is not None:
                links.hang_up()  # again: what is lost at once on an old link is asked on a new one
            thread.join(_SOON)


LONGEST_FAREWELL: Final = 0.5
"""How long the end of the program may take for them, in seconds."""

_SOON: Final = 0.01
_NAME: Final = "cvatfn-ahead"
