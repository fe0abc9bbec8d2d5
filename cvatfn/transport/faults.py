"""What the faults of a network become: values that say whether the server may have acted.

Rule: a reason is one line, in the words of whoever found the fault, and holds no secret. What an
HTTP library means by what it raises is told by `Words`; what follows from it is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from attrs import frozen

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
from cvatfn.transport.pacing import Pace
from cvatfn.transport.settings import Settings

__all__ = ["Words", "transport_error"]

_ROUNDED: Final = 0.01
"""How much earlier than a deadline a socket may say that it is over, in seconds."""


@frozen
class Words:
    """How the faults of one HTTP library are read.

    :param causes: a fault and what caused it, down to the first cause.
    :param late: whether a fault is that a wait was over.
    :param untrusted: whether a fault is that of TLS.
    :param said: what a fault says, in the words of whoever found it.
    :param clock: what a deadline is on.
    """

    causes: Callable[[BaseException], Sequence[BaseException]]
    late: Callable[[BaseException], bool]
    untrusted: Callable[[BaseException], bool]
    said: Callable[[BaseException], str]
    clock: Callable[[], float]


def transport_error(
    words: Words, settings: Settings, request: Request, pace: Pace, fault: Exception, login: Unshown
) -> TransportError:
    """The error that a fault comes to.

    :param words: how the fault is read.
    :param settings: what the connection was opened from.
    :param request: what was to be sent; the error is without its secrets.
    :param pace: how long the wait could be.
    :param fault: what was raised; one of the `FAULTS` of a link.
    :param login: secrets that were sent along, which a server or a proxy may repeat.
    """
    secrets = sent_along(settings, request, login)
    error = _error(words, settings, request, pace, fault, secrets)
    return masked_error(error, login=secrets)


def _error(
    words: Words,
    settings: Settings,
    request: Request,
    pace: Pace,
    fault: Exception,
    secrets: set[str],
) -> TransportError:
    match fault:
        case NotConnected(why=why):
            return _connect_error(words, settings, request, why, secrets)
        case TooMuch(limit=limit):
            most = settings.accepted(request.max_body)
            return TooLarge(request, most if limit is None else limit)
        case Unreadable():
            return Unsendable(request, str(fault))
        case _ if words.late(fault):
            return TimedOut(request, _late(words, pace, fault))
        case _:
            return ConnectionLost(request, reason(words.said(fault), secrets))


def _late(words: Words, pace: Pace, fault: Exception) -> str:
    known = next((each for each in words.causes(fault) if isinstance(each, Late)), None)
    if known is not None:
        return str(known)
    if pace.deadline is not None and words.clock() >= pace.deadline - _ROUNDED:
        return pace.over
    return "the network gave up" if pace.read is None else f"no word from it for {pace.read:g} s"


def _connect_error(
    words: Words, settings: Settings, request: Request, why: Exception, secrets: set[str]
) -> TransportError:
    peer = settings.url if settings.proxy is None else settings.proxy.url
    whom = f"{peer.authority}" if settings.proxy is None else f"the proxy {peer.authority}"
    causes = words.causes(why)
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return TimedOut(request, f"no connection to {whom} in time", may_have_acted=False)
    if any(map(broken_off, causes)):
        return ConnectFailed(request, f"{whom}: closed while TLS was agreed upon")
    said = f"{whom}: {reason(words.said(why), secrets)}"
    if any(map(words.untrusted, causes)):
        return TlsFailed(request, said)
    return ConnectFailed(request, said)
