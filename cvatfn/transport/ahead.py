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
from typing import Final, TypeAlias, final

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.transport.types import Transport

__all__ = ["Ahead"]

Reply: TypeAlias = Future[Outcome[Response, TransportError]]


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

    __slots__ = ("_most", "_pid", "_transport", "_waiting")

    def __init__(self, transport: Transport, most: int) -> None:
        self._transport = transport
        self._most = most
        self._pid = os.getpid()
        self._waiting: deque[tuple[Request, Reply]] = deque()

    def reply(
        self, request: Request, coming: Callable[[int], Iterable[Request]]
    ) -> Outcome[Response, TransportError]:
        """The reply to a request; what is coming is asked for meanwhile.

        :param request: what to ask now.
        :param coming: what will be asked next, in that order, as far as one can tell, but for so
            many of the first.
        """
        under_way = self._taken(request)
        if under_way is None:
            self._ask(coming, self._most)
            return self._transport(request)
        self._ask(coming, self._most - (not under_way.done()))
        reply = under_way.result()
        self._ask(coming, self._most)  # before it is looked at: its thread is free
        return reply

    def _ask(self, coming: Callable[[int], Iterable[Request]], most: int) -> None:
        """Have so many of what is coming under way."""
        known = len(self._waiting)
        for request in islice(coming(known), max(0, most - known)):
            reply: Reply = Future()
            thread = Thread(
                target=_asked,
                args=(self._transport, request, reply),
                name=_NAME,
                daemon=True,
            )
            try:
                thread.start()
            except RuntimeError:
                return  # the system gives no more threads: it is asked for when it is needed
            self._waiting.append((request, reply))

    def _taken(self, request: Request) -> Reply | None:
        """What was asked beforehand, unless it turned out to be something else."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._waiting.clear()  # a forked process has none of the threads that would answer
        if self._waiting and self._waiting[0][0] == request:
            return self._waiting.popleft()[1]
        self._waiting.clear()
        return None


def _asked(transport: Transport, request: Request, reply: Reply) -> None:
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
