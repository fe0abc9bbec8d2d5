"""What httpcore2, h11, anyio and the loops mean by what they raise.

Rule: of several causes the system is quoted, and never a line of the server's own: it may hold
anything, the login, too. What follows from a fault is said by `cvatfn.transport.faults`.
"""

from __future__ import annotations

import os
import re
import ssl
from errno import errorcode
from socket import gaierror
from typing import Final

import anyio
import httpcore2

from cvatfn.aio.groups import first_of
from cvatfn.transport.breaks import NO_FIELD
from cvatfn.transport.faults import Words

__all__ = ["WORDS"]

_DEEPEST: Final = 10
_QUOTED: Final = re.compile(r": (?:bytearray|b['\"]).*", re.DOTALL)
"""The line that h11 cannot read."""

_NO_FIELD: Final = ("illegal header line", "continuation line at start of headers")


def _causes(error: BaseException) -> list[BaseException]:
    causes = [error]
    while len(causes) < _DEEPEST:
        first = first_of(causes[-1])
        deeper = first.__cause__ if first is causes[-1] else first
        if deeper is None:
            break
        causes.append(deeper)
    return causes


def _is_late(error: BaseException) -> bool:
    return isinstance(error, TimeoutError | httpcore2.TimeoutException)


def _is_untrusted(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError)


def _said(error: BaseException) -> str:
    words = [_systems_words(cause) for cause in _causes(error) if isinstance(cause, OSError)]
    words = [each for each in words if each]
    if words:
        return words[-1]
    text = str(error) or type(error).__name__
    if isinstance(error, httpcore2.ProtocolError):
        text = _QUOTED.sub("", text)
        return NO_FIELD if text in _NO_FIELD else text
    return text


def _systems_words(error: OSError) -> str:
    """What the system says of an error; asyncio has words of its own for some."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    number = None if isinstance(error, ssl.SSLError | gaierror) else error.errno
    if number is not None and number in errorcode:
        return os.strerror(number)
    return error.strerror or ""


WORDS: Final = Words(_causes, _is_late, _is_untrusted, _said, anyio.current_time)
