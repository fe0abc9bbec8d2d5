"""From asynchronous transport to asynchronous transport, and transports without a network.

Rule: what a wrapper does is that of its synchronous twin: a change of the request, or the same
conversation for each. Wrappers pickle if what they wrap does.
"""

from __future__ import annotations

import logging
import os
import random as randomness
import time
from collections.abc import Callable
from functools import partial

import anyio
import anyio.lowlevel

from cvatfn.aio.driving import wrapped
from cvatfn.aio.types import AsyncSleep, AsyncTransport
from cvatfn.errors import TransportError
from cvatfn.messages import HeadersLike, Request, Response, Timeout
from cvatfn.outcome import Outcome
from cvatfn.schedule import Schedule
from cvatfn.transport import memory
from cvatfn.transport import recordings as recording
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import Auth
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.logs import telling
from cvatfn.transport.rates import in_turns
from cvatfn.transport.recordings import writing
from cvatfn.transport.retries import trying, worth_repeating
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import belonging, bringing, hurrying, logging_in, passed

__all__ = [
    "at_once",
    "authenticated",
    "in_memory",
    "in_organization",
    "logged",
    "rate_limited",
    "recorded",
    "replayed",
    "retrying",
    "with_headers",
    "with_timeout",
]


def with_headers(transport: AsyncTransport, headers: HeadersLike) -> AsyncTransport:
    """Add header fields to each request that has none of those names.

    :param transport: what sends.
    :param headers: names and values.
    :returns: the transport.
    :raises ValueError: a name or a value that no header may have.
    """
    return wrapped(bringing(headers), transport)


def with_timeout(transport: AsyncTransport, timeout: TimeoutLike) -> AsyncTransport:
    """Limit the time of each request that brings no limits of its own.

    :param transport: what sends.
    :param timeout: seconds for the whole exchange, a pair for connecting and for each silence, or
        a `Timeout`; `None` for no limit.
    :returns: the transport.
    :raises ValueError: a number that is not positive.
    """
    return partial(passed, transport, hurrying(timeout))


def in_organization(transport: AsyncTransport, slug: str) -> AsyncTransport:
    """Work in an organization, but for requests that name one themselves.

    :param transport: what sends.
    :param slug: the organization's short name; an empty one means the personal workspace.
    :returns: the transport.
    :raises ValueError: no header may hold such a text.
    """
    return partial(passed, transport, belonging(slug))


def authenticated(transport: AsyncTransport, auth: Auth, origin: str) -> AsyncTransport:
    """Log in each request that goes to one origin and brings no login itself.

    :param transport: what sends.
    :param auth: the login; it takes the place of the connection's own.
    :param origin: whom the login is for, such as `connection.origin`.
    :returns: the transport; a request for another origin passes as it is.
    :raises ValueError: the origin is no `http` or `https` URL.
    """
    return wrapped(logging_in(auth, origin), transport)


