"""What may stand in a request, and what a caller may mean by a timeout: checks that send nothing.

Rule: nothing that could end a line, split a message or fool a proxy gets on the wire (RFC 9112,
section 11).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import evolve

from cvatfn.codecs.showing import one_line
from cvatfn.errors import ForeignOrigin
from cvatfn.messages import Headers, HeadersLike, Request, Timeout, masked_request
from cvatfn.transport.origins import origin_of
from cvatfn.transport.settings import DEFAULT_TIMEOUT

__all__ = [
    "TimeoutLike",
    "brings_login",
    "checked_cookies",
    "checked_headers",
    "checked_timeout",
    "foreign",
    "names_organization",
    "read_timeout",
    "time_left",
    "wrong_header",
    "wrong_headers",
    "wrong_line",
]

TimeoutLike: TypeAlias = float | tuple[float | None, float | None] | Timeout | None
"""Seconds for the whole; `(connect, read)`, the rest as it is; a `Timeout`; `None`: no limit."""

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t -~\x80-\xff]*")
_TARGET: Final = re.compile(r"/[!\"$-~]*")
_SKIP: Final = "@@@SKIP_HEADER@@@"
"""`urllib3.util.SKIP_HEADER`: what urllib3 would not send, or raise for."""

_LONGEST_WAIT: Final = 2e6
"""What `poll` can be told, in milliseconds of 31 bits: more wraps to less. `None` is for ever."""

_LOGINS: Final = frozenset({"authorization", "cookie"})


def wrong_line(method: str, target: str) -> str | None:
    """What is wrong with a request line; `None` if nothing is.

    :param method: the method (RFC 9110, section 9.1).
    :param target: the target in origin form (RFC 9112, section 3.2.1).

    >>> wrong_line("GET", "/api/tasks"), wrong_line("GET", "/a b")
    (None, 'the path or query holds characters that are not percent-encoded')
    """
    if not _NAME.fullmatch(method):
        return "the method is no HTTP method"
    if not target.startswith("/"):
        return "the path does not begin with /"
    if not _TARGET.fullmatch(target):
        return "the path or query holds characters that are not percent-encoded"
    return None


def wrong_header(name: str, value: str) -> str | None:
    r"""What is wrong with a header field; `None` if nothing is. The value is not told.

    :param name: the field's name (RFC 9110, section 5.1).
    :param value: its value (section 5.5).

    >>> wrong_header("X-Organization", "acme"), wrong_header("X-Organization", "a\r\nb")
    (None, 'the header X-Organization holds characters that no header field may hold')
    """
    if not _NAME.fullmatch(name):
        return f"{name[:80]!r} is no name of a header"
    if not _VALUE.fullmatch(value) or value == _SKIP:
        return f"the header {name} holds characters that no header field may hold"
    if name.lower() == "transfer-encoding":
        return "the header Transfer-Encoding is the connection's own to set"
    return None


def wrong_headers(headers: Headers) -> str | None:
    """What is wrong with header fields; `None` if nothing is.

    :param headers: names and values.

    >>> wrong_headers(Headers((("Host", "a"), ("host", "b"))))
    'there is more than one Host'
    """
    for name, value in headers:
        wrong = wrong_header(name, value)
        if wrong is not None:
            return wrong
    # Who is on the way may look at one of them and the server at the other (RFC 9112, section 3.2).
    return "there is more than one Host" if len(headers.all("host")) > 1 else None


def checked_headers(headers: HeadersLike) -> Headers:
    """Headers that may be sent.

    :param headers: names and values.
    :raises ValueError: one of them may not.
    """
    read = Headers.of(headers)
    wrong = wrong_headers(read)
    if wrong is not None:
        raise ValueError(wrong)
    return read


def checked_cookies(cookies: Mapping[str, str]) -> Headers:
    """Cookies that may be sent (RFC 6265, section 4.2.1).

    :param cookies: names and values.
    :raises ValueError: one of them would end before it should, or break the header.
    """
    for name, value in cookies.items():
        if not _NAME.fullmatch(name) or ";" in value or not _VALUE.fullmatch(value):
            raise ValueError(f"the cookie {name[:80]!r} holds characters that no cookie may hold")
    return Headers(tuple(cookies.items()))


def brings_login(headers: Headers) -> bool:
    """Whether a request is logged in by what it brings itself.

    :param headers: its header fields.
    """
    return any(name.lower() in _LOGINS for name, _ in headers.pairs)


def foreign(request: Request, origin: str) -> ForeignOrigin | None:
    """Why a request must not be sent to a server: it is meant for another one.

    :param request: the request.
    :param origin: the server's origin, as `origin_of` writes it.

    >>> foreign(Request("GET", "/"), "https://cvat.example") is None
    True
    >>> foreign(Request("GET", "/", origin="https://me:s3cret@evil"), "https://cvat.example")
    ... # doctest: +ELLIPSIS
    ForeignOrigin(request=Request(..., origin='https://***@evil', ...), ...)
    """
    if request.origin is None or origin_of(request.origin) == origin:
        return None
    masked = masked_request(request)
    return ForeignOrigin(evolve(masked, origin=one_line(masked.origin or "")), origin)


def names_organization(request: Request) -> bool:
    """Whether a request says itself in which organization it works; two answers would be a 400.

    :param request: the request.
    """
    return request.headers.get("x-organization") is not None or any(
        name in ("org", "org_id") for name, _ in request.query
    )


def read_timeout(timeout: TimeoutLike) -> Timeout:
    """What a caller means by a timeout.

    :param timeout: seconds for the whole, `(connect, read)`, a `Timeout`, or `None` for no limit.
    :raises ValueError: a number that is not positive, or of more than 23 days.

    >>> read_timeout(5)
    Timeout(connect=None, read=None, total=5.0, answer=None, rate=None)
    >>> read_timeout((3, 9))
    Timeout(connect=3.0, read=9.0, total=None, answer=3600.0, rate=500.0)
    """
    match timeout:
        case None:
            return Timeout()
        case Timeout():
            return checked_timeout(timeout)
        case (connect, read):
            told = evolve(DEFAULT_TIMEOUT, connect=_seconds(connect), read=_seconds(read))
            return checked_timeout(told)
        case _:
            return checked_timeout(Timeout(total=_seconds(timeout)))


def checked_timeout(timeout: Timeout) -> Timeout:
    """Limits that can be kept.

    :param timeout: the limits.
    :raises ValueError: a number that is not positive, or of more than 23 days.
    """
    for part in (timeout.connect, timeout.read, timeout.total, timeout.answer):
        if part is not None and not 0 < part <= _LONGEST_WAIT:
            raise ValueError(
                f"a timeout must be a number of seconds, above 0 and at most 2e6, not {part!r}"
            )
    if timeout.rate is not None and not 0 < timeout.rate < math.inf:
        raise ValueError(f"a timeout's rate must be a number above 0, not {timeout.rate!r}")
    return timeout


def time_left(limits: Timeout | None, spent: float) -> Timeout | None:
    """The limits of what is still to be done; `None` when there is no time left for it.

    :param limits: the limits of the whole.
    :param spent: how many seconds of it have passed.

    >>> time_left(Timeout(read=3.0, total=10.0), 4.0), time_left(Timeout(total=10.0), 10.0)
    (Timeout(connect=None, read=3.0, total=6.0, answer=None, rate=None), None)
    """
    if limits is None or limits.total is None:
        return limits or Timeout()
    return evolve(limits, total=limits.total - spent) if spent < limits.total else None


def _seconds(value: float | None) -> float | None:
    return None if value is None else float(value)
