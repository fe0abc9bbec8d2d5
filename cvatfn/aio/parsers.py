"""The parser within a connection of httpcore2: the one private thing that is looked at.

httpcore2 does not tell what it has read beyond the end of an answer. What is left there would be
taken for the next answer, or for its beginning: so it has to be known before anything is sent.

Rule: what is private is the attribute alone; that what is there is a connection of h11 is seen to
when this module is imported, and from there on all is public. A release of httpcore2 that keeps it
elsewhere cannot be used, and says so at once: it is never taken for one that has nothing left.
"""

from __future__ import annotations

import h11
import httpcore2

__all__ = ["parser_of"]


def parser_of(http: httpcore2.AsyncHTTP11Connection) -> h11.Connection:
    """What reads the answers of a connection.

    :param http: the connection.
    :raises ImportError: this release of httpcore2 is not known to have one.
    """
    parser: object = getattr(http, "_h11_state", None)
    if not isinstance(parser, h11.Connection):
        from importlib.metadata import version  # for this alone

        raise ImportError(
            f"httpcore2 {version('httpcore2')} does not show what it has read: "
            "install a release of httpx2 that this release of cvatfn knows",
            name="httpcore2",
        )
    return parser


def _known() -> None:
    nowhere = httpcore2.Origin(b"http", b"localhost", 80)
    parser_of(httpcore2.AsyncHTTP11Connection(nowhere, httpcore2.AsyncNetworkStream()))


_known()
