"""What urllib3 and `http.client` mean by what they raise.

Rule: a line of the server's own is not quoted: it may hold anything, the login, too.
"""

from __future__ import annotations

import ssl
from http.client import BadStatusLine, HTTPException, UnknownProtocol
from time import monotonic
from typing import Final

from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import SSLError as Urllib3SslError

from cvatfn.transport.faults import Words

__all__ = ["WORDS"]

_IN_THE_SERVERS_WORDS: Final = (BadStatusLine, UnknownProtocol)


def _causes(error: BaseException) -> list[BaseException]:
    cause = error.__cause__
    return [error] if cause is None else [error, cause]


def _is_late(error: BaseException) -> bool:
    return isinstance(error, TimeoutError | ReadTimeoutError)


def _is_untrusted(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError | ssl.CertificateError | Urllib3SslError)


def _said(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return error.verify_message
        case OSError(strerror=str(words)):
            return words
        case _ if isinstance(error.__cause__, OSError):
            return _said(error.__cause__)
        case HTTPError(args=(str(words), *_)):
            return words
        case HTTPException() if type(error) in _IN_THE_SERVERS_WORDS:
            return type(error).__name__
        case HTTPException():
            return f"{type(error).__name__}: {error}"
        case _:
            return str(error) or type(error).__name__


WORDS: Final = Words(_causes, _is_late, _is_untrusted, _said, monotonic)
