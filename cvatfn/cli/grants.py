"""Logins that are made for keeping, and given back: an access token, where the server makes such.

A token may not revoke itself (CVAT lets no access token manage tokens), so the session that made it
is kept beside it: it revokes the token in the end, and is used for nothing else. A server before
2.48 makes no access tokens; there the session itself is kept.

Rule: what is not kept in the end is given back, so that no token is left that nobody knows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import frozen

from cvatfn import models
from cvatfn.api import auth, users
from cvatfn.auth import login, logout
from cvatfn.calling import call
from cvatfn.cli.kept import Login
from cvatfn.errors import CallError, Rejected
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport import Transport, authenticated
from cvatfn.transport.credentials import AccessToken, Session

__all__ = ["Wish", "brought", "given_back", "granted"]

_NO_TOKENS: Final = frozenset({403, 404, 405})
"""What servers say that make no access tokens, or none for this person."""


@frozen(kw_only=True)
class Wish:
    """What access token to make.

    :param name: what it is called in the list of one's tokens; 50 characters at most.
    :param expires: until when it is good; `None` for ever.
    :param read_only: whether it may change nothing.
    """

    name: str
    expires: datetime | None = None
    read_only: bool = False


def granted(
    anyone: Transport, server: str, username: str, password: str, wish: Wish
) -> Outcome[Login, CallError]:
    """Log in, and have an access token made.

    :param anyone: a transport to the server, not logged in.
    :param server: the server's URL.
    :param username: the user's name, or their address.
    :param password: the password; it is not kept.
    :param wish: what token to make.
    """
    named = {"email" if "@" in username else "username": username}
    match login(anyone, password=password, **named):
        case Failure() as refused:
            return refused
        case Success(session):
            maker = authenticated(anyone, session, server)
    outcome = _made(maker, server, session, wish)
    if isinstance(outcome, Failure):
        logout(maker)
    return outcome


def brought(anyone: Transport, server: str, token: AccessToken) -> Outcome[Login, CallError]:
    """The login that a token is which somebody brought; the server is asked whose it is.

    :param anyone: a transport to the server, not logged in.
    :param server: the server's URL.
    :param token: the token.
    """
    match _name_at(authenticated(anyone, token, server)):
        case Failure() as refused:
            return refused
        case Success(name):
            return Success(Login(server, name, token))


def given_back(anyone: Transport, login: Login) -> Outcome[bool, CallError]:
    """Revoke the access token that was made for a login, and end its session.

    :param anyone: a transport to the server, not logged in.
    :param login: the login; a token that was brought is not ours to revoke.
    :returns: whether there was anything to give back; or why it could not be.
    """
    session = login.auth if isinstance(login.auth, Session) else login.maker
    if session is None:
        return Success(False)
    maker = authenticated(anyone, session, login.server)
    if login.made is not None:
        match call(maker, auth.destroy_access_tokens, login.made):
            case Failure(Rejected(status=404)):
                pass  # somebody revoked it before
            case Failure() as refused:
                return refused
            case Success():
                pass
    match logout(maker):
        case Failure() as refused:
            return refused
        case Success():
            return Success(True)


def _made(maker: Transport, server: str, session: Session, wish: Wish) -> Outcome[Login, CallError]:
    match _name_at(maker):
        case Failure() as refused:
            return refused
        case Success(name):
            pass
    asked = models.AccessTokenWriteRequest(
        name=wish.name, expiry_date=wish.expires, read_only=wish.read_only
    )
    match call(maker, auth.create_access_tokens, asked):
        case Success(models.AccessTokenRead(id=number, value=str(value))):
            return Success(Login(server, name, _kind(value, session), number, session))
        case Failure(Rejected(status=status)) if status in _NO_TOKENS:
            return Success(Login(server, name, session))
        case Failure() as refused:
            return refused
        case Success():
            return Success(Login(server, name, session))


def _kind(value: str, session: Session) -> AccessToken | Session:
    try:
        return AccessToken(value)
    except ValueError:  # a token that no header may hold is none
        return session


def _name_at(transport: Transport) -> Outcome[str, CallError]:
    match call(transport, users.retrieve_self):
        case Failure() as refused:
            return refused
        case Success(user):
            return Success(user.username)
