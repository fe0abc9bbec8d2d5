"""What the faults of a network become: values that say whether the server may have acted.

Rule: a reason is one line, in the words of whoever found the fault, and holds no secret.
"""

from __future__ import annotations

import ssl
from http.client import BadStatusLine, HTTPException, UnknownProtocol
from time import monotonic
from typing import Final

from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import SSLError as Urllib3SslError

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
from cvatfn.transport.contents import Unreadable
from cvatfn.transport.links import Late, NotConnected, Pace, TooMuch
from cvatfn.transport.settings import Settings

__all__ = ["transport_error"]

_LONGEST_REASON: Final = 300
_IN_THE_SERVERS_WORDS: Final = (BadStatusLine, UnknownProtocol)
"""What quotes a line of the server's own, which may hold anything: the login, too."""


def transport_error(
    settings: Settings, request: Request, pace: Pace, fault: Exception
) -> TransportError:
    """The error that a fault comes to.

    :param settings: what the connection was opened from.
    :param request: what was to be sent, with its secrets masked.
    :param pace: how long the wait could be.
    :param fault: what was raised; one of `FAULTS`.
    """
    match fault:
        case NotConnected(why=why):
            return _connect_error(settings, request, why)
        case TooMuch(limit=limit):
            most = settings.accepted(request.max_body)
            return TooLarge(request, most if limit is None else limit)
        case Unreadable():
            return Unsendable(request, str(fault))
        case TimeoutError() | ReadTimeoutError():
            return TimedOut(request, _late(pace, fault))
        case _:
            return ConnectionLost(request, _said(fault))


def _late(pace: Pace, fault: Exception) -> str:
    known = next((each for each in (fault, fault.__cause__) if isinstance(each, Late)), None)
    if known is not None:
        return str(known)
    if pace.deadline is not None and monotonic() >= pace.deadline - 0.01:
        return pace.over
    return "the network gave up" if pace.read is None else f"no word from it for {pace.read:g} s"


def _connect_error(settings: Settings, request: Request, why: Exception) -> TransportError:
    peer = settings.url if settings.proxy is None else settings.proxy.url
    whom = f"{peer.authority}" if settings.proxy is None else f"the proxy {peer.authority}"
    if isinstance(why, TimeoutError) or isinstance(why.__cause__, TimeoutError):
        return TimedOut(request, f"no connection to {whom} in time", may_have_acted=False)
    if _broken_off(why):
        return ConnectFailed(request, f"{whom}: closed while TLS was agreed upon")
    if isinstance(why, ssl.SSLError | ssl.CertificateError | Urllib3SslError):
        return TlsFailed(request, f"{whom}: {_said(why)}")
    return ConnectFailed(request, f"{whom}: {_said(why)}")


def _broken_off(why: BaseException | None) -> bool:
    """Whether somebody hung up within a handshake: that may pass, and is no word on identities."""
    return isinstance(why, ssl.SSLEOFError | ssl.SSLZeroReturnError) or (
        why is not None and _broken_off(why.__cause__)
    )


def _said(error: BaseException) -> str:
    """What an error says, on one line."""
    match error:
        case ssl.SSLCertVerificationError():
            text = error.verify_message
        case OSError(strerror=str(words)):
            text = words
        case _ if isinstance(error.__cause__, OSError):
            return _said(error.__cause__)
        case HTTPError(args=(str(words), *_)):
            text = words
        case HTTPException() if type(error) in _IN_THE_SERVERS_WORDS:
            text = type(error).__name__
        case HTTPException():
            text = f"{type(error).__name__}: {error}"
        case _:
            text = str(error) or type(error).__name__
    text = " ".join(text.split())[:_LONGEST_REASON].rstrip(".")
    return text if text.isprintable() else ascii(text)
