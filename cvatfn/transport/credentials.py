"""The four logins of CVAT as values, and the header fields that they come to.

Rule: a secret is never in a `repr` or in a message. `auth_headers` is pure; who may receive what it
returns is decided by the origin, and by the transport alone. (Public names: `cvatfn.auth`.)
"""

from __future__ import annotations

import re
import warnings
from base64 import b64encode
from collections.abc import Iterable
from typing import Final, TypeAlias, assert_never

from attrs import evolve, field, frozen

from cvatfn.codecs.masking import whole_words, without_values
from cvatfn.codecs.secrets import Unshown, mask, repr_pretty
from cvatfn.messages import (
    Headers,
    Request,
    Response,
    cleared_headers,
    is_secret_header,
    secrets_of,
)
from cvatfn.transport.origins import origin_of

__all__ = [
    "AccessToken",
    "Auth",
    "Basic",
    "Session",
    "Token",
    "auth_headers",
    "login_of",
    "without_login",
]

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110, section 9.2.1); CVAT checks no CSRF token for them."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_VISIBLE: Final = re.compile(r"[!-~]+")
_COOKIE: Final = re.compile(r"[!#-+\--:<-\[\]-~]+")  # cookie-octet, RFC 6265, section 4.1.1


def _check(value: object, allowed: re.Pattern[str], what: str) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{what} must be text, not {type(value).__name__}")
    if not allowed.fullmatch(value):
        raise ValueError(f"{what} is empty or holds characters that no header field may hold")


def _check_text(value: object, what: str) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{what} must be text, not {type(value).__name__}")
    if _CONTROL.search(value):
        raise ValueError(f"{what} holds control characters")


@frozen
class Basic:
    """A user name and a password, sent with each request (RFC 7617, in UTF-8).

    :param username: without a colon.
    :param password: the password.
    :raises ValueError: a control character, or a colon in the user name.

    >>> Basic("ada", "s3cret")
    Basic(username='ada', password=***)
    """

    username: str
    password: str = field(repr=mask)

    _repr_pretty_ = repr_pretty

    def __attrs_post_init__(self) -> None:
        _check_text(self.username, "the user name")
        _check_text(self.password, "the password")
        if ":" in self.username:
            raise ValueError("the user name of a Basic login cannot hold a colon (RFC 7617)")


@frozen
class AccessToken:
    """A personal access token (CVAT 2.48 and later), sent as `Authorization: Bearer`.

    :param token: the token's value as CVAT showed it once.
    :raises ValueError: it is empty or holds characters that no header field may hold.

    >>> AccessToken("s3cret")
    AccessToken(token=***)
    """

    token: str = field(repr=mask)

    _repr_pretty_ = repr_pretty

    def __attrs_post_init__(self) -> None:
        _check(self.token, _VISIBLE, "the access token")


@frozen
class Token:
    """The key that a login returns, sent as `Authorization: Token`; CVAT deprecates it.

    :param key: the key.
    :raises ValueError: it is empty or holds characters that no header field may hold.

    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     Token("s3cret")
    Token(key=***)
    """

    key: str = field(repr=mask)

    _repr_pretty_ = repr_pretty

    def __attrs_post_init__(self) -> None:
        _check(self.key, _VISIBLE, "the key")
        warnings.warn(
            "CVAT deprecates the login by `Token`: create an `AccessToken`, or use `login`",
            DeprecationWarning,
            stacklevel=3,
        )


@frozen
class Session:
    """A browser's session: two cookies, as `login` returns them.

    :param sessionid: the cookie of that name.
    :param csrftoken: the cookie of that name; it is repeated in `X-CSRFToken` where CVAT asks it.
    :param key: the deprecated key that came with it, where one came; it is not sent.
    :raises ValueError: a value is empty or holds characters that no cookie may hold.

    >>> Session("s3cret", "t0ken")
    Session(sessionid=***, csrftoken=***, key=***)
    """

    sessionid: str = field(repr=mask)
    csrftoken: str = field(repr=mask)
    key: str | None = field(default=None, repr=mask)

    _repr_pretty_ = repr_pretty

    def __attrs_post_init__(self) -> None:
        _check(self.sessionid, _COOKIE, "the session id")
        _check(self.csrftoken, _COOKIE, "the CSRF token")


