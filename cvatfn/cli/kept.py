"""A login that is kept, and the part of it that nobody may see.

Rule: what is read back may have been written by anybody: what no header may hold is no login.
"""

from __future__ import annotations

from attrs import field, frozen

from cvatfn.codecs.secrets import mask
from cvatfn.transport.credentials import AccessToken, Session

__all__ = ["Login", "Secret", "login_of", "secret_of"]


@frozen
class Login:
    """A login to one server.

    :param server: the server's URL, as `server_named` writes it.
    :param username: who that is.
    :param auth: the login.
    :param made: the id of the access token that was made for it; `None` where it was brought.
    :param maker: the session that made it: it alone may revoke the token, and is for nothing else.

    >>> Login("https://cvat.example", "ada", AccessToken("s3cret"))
    Login(server='https://cvat.example', username='ada', auth=AccessToken(token=***), made=None, \
maker=None)
    """

    server: str
    username: str
    auth: AccessToken | Session
    made: int | None = None
    maker: Session | None = None


@frozen
class Secret:
    """What of a login nobody may see; this is what is written.

    :param token: the access token.
    :param session: the session that is the login, or that made the token.
    :param made: the id of the token, where it was made.
    """

    token: str | None = field(default=None, repr=mask)
    session: Cookies | None = field(default=None, repr=mask)
    made: int | None = None


@frozen
class Cookies:
    """A session as it is written: without the deprecated key, which nothing needs."""

    sessionid: str = field(repr=mask)
    csrftoken: str = field(repr=mask)


def secret_of(login: Login) -> Secret:
    """What of a login nobody may see.

    :param login: the login.
    """
    match login.auth:
        case AccessToken(token):
            return Secret(token, _cookies_of(login.maker), login.made)
        case Session() as session:
            return Secret(None, _cookies_of(session))


def login_of(server: str, username: str, secret: Secret | None) -> Login | None:
    """The login that a secret is; `None` where it is none.

    :param server: the server's URL.
    :param username: who that is.
    :param secret: the secret, if there is one.
    """
    if secret is None:
        return None
    try:
        session = _session_of(secret.session)
        if secret.token is not None:
            token = AccessToken(secret.token)
            return Login(server, username, token, secret.made, session)
    except ValueError:  # no header may hold it
        return None
    return None if session is None else Login(server, username, session)


def _cookies_of(session: Session | None) -> Cookies | None:
    return None if session is None else Cookies(session.sessionid, session.csrftoken)


def _session_of(cookies: Cookies | None) -> Session | None:
    return None if cookies is None else Session(cookies.sessionid, cookies.csrftoken)
