"""What breaks an exchange off, below the errors that it becomes: for every kind of link.

Rule: these are raised and caught within a transport; nobody else ever sees them.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

__all__ = [
    "NO_FIELD",
    "ClosedEarly",
    "Late",
    "NotConnected",
    "TellingFailed",
    "TooMuch",
    "broken_off",
    "is_final",
    "telling",
]

NO_FIELD: Final = "a line of its head is no header field"
"""What is said of it in place of it: it may hold anything."""


class NotConnected(Exception):  # noqa: N818 - carries the error that says why
    """No connection stands, so nothing was sent.

    :param why: what the network, the TLS library or the proxy said.
    """

    def __init__(self, why: Exception) -> None:
        super().__init__(why)
        self.why = why


class ClosedEarly(ConnectionError):  # noqa: N818 - says what happened to a link
    """The connection was closed before the first byte of an answer."""


class TooMuch(Exception):  # noqa: N818 - says what is wrong with an answer
    """The body is larger than allowed.

    :param limit: what was allowed, in bytes; `None` where it is what is around the content.
    """

    def __init__(self, limit: int | None = None) -> None:
        super().__init__(limit)
        self.limit = limit


class Late(TimeoutError):  # noqa: N818 - says which limit is over
    """A limit is over that is not the one of a single silence; it says which."""


class TellingFailed(Exception):  # noqa: N818 - carries what a caller's function raised
    """Who is told of what is sent has raised: no fault of the network, though it may look like one.

    :param error: what was raised.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def telling(told: Callable[[int], object], count: int) -> None:
    """Tell somebody how much was sent.

    :param told: who is told.
    :param count: how many bytes.
    :raises TellingFailed: that raises.
    """
    try:
        told(count)
    except Exception as error:
        raise TellingFailed(error) from error


def broken_off(why: BaseException | None) -> bool:
    """Whether somebody hung up within a handshake: that may pass, and is no word on identities.

    :param why: why no connection stands.
    """
    return isinstance(why, ssl.SSLEOFError | ssl.SSLZeroReturnError) or (
        why is not None and broken_off(why.__cause__)
    )


def is_final(said: bytes) -> bool:
    r"""Whether what a server says is more than interim answers.

    :param said: all that it said.

    >>> is_final(b"HTTP/1.1 100 Continue\r\n\r\n"), is_final(b"HTTP/1.1 413 No\r\n")
    (False, True)
    """
    while said.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
        said = said.partition(b"\r\n\r\n")[2]
    return len(said) >= len(b"HTTP/1.1 4")