def retrying(
    transport: AsyncTransport,
    schedule: Schedule,
    *,
    when: Callable[[Request, Outcome[Response, TransportError]], bool] = worth_repeating,
    budget: Budget | None = None,
    timeout: Timeout | None = None,
    sleep: AsyncSleep = anyio.sleep,
    random: Callable[[], float] = randomness.random,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncTransport:
    """A transport that tries again, by the rules of `cvatfn.transport.retrying`.

    :param transport: what sends.
    :param schedule: how long to wait, and when to stop.
    :param when: whether to try again after this.
    :param budget: how many retries there may be in an outage; a budget of its own unless given. One
        may be shared with transports of threads.
    :param timeout: the transport's own limits: they count for requests that bring none.
    :param sleep: how to wait.
    :param random: gives numbers of at least 0 and less than 1.
    :param clock: seconds that never go back.
    :returns: the transport; it answers with the last outcome, as it was.
    :raises ValueError: a limit that cannot be kept: a number that is not positive.
    """
    return wrapped(trying(schedule, when, budget, timeout, random, clock), transport, sleep)


def rate_limited(
    transport: AsyncTransport,
    count: int,
    *,
    per: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: AsyncSleep = anyio.sleep,
) -> AsyncTransport:
    """A transport that begins at most so many requests in any stretch of time.

    :param transport: what sends.
    :param count: how many requests, at least 1; as many times are kept in memory.
    :param per: in how many seconds; the stretch holds its beginning, not its end.
    :param clock: seconds that never go back.
    :param sleep: how to wait.
    :returns: the transport; a request whose time would run out before its turn is `TimedOut`.
    :raises ValueError: a number that is not positive, or none.
    """
    return wrapped(in_turns(count, per, clock), transport, sleep)


def logged(
    transport: AsyncTransport,
    logger: logging.Logger | None = None,
    *,
    level: int = logging.DEBUG,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncTransport:
    """A transport that writes a log record for each exchange, as `cvatfn.transport.logged` does.

    :param transport: what sends.
    :param logger: where to write to; the logger `cvatfn` unless given.
    :param level: of answers that all is well with.
    :param clock: seconds that never go back.
    :returns: the transport.
    """
    return wrapped(telling(logger, level, clock), transport)


def recorded(
    transport: AsyncTransport, path: str | os.PathLike[str], *, max_body: int = 1 << 22
) -> AsyncTransport:
    """A transport that writes down each exchange, for `replayed`; the file is written in a thread.

    :param transport: what sends.
    :param path: the file; one recorder at a time may write to it, for any number of tasks.
    :param max_body: the largest body that is written down, in bytes; of a larger one it is the
        size.
    :returns: the transport.
    :raises ValueError: the file cannot be written, is no recording, or `max_body` is negative.
    """
    return wrapped(writing(path, max_body), transport)


def replayed(path: str | os.PathLike[str], *, max_size: int = 1 << 28) -> AsyncTransport:
    """A transport that answers from a recording; `at_once(cvatfn.transport.replayed(path))`.

    :param path: the file that `recorded` wrote, or one like it.
    :param max_size: the largest file that is read, in bytes.
    :returns: the transport.
    :raises ValueError: the file cannot be read, is too large, or holds a line that is no exchange.
    """
    return at_once(recording.replayed(path, max_size=max_size))


def in_memory(
    handler: Callable[[Request], Response],
    *,
    auth: Auth | None = None,
    organization: str | None = None,
    origin: str = "http://localhost:8080",
) -> AsyncTransport:
    """A transport that asks a function instead of a server; `cvatfn.in_memory`, awaited.

    :param handler: answers a request.
    :param auth: the login, as for `connect_async`.
    :param organization: the organization's slug, as for `connect_async`.
    :param origin: whose server it plays; requests meant for another one are refused.
    :returns: the transport.
    :raises ValueError: the origin is no `http` or `https` URL.

    >>> transport = in_memory(lambda request: Response(200, body=request.path.encode()))
    >>> anyio.run(transport, Request("GET", "/api/server/about")).unwrap().body
    b'/api/server/about'
    """
    return at_once(memory.in_memory(handler, auth=auth, organization=organization, origin=origin))


def at_once(transport: Transport) -> AsyncTransport:
    """A transport that never waits, such as one in memory, as an asynchronous one.

    The event loop gets its turn before each answer, so that tasks take turns as they would over a
    network, and a cancelled one asks nothing. A transport that does wait would stop the loop.

    :param transport: the transport: a `Sandbox`, a `Replay`, a function in a test.

    >>> from cvatfn.testing.sandbox import Sandbox, World
    >>> sandbox = at_once(Sandbox(World.empty()))
    >>> anyio.run(sandbox, Request("GET", "/api/server/about")).unwrap().status
    200
    """
    return partial(_at_once, transport)


async def _at_once(transport: Transport, request: Request) -> Outcome[Response, TransportError]:
    await anyio.lowlevel.checkpoint()
    return transport(request)
