"""A transport without a network, for tests: a function from request to response."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from attrs import evolve

from cvatfn.codecs.clearing import shown
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.contents import gathered
from cvatfn.transport.credentials import Auth
from cvatfn.transport.fields import foreign
from cvatfn.transport.limits import held_to
from cvatfn.transport.origins import origin_of
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import authenticated, in_organization

__all__ = ["in_memory"]


def in_memory(
    handler: Callable[[Request], Response],
    *,
    auth: Auth | None = None,
    organization: str | None = None,
    origin: str = "http://localhost:8080",
) -> Transport:
    """A transport that asks a function instead of a server.

    The handler sees method, path, query, header fields and body as a server would; a body that is
    to be read while it is sent is read before. What the handler raises is not caught: it is a
    mistake in the test. Redirects are handed back, not followed.

    :param handler: answers a request.
    :param auth: the login, as for `connect`.
    :param organization: the organization's slug, as for `connect`.
    :param origin: whose server it plays; requests meant for another one are refused.
    :returns: the transport.
    :raises ValueError: the origin is no `http` or `https` URL.

    >>> transport = in_memory(lambda request: Response(200, body=request.path.encode()))
    >>> transport(Request("GET", "/api/server/about")).unwrap().body
    b'/api/server/about'
    """
    own = origin_of(origin)
    if own is None:
        raise ValueError(f"origin must be an http or https URL, not {shown(origin)}")
    transport: Transport = partial(_answered, handler, own)
    if auth is not None:
        transport = authenticated(transport, auth, own)
    return transport if organization is None else in_organization(transport, organization)


def _answered(
    handler: Callable[[Request], Response], own: str, request: Request
) -> Outcome[Response, TransportError]:
    stranger = foreign(request, own)
    if stranger is not None:
        return Failure(stranger)
    match gathered(request):
        case Success(whole):
            return held_to(request, handler(evolve(whole, origin=None)))
        case Failure() as unreadable:
            return unreadable
