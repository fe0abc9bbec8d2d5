"""What the faults of a network become under an event loop: the values of `cvatfn.errors`.

Rule: as in `cvatfn.transport.faults`: a reason is one line, in the words of whoever found the
fault, and holds no secret; and a fault says whether the server may have acted.
"""

from __future__ import annotations

import os
import ssl
from errno import errorcode
from socket import gaierror
from typing import Final

import httpcore2

from cvatfn.aio.exchanges import Limits
from cvatfn.aio.groups import first_of
from cvatfn.codecs.secrets import Unshown
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Unsendable,
)
from cvatfn.messages import Request
from cvatfn.transport.breaks import Late, NotConnected, TooMuch, broken_off
from cvatfn.transport.clearing import masked_error, reason, sent_along
from cvatfn.transport.contents import Unreadable
from cvatfn.transport.settings import Settings

__all__ = ["transport_error"]

_DEEPEST: Final = 10


def transport_error(
    settings: Settings,
    request: Request,
    limits: Limits,
    fault: Exception,
    *,
    login: Unshown,
    sent: bool = True,
) -> TransportError:
    """The error that a fault comes to.

    :param settings: what the connection was opened from.
    :param request: what was to be sent; the error is without its secrets.
    :param limits: how long the wait could be.
    :param fault: what was raised; one of `FAULTS`.
    :param login: secrets that were sent along, which a server or a proxy may repeat.
    :param sent: whether anything of the request was sent.
    """
    secrets = sent_along(settings, request, login)
    error = _error(settings, request, limits, fault, secrets, sent=sent)
    return masked_error(error, login=secrets)


def _error(
    settings: Settings,
    request: Request,
    limits: Limits,
    fault: Exception,
    secrets: set[str],
    *,
    sent: bool,
) -> TransportError:
    match fault:
        case NotConnected(why=why):
            return _connect_error(settings, request, why, secrets)
        case TooMuch(limit=limit):
            most = settings.accepted(request.max_body)
            return TooLarge(request, most if limit is None else limit)
        case Unreadable():
            return Unsendable(request, str(fault))
        case httpcore2.LocalProtocolError():
            return Unsendable(request, _said(fault, secrets))
        case Late():
            return TimedOut(request, str(fault))
        case TimeoutError() if not sent:
            return TimedOut(request, f"no connection to {_whom(settings)} in time", False)
        case TimeoutError():
            return TimedOut(request, _late(limits))
        case _:
            return ConnectionLost(request, _said(fault, secrets))


def _late(limits: Limits) -> str:
    if limits.over:
        return "the time for the whole exchange is over"
    return (
        "the network gave up" if limits.read is None else f"no word from it for {limits.read:g} s"
    )


def _connect_error(
    settings: Settings, request: Request, why: Exception, secrets: set[str]
) -> TransportError:
    whom, causes = _whom(settings), _causes(why)
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return TimedOut(request, f"no connection to {whom} in time", may_have_acted=False)
    if any(map(broken_off, causes)):
        return ConnectFailed(request, f"{whom}: closed while TLS was agreed upon")
    refused = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if refused is not None:
        return TlsFailed(request, f"{whom}: {_said(refused, secrets)}")
    return ConnectFailed(request, f"{whom}: {_said(why, secrets)}")


def _whom(settings: Settings) -> str:
    if settings.proxy is None:
        return settings.url.authority
    return f"the proxy {settings.proxy.url.authority}"


def _causes(error: BaseException) -> list[BaseException]:
    """An error and what caused it, down to the first cause."""
    causes = [error]
    while len(causes) < _DEEPEST:
        first = first_of(causes[-1])
        deeper = first.__cause__ if first is causes[-1] else first
        if deeper is None:
            break
        causes.append(deeper)
    return causes


def _said(error: BaseException, secrets: set[str]) -> str:
    """What an error says, on one line; of several causes, what the system said."""
    words = [_systems_words(cause) for cause in _causes(error) if isinstance(cause, OSError)]
    words = [each for each in words if each]
    return reason(words[-1] if words else str(error) or type(error).__name__, secrets)


def _systems_words(error: OSError) -> str:
    """What the system says of an error; asyncio has words of its own for some."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    number = None if isinstance(error, ssl.SSLError | gaierror) else error.errno
    if number is not None and number in errorcode:
        return os.strerror(number)
    return error.strerror or ""
