"""Transport errors as they may be kept: without the secrets of what was asked.

Rule: an error's reason may be in a server's or a proxy's own words, so it is taken for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from attrs import evolve

from cvatfn.codecs.clearing import cleared_text
from cvatfn.codecs.secrets import Unshown, secret_names_at
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Request, masked_request, secrets_of
from cvatfn.transport.credentials import login_of
from cvatfn.transport.settings import Settings

__all__ = ["masked_error", "reason", "sent_along"]

_LONGEST_REASON: Final = 300


def masked_error(
    error: TransportError, names: frozenset[str] = frozenset(), login: Iterable[str] = ()
) -> TransportError:
    """An error that may be kept and shown.

    :param error: the error, with the request as it was sent, or masked already.
    :param names: names of the request's fields that are secret, beside those that are at its path.
    :param login: secrets that were sent along.

    >>> from cvatfn.messages import Request
    >>> asked = Request("GET", "/api/x", (("token", "s3cret"),))
    >>> masked_error(ConnectionLost(asked, "got s3cret")).reason
    'got ***'
    """
    asked = error.request
    values = {*login, *secrets_of(asked, names | secret_names_at(asked.path))}
    kept = masked_request(asked, names)
    match error:
        case TooLarge():
            return evolve(error, request=kept)
        case ForeignOrigin(origin=origin):
            return evolve(error, request=kept, origin=cleared_text(origin, values))
        case ConnectFailed() | ConnectionLost() | TimedOut() | TlsFailed() | Unsendable():
            return evolve(error, request=kept, reason=cleared_text(error.reason, values))
        case _:
            assert_never(error)


def sent_along(settings: Settings, request: Request, login: Unshown) -> set[str]:
    """The secrets that are sent with a request, which a server or a proxy may repeat.

    :param settings: what the connection was opened from.
    :param request: the request.
    :param login: secrets among the header fields that were sent.
    """
    secrets = {*login.texts, *secrets_of(request, secret_names_at(request.path))}
    if settings.proxy is not None:
        secrets |= login_of(settings.proxy.login).texts
    return secrets


def reason(text: str, secrets: set[str]) -> str:
    r"""What somebody says of a fault, on one line.

    It is cut when no secret is left to be cut in two.

    :param text: what was said.
    :param secrets: what nobody may read.

    >>> reason("closed\nafter s3cret.", {"s3cret"})
    'closed after ***'
    """
    line = " ".join(cleared_text(text, secrets).split())[:_LONGEST_REASON].rstrip(".")
    return line if line.isprintable() else ascii(line)