Auth: TypeAlias = Basic | AccessToken | Token | Session
"""How to log in: `connect(host, auth=...)` takes any of these."""


def auth_headers(auth: Auth, method: str, url: str) -> Headers:
    """The header fields that log a request in.

    For people who send with another library. Send them to your own server only: they are no
    business of a redirect's target or of a `result_url` on another host.

    :param auth: the login.
    :param method: the request's HTTP method; a session needs more for methods that change things.
    :param url: the absolute URL of the request; a session's writes name its origin.
    :returns: the fields; their values are masked when shown.
    :raises ValueError: a session's write to something that is no `http` or `https` URL.

    >>> auth_headers(AccessToken("abc"), "GET", "https://cvat.example/api/tasks").pairs
    (('Authorization', 'Bearer abc'),)
    >>> for pair in auth_headers(Session("s1", "c2"), "POST", "https://cvat.example/api/tasks"):
    ...     print(pair)
    ('Cookie', 'sessionid=s1; csrftoken=c2')
    ('X-CSRFToken', 'c2')
    ('Origin', 'https://cvat.example')
    """
    match auth:
        case Basic(username, password):
            text = b64encode(f"{username}:{password}".encode()).decode()
            return Headers((("Authorization", f"Basic {text}"),))
        case AccessToken(token):
            return Headers((("Authorization", f"Bearer {token}"),))
        case Token(key):
            return Headers((("Authorization", f"Token {key}"),))
        case Session():
            return _session_headers(auth, method, url)
        case _:
            assert_never(auth)


def login_of(sent: Iterable[tuple[str, str]]) -> Unshown:
    """The secrets that header fields hold, whatever is done with them.

    :param sent: the header fields of a request, with the login among them.
    """
    held = tuple(pair for pair in sent if is_secret_header(pair[0]))
    return Unshown(secrets_of(Request("GET", "/", headers=held), frozenset()) if held else ())


def without_login(response: Response, login: Unshown) -> Response:
    """A response as it may be kept and shown: what refuses or redirects does not repeat the login.

    Whoever adds a login is the only one to know it: errors are made of requests without it. What is
    granted is left as it is, since it is the caller's data; it takes the login along for those who
    make errors or records of it.

    :param response: what came back.
    :param login: the secrets among the header fields that were sent.

    >>> login = login_of(auth_headers(AccessToken("s3cret"), "GET", "https://cvat.example/"))
    >>> without_login(Response(500, body=b"got Authorization: Bearer s3cret"), login).body
    b'got Authorization: Bearer ***'
    >>> without_login(Response(200, body=b"s3cret"), login)
    Response(status=200, headers=Headers(), body=<6 bytes>)
    """
    values = {*login.texts}
    if not values:
        return response
    if 200 <= response.status < 300:
        return evolve(response, unshown=login | response.unshown)
    body = whole_words(response.body, values) if response.cut else response.body
    shown = evolve(
        response,
        headers=cleared_headers(response.headers, values),
        body=without_values(body, values, frozenset()),
    )
    return response if shown == response else shown


def _session_headers(session: Session, method: str, url: str) -> Headers:
    cookies = f"sessionid={session.sessionid}; csrftoken={session.csrftoken}"
    if method.upper() in SAFE_METHODS:
        return Headers((("Cookie", cookies),))
    origin = origin_of(url)
    if origin is None:
        raise ValueError("the URL is no absolute http or https URL, so it has no origin")
    return Headers(
        (("Cookie", cookies), ("X-CSRFToken", session.csrftoken), ("Origin", origin)),
    )
