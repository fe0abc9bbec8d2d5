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
from cvatfn.transport.links import Pace
from cvatfn.transport.settings import Settings

__all__ = ["transport_error"]

_IN_THE_SERVERS_WORDS: Final = (BadStatusLine, UnknownProtocol)
"""What quotes a line of the server's own, which may hold anything: the login, too."""


def transport_error(
    settings: Settings, request: Request, pace: Pace, fault: Exception, login: Unshown
) -> TransportError:
    """The error that a fault comes to.

    :param settings: what the connection was opened from.
    :param request: what was to be sent; the error is without its secrets.
    :param pace: how long the wait could be.
    :param fault: what was raised; one of `FAULTS`.
    :param login: secrets that were sent along, which a server or a proxy may repeat.
    """
    secrets = sent_along(settings, request, login)
    error = _error(settings, request, pace, fault, secrets)
    return masked_error(error, login=secrets)


def _error(
    settings: Settings, request: Request, pace: Pace, fault: Exception, secrets: set[str]
) -> TransportError:
    match fault:
        case NotConnected(why=why):
            return _connect_error(settings, request, why, secrets)
        case TooMuch(limit=limit):
            most = settings.accepted(request.max_body)
            return TooLarge(request, most if limit is None else limit)
        case Unreadable():
            return Unsendable(request, str(fault))
        case TimeoutError() | ReadTimeoutError():
            return TimedOut(request, _late(pace, fault))
        case _:
            return ConnectionLost(request, _said(fault, secrets))


def _late(pace: Pace, fault: Exception) -> str:
    known = next((each for each in (fault, fault.__cause__) if isinstance(each, Late)), None)
    if known is not None:
        return str(known)
    if pace.deadline is not None and monotonic() >= pace.deadline - 0.01:
        return pace.over
    return "the network gave up" if pace.read is None else f"no word from it for {pace.read:g} s"


def _connect_error(
    settings: Settings, request: Request, why: Exception, secrets: set[str]
) -> TransportError:
    peer = settings.url if settings.proxy is None else settings.proxy.url
    whom = f"{peer.authority}" if settings.proxy is None else f"the proxy {peer.authority}"
    if isinstance(why, TimeoutError) or isinstance(why.__cause__, TimeoutError):
        return TimedOut(request, f"no connection to {whom} in time", may_have_acted=False)
    if broken_off(why):
        return ConnectFailed(request, f"{whom}: closed while TLS was agreed upon")
    if isinstance(why, ssl.SSLError | ssl.CertificateError | Urllib3SslError):
        return TlsFailed(request, f"{whom}: {_said(why, secrets)}")
    return ConnectFailed(request, f"{whom}: {_said(why, secrets)}")


def _said(error: BaseException, secrets: set[str]) -> str:
    """What an error says, on one line."""
    match error:
        case ssl.SSLCertVerificationError():
            text = error.verify_message
        case OSError(strerror=str(words)):
            text = words
        case _ if isinstance(error.__cause__, OSError):
            return _said(error.__cause__, secrets)
        case HTTPError(args=(str(words), *_)):
            text = words
        case HTTPException() if type(error) in _IN_THE_SERVERS_WORDS:
            text = type(error).__name__
        case HTTPException():
            text = f"{type(error).__name__}: {error}"
        case _:
            text = str(error) or type(error).__name__
    return reason(text, secrets)
