"""Logging in: the four logins as values, the header fields they come to, `login` and `logout`.

Rule: a login is data, given to `connect` or to `authenticated`; it is sent to its own origin only.
The endpoints are imported when `login` is called: the values alone cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.errors import CallError, Problem, Undecodable
from cvatfn.forking import making
from cvatfn.messages import Headers, Response, masked_response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.credentials import AccessToken, Auth, Basic, Session, Token, auth_headers
from cvatfn.transport.types import Transport

if TYPE_CHECKING:
    from cvatfn import models
    from cvatfn.flows import Flow

__all__ = [
    "AccessToken",
    "Auth",
    "Basic",
    "Session",
    "Token",
    "auth_headers",
    "logged_in",
    "login",
    "logout",
]


def login(
    transport: Transport,
    *,
    username: str | Unset = UNSET,
    email: str | Unset = UNSET,
    password: str,
) -> Outcome[Session, CallError]:
    """Log in by user name or e-mail address; the session is for `connect(host, auth=...)`.

    :param transport: to the server; it needs no login.
    :param username: the user's name.
    :param email: the user's address, for servers that log in by it.
    :param password: the password.
    :returns: the session; `Rejected` with status 400 where name or password is wrong, `Undecodable`
        if the server set no cookies.

    >>> from cvatfn.transport import in_memory
    >>> cookies = (("Set-Cookie", "sessionid=s1; HttpOnly"), ("Set-Cookie", "csrftoken=c2; Path=/"))
    >>> server = in_memory(lambda request: Response(200, cookies, b'{"key": "k3"}'))
    >>> login(server, username="ada", password="s3cret")
    <Success: Session(sessionid=***, csrftoken=***, key=***)>
    """
    from cvatfn.flows import driven

    return driven(logged_in(username, email, password), transport)


def logged_in(
    username: str | Unset, email: str | Unset, password: str
) -> Flow[Outcome[Session, CallError]]:
    """The same as a flow.

    :param username: the user's name.
    :param email: the user's address.
    :param password: the password.
    """
    with making():
        from cvatfn.api import auth
        from cvatfn.calling import called
        from cvatfn.endpoints import with_response
        from cvatfn.models import LoginSerializerExRequest
        from cvatfn.preparing import prepare

    asked = LoginSerializerExRequest(username=username, email=email, password=password)
    endpoint = with_response(auth.create_login)
    match (yield from called(endpoint, prepare(endpoint, asked))):
        case Success(answer):
            return _session(auth.create_login.name, answer.value.key, answer.response)
        case Failure() as refused:
            return refused


def logout(transport: Transport) -> Outcome[models.RestAuthDetail, CallError]:
    """End the session that a transport is logged in with; its key ends with it.

    :param transport: to the server, logged in.
    :returns: what the server says of it.

    >>> from cvatfn.transport import in_memory
    >>> server = in_memory(lambda request: Response(200, body=b'{"detail": "Logged out."}'))
    >>> logout(server).unwrap().detail
    'Logged out.'
    """
    with making():
        from cvatfn.api import auth
        from cvatfn.calling import call

    return call(transport, auth.create_logout)


def _session(endpoint: str, key: str, response: Response) -> Outcome[Session, CallError]:
    cookies = _cookies(response.headers)
    try:
        return Success(Session(cookies.get("sessionid", ""), cookies.get("csrftoken", ""), key))
    except ValueError:
        wrong = Problem("Set-Cookie", "sets no usable cookies `sessionid` and `csrftoken`")
        shown = masked_response(response, None, frozenset(), frozenset({"key"}))
        return Failure(Undecodable(endpoint, None, shown, (wrong,)))


def _cookies(headers: Headers) -> dict[str, str]:
    """The cookies that a response sets; all but names and values is the browser's business.

    Read by hand (RFC 6265, section 5.2): `http.cookies` drops all of a field for one odd attribute.
    """
    pairs = (field.partition(";")[0].partition("=") for field in headers.all("set-cookie"))
    return {name.strip(): value.strip().strip('"')[:4096] for name, _, value in pairs}
