"""One link to a server for event loops: one exchange after the other, over a wire.

Rule: httpcore2, the engine of httpx2, speaks HTTP; here is only what of it is believed, and whether
another request may follow: what `cvatfn.transport.links` is for urllib3.
"""

from __future__ import annotations

import zlib
from math import inf
from typing import Final, final

import anyio
import httpcore2

from cvatfn.aio.hushing import hushed
from cvatfn.aio.parsers import parser_of
from cvatfn.aio.wires import Wire
from cvatfn.transport.breaks import ClosedEarly, NotConnected, TooMuch
from cvatfn.transport.contents import Unreadable
from cvatfn.transport.framing import MOST_FIELDS
from cvatfn.transport.pacing import Pace, Passing

__all__ = ["FAULTS", "AsyncLink", "until"]

FAULTS: Final = (
    NotConnected,
    TooMuch,
    Unreadable,
    OSError,
    EOFError,
    zlib.error,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
)
"""All that is raised for what a network or a server does."""


@final
class AsyncLink:
    """A connection that stands; one task at a time may use it.

    :param wire: its socket.
    :param origin: whom the HTTP library takes it to lead to.
    """

    __slots__ = ("_http", "_parser", "_wire")

    def __init__(self, wire: Wire, origin: httpcore2.Origin) -> None:
        self._wire = wire
        self._http = httpcore2.AsyncHTTP11Connection(origin, wire)
        self._parser = parser_of(self._http)

    @property
    def idle(self) -> bool:
        """Whether another request may follow."""
        return self._http.is_idle() and not self._wire.doubtful

    async def quiet(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        return not self._left_over() and await self._wire.quiet()

    async def answered(self, request: httpcore2.Request, passing: Passing) -> httpcore2.Response:
        """Send a request and read the head of its answer.

        :param request: the request.
        :param passing: is told what passes.
        :returns: the answer; its content is still to be read, as it was sent.
        :raises FAULTS: no head of an answer came; `ClosedEarly` if nothing came at all.
        :raises Unreadable: h11 will not send it.
        """
        self._wire.begin(passing)
        try:
            with hushed():
                answer = await self._http.handle_async_request(request)
        except httpcore2.LocalProtocolError as error:  # h11 is stricter than we are
            raise Unreadable(str(error)) from error
        except TimeoutError:
            raise
        except (OSError, httpcore2.NetworkError, httpcore2.RemoteProtocolError) as error:
            if passing.heard:
                raise
            raise ClosedEarly("closed without an answer") from error
        passing.answered()
        if len(answer.headers) > MOST_FIELDS:
            raise ConnectionError("the head of its answer has too many fields")
        if not passing.heard:
            raise ClosedEarly("an answer came before its request")
        if passing.refused and 200 <= answer.status < 300:
            raise ConnectionError("granted before the whole request was there")
        return answer

    async def aclose(self) -> None:
        """Close the socket; nothing is sent any more."""
        await self._wire.aclose()

    def give_up(self) -> None:
        """Have done with it once the event loop has ended that could close it."""
        self._wire.give_up()
        self._wire.forked()

    def forked(self) -> None:
        """Leave it to the parent: only this process's handle is closed."""
        self._wire.forked()

    def _left_over(self) -> bool:
        """Whether the HTTP library holds what came after an answer, and with it.

        Without a look, what is left would be seen in the next exchange only, where a request was
        sent in vain.
        """
        return self._parser.trailing_data[0] != b""


def until(pace: Pace) -> anyio.CancelScope:
    """A scope that ends when the whole must be over.

    :param pace: says when that is.
    """
    return anyio.CancelScope(deadline=inf if pace.deadline is None else pace.deadline)
