"""Where a transport is put to a check: what it faces there, and what is expected of it.

Rule: what is opened for a check ends with it, in order: the transports, then the servers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TypeAlias, final

from attrs import frozen

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance.peers import Behaviour, Server
from cvatfn.testing.conformance.service import Seen, seen_in, serving
from cvatfn.transport.types import Transport

__all__ = ["Facing", "MakeTransport", "Stage", "Unmet", "expect", "failed", "succeeded"]

MakeTransport: TypeAlias = Callable[[str], AbstractContextManager[Transport]]
"""Makes a transport to the server at a URL; the end of its `with` block is the transport's."""


class Unmet(Exception):  # noqa: N818 - says what was expected
    """What a check expects is not so."""


def expect(is_so: object, otherwise: str) -> None:
    """End the check, unless something is so.

    :param is_so: what is to be so.
    :param otherwise: what is wrong if it is not.
    """
    if not is_so:
        raise Unmet(otherwise)


def succeeded(outcome: Outcome[Response, TransportError]) -> Response:
    """The response; whatever else came ends the check.

    :param outcome: what a transport made of a request.
    """
    match outcome:
        case Success(response):
            return response
        case Failure(error):
            raise Unmet(f"a response was expected, not {type(error).__name__}: {error}")


def failed(outcome: Outcome[Response, TransportError], *kinds: type) -> TransportError:
    """The error; a response, or an error of another kind, ends the check.

    :param outcome: what a transport made of a request.
    :param kinds: what it may be.
    """
    named = " or ".join(kind.__name__ for kind in kinds)
    match outcome:
        case Success(response):
            raise Unmet(f"{named} was expected, not a response of status {response.status}")
        case Failure(error):
            expect(isinstance(error, kinds), f"{named} was expected, not {type(error).__name__}")
            return error


@final
@frozen
class Facing:
    """A transport, and the server that it faces."""

    transport: Transport
    server: Server

    def seen(self, request: Request) -> Seen:
        """Send a request, and see what arrived of it.

        :param request: the request.
        """
        response = succeeded(self.transport(request))
        seen = seen_in(response)
        if seen is None:
            raise Unmet(f"the answer was not what the server said: {response!r}")
        return seen


@final
class Stage:
    """Where a transport is put to a check: it faces servers that last as long as the check.

    :param make: makes the transport.
    """

    def __init__(self, make: MakeTransport) -> None:
        self._make = make
        self._open = ExitStack()
        self._servers: list[Server] = []
        self._last: list[Callable[[], object]] = []

    def facing(self, behaviour: Behaviour = serving) -> Facing:
        """A new transport, to a new server.

        :param behaviour: what the server does; it tells what it was asked unless given.
        """
        server = self.server(behaviour)
        return Facing(self.transport(server.url), server)

    def server(self, behaviour: Behaviour = serving) -> Server:
        """A new server.

        :param behaviour: what it does.
        """
        server = Server(behaviour)
        self._servers.append(server)
        return server

    def transport(self, url: str) -> Transport:
        """A new transport, to any server.

        :param url: whose server it is for.
        """
        return self.entered(url, self._open)

    def entered(self, url: str, stack: ExitStack) -> Transport:
        """A new transport, which ends with a stack.

        :param url: whose server it is for.
        :param stack: ends it.
        """
        return stack.enter_context(self._make(url))

    def at_the_end(self, act: Callable[[], object]) -> None:
        """Do something before the servers end, or are given up.

        :param act: what to do.
        """
        self._last.append(act)

    def close(self) -> None:
        """End the transports, then the servers."""
        with ExitStack() as servers:
            for server in self._servers:
                servers.callback(server.close)
            for act in self._last:
                servers.callback(act)
            self._open.close()

    def give_up(self) -> None:
        """End the servers under a transport that does not come back."""
        for act in self._last:
            act()
        for server in self._servers:
            server.release()
