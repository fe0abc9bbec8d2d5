"""What breaks an exchange off, below the errors that it becomes: for every kind of link.

Rule: these are raised and caught within a transport; nobody else ever sees them.
"""

from __future__ import annotations

__all__ = ["ClosedEarly", "NotConnected", "TooMuch", "is_final"]


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
    """The body is larger than allowed."""


def is_final(said: bytes) -> bool:
    r"""Whether what a server says is more than interim answers.

    :param said: all that it said.

    >>> is_final(b"HTTP/1.1 100 Continue\r\n\r\n"), is_final(b"HTTP/1.1 413 No\r\n")
    (False, True)
    """
    while said.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
        said = said.partition(b"\r\n\r\n")[2]
    return len(said) >= len(b"HTTP/1.1 4")
