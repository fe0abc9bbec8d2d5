"""Asking: `call`, `request` and `follow`, awaited; and those who ask once, such as `login`.

Rule: each is one line: the conversation is that of its synchronous twin.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from typing import ParamSpec, TypeVar

from cvatfn import models
from cvatfn.aio.driving import driven
from cvatfn.aio.types import AsyncTransport
from cvatfn.api import auth
from cvatfn.auth import logged_in
from cvatfn.calling import called, followed, settled
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare
from cvatfn.transport.credentials import Session
from cvatfn.versions import Version, about, version_of

__all__ = ["call", "collect", "follow", "login", "logout", "request", "server_version"]

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")


async def call(
    transport: AsyncTransport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
) -> Outcome[T, CallError]:
    """Ask an endpoint; `cvatfn.call`, awaited.

    :param transport: what sends: a connection, a wrapped one, or any function of that type.
    :param endpoint: which operation.
    :param args: the endpoint's parameters, as its signature has them.
    :param params: the same, by name.
    :returns: the answer in the endpoint's type; any error as a value.

    >>> import anyio
    >>> from cvatfn import aio
    >>> from cvatfn.api import server
    >>> said = b'{"name":"CVAT","description":"","version":"2.80.0","logo_url":"","subtitle":""}'
    >>> transport = aio.in_memory(lambda request: Response(200, body=said))
    >>> anyio.run(aio.call, transport, server.retrieve_about).unwrap().version
    '2.80.0'
    """
    return await driven(called(endpoint, prepare(endpoint, *args, **params)), transport)


async def request(transport: AsyncTransport, asked: Request, /) -> Outcome[Response, CallError]:
    """Send a request of one's own; `cvatfn.request`, awaited.

    :param transport: what sends.
    :param asked: the request; an `origin` in it must be the connection's own.
    :returns: the response, or any error as a value.
    """
    return settled(asked, await transport(asked))


async def follow(transport: AsyncTransport, url: str, /) -> Outcome[Response, CallError]:
    """Get what a URL from the server names; `cvatfn.follow`, awaited.

    :param transport: a connection to the URL's own origin; credentials never go to another one.
    :param url: an absolute URL, or a path with its query.
    :returns: the response, or any error as a value; `ForeignOrigin` if the URL leads elsewhere.
    """
    return await driven(followed(url), transport)


async def server_version(transport: AsyncTransport, /) -> Outcome[Version, CallError]:
    """Ask a server which release of CVAT it is; `cvatfn.server_version`, awaited.

    :param transport: what sends.
    :returns: the version; `Undecodable` if what the server says is none; any other error.
    """
    return version_of(await transport(about()))


async def login(
    transport: AsyncTransport,
    *,
    username: str | Unset = UNSET,
    email: str | Unset = UNSET,
    password: str,
) -> Outcome[Session, CallError]:
    """Log in by user name or e-mail address; `cvatfn.login`, awaited.

    :param transport: to the server; it needs no login.
    :param username: the user's name.
    :param email: the user's address, for servers that log in by it.
    :param password: the password.
    :returns: the session, for `connect_async(host, auth=...)`.
    """
    return await driven(logged_in(username, email, password), transport)


async def logout(transport: AsyncTransport) -> Outcome[models.RestAuthDetail, CallError]:
    """End the session that a transport is logged in with; `cvatfn.logout`, awaited.

    :param transport: to the server, logged in.
    :returns: what the server says of it.
    """
    return await call(transport, auth.create_logout)


async def collect(outcomes: AsyncIterable[Outcome[T, E]]) -> Outcome[tuple[T, ...], E]:
    """Gather many outcomes into one, stopping at the first failure; `cvatfn.collect`, awaited.

    :param outcomes: outcomes in order; none after the first failure is asked for, and a generator
        is closed then: whoever wrote `collect(paginate(...))` has no name to close it by.
    :returns: all values as a tuple, or the first error.

    >>> import anyio
    >>> async def some():
    ...     yield Success(1)
    ...     yield Failure("late")
    >>> anyio.run(collect, some())
    <Failure: late>
    """
    values: list[T] = []
    each = aiter(outcomes)
    async for outcome in each:
        match outcome:
            case Success(value):
                values.append(value)
            case Failure():
                if isinstance(each, AsyncGenerator):
                    await each.aclose()
                return outcome
    return Success(tuple(values))
