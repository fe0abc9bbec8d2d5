"""From transport to transport: what to add to each request that passes.

Rule: the more specific wins. What a request brings itself is kept, and a wrapper nearer to the
caller comes before one nearer to the network. Wrappers pickle if what they wrap does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from attrs import evolve

from cvatfn.codecs.clearing import shown
from cvatfn.flows import Flow, Reply, wrapped
from cvatfn.messages import Headers, HeadersLike, Request, Timeout
from cvatfn.outcome import Failure, Success
from cvatfn.transport.clearing import masked_error
from cvatfn.transport.credentials import Auth, auth_headers, login_of, without_login
from cvatfn.transport.fields import (
    TimeoutLike,
    brings_login,
    checked_headers,
    names_organization,
    read_timeout,
)
from cvatfn.transport.origins import origin_of
from cvatfn.transport.types import Transport

__all__ = [
    "authenticated",
    "belonging",
    "bringing",
    "hurrying",
    "in_organization",
    "logging_in",
    "passed",
    "with_headers",
    "with_timeout",
]

R = TypeVar("R")


def with_headers(transport: Transport, headers: HeadersLike) -> Transport:
    """Add header fields to each request that has none of those names.

    They go wherever the transport sends a request; a login is for `authenticated`, which looks.

    :param transport: what sends.
    :param headers: names and values.
    :returns: the transport.
    :raises ValueError: a name or a value that no header may have.

    >>> from cvatfn import Response, Success
    >>> echo = lambda request: Success(Response(200, request.headers))
    >>> with_headers(echo, {"X-Trace": "7"})(Request("GET", "/")).unwrap().headers
    Headers(X-Trace: 7)
    """
    return wrapped(bringing(headers), transport)


def with_timeout(transport: Transport, timeout: TimeoutLike) -> Transport:
    """Limit the time of each request that brings no limits of its own.

    :param transport: what sends.
    :param timeout: seconds for the whole exchange, a pair for connecting and for each silence, or
        a `Timeout`; `None` for no limit.
    :returns: the transport.
    :raises ValueError: a number that is not positive.

    >>> from cvatfn import Response, Success
    >>> echo = lambda request: Success(Response(200, body=repr(request.timeout).encode()))
    >>> with_timeout(echo, (1, 5))(Request("GET", "/")).unwrap().body
    b'Timeout(connect=1.0, read=5.0, total=None, answer=3600.0, rate=500.0)'
    """
    return partial(passed, transport, hurrying(timeout))


def in_organization(transport: Transport, slug: str) -> Transport:
    """Work in an organization, but for requests that name one themselves.

    :param transport: what sends.
    :param slug: the organization's short name; an empty one means the personal workspace.
    :returns: the transport.
    :raises ValueError: no header may hold such a text.

    >>> from cvatfn import Response, Success
    >>> echo = lambda request: Success(Response(200, request.headers))
    >>> in_organization(echo, "acme")(Request("GET", "/api/tasks")).unwrap().headers
    Headers(X-Organization: acme)
    """
    return partial(passed, transport, belonging(slug))


def authenticated(transport: Transport, auth: Auth, origin: str) -> Transport:
    """Log in each request that goes to one origin and brings no login itself.

    A request without an `origin` goes where the transport goes: name that server here.

    :param transport: what sends.
    :param auth: the login; it takes the place of the connection's own.
    :param origin: whom the login is for, such as `connection.origin`.
    :returns: the transport; a request for another origin passes as it is.
    :raises ValueError: the origin is no `http` or `https` URL.

    >>> from cvatfn.auth import AccessToken
    >>> from cvatfn import Response, Success
    >>> echo = lambda request: Success(Response(200, request.headers))
    >>> ada = authenticated(echo, AccessToken("s3cret"), "https://cvat.example")
    >>> ada(Request("GET", "/api/tasks")).unwrap().headers
    Headers(Authorization: ***)
    """
    return wrapped(logging_in(auth, origin), transport)


def bringing(headers: HeadersLike) -> Callable[[Request], Flow[Reply]]:
    """What `with_headers` does with a request, as a conversation.

    :param headers: names and values.
    :raises ValueError: a name or a value that no header may have.
    """
    return partial(_bringing, checked_headers(headers))


def hurrying(timeout: TimeoutLike) -> Callable[[Request], Request]:
    """What `with_timeout` makes of a request.

    :param timeout: seconds for the whole exchange, a pair, a `Timeout`, or `None`.
    :raises ValueError: a number that is not positive.
    """
    return partial(_with_timeout, read_timeout(timeout))


def belonging(slug: str) -> Callable[[Request], Request]:
    """What `in_organization` makes of a request.

    :param slug: the organization's short name.
    :raises ValueError: no header may hold such a text.
    """
    return partial(_in_organization, checked_headers({"X-Organization": slug}))


def logging_in(auth: Auth, origin: str) -> Callable[[Request], Flow[Reply]]:
    """What `authenticated` does with a request, as a conversation.

    :param auth: the login.
    :param origin: whom it is for.
    :raises ValueError: the origin is no `http` or `https` URL.
    """
    own = origin_of(origin)
    if own is None:
        raise ValueError(f"origin must be an http or https URL, not {shown(origin)}")
    return partial(_authenticated, auth, own)


def passed(
    transport: Callable[[Request], R], change: Callable[[Request], Request], request: Request
) -> R:
    """Send what a request becomes.

    :param transport: what sends.
    :param change: what to make of it.
    :param request: the request.
    """
    return transport(change(request))


def _bringing(headers: Headers, request: Request) -> Flow[Reply]:
    outcome = yield _with_headers(headers, request)
    login = login_of(headers)
    if not login.texts:
        return outcome
    match outcome:
        case Failure(error):
            # What sends may hand the request back as it got it: with the login.
            return Failure(masked_error(error, login=login.texts))
        case Success(response):
            cleared = without_login(response, login)
            return outcome if cleared is response else Success(cleared)


def _with_headers(headers: Headers, request: Request) -> Request:
    return evolve(request, headers=headers.replaced(request.headers))


def _with_timeout(timeout: Timeout, request: Request) -> Request:
    return request if request.timeout else evolve(request, timeout=timeout)


def _in_organization(headers: Headers, request: Request) -> Request:
    return request if names_organization(request) else _with_headers(headers, request)


def _authenticated(auth: Auth, origin: str, request: Request) -> Flow[Reply]:
    foreign = request.origin is not None and origin_of(request.origin) != origin
    if foreign or brings_login(request.headers):
        return (yield request)
    return (yield from _bringing(auth_headers(auth, request.method, origin), request))
