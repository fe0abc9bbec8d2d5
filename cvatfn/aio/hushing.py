"""What httpcore2 logs at DEBUG: the header fields of answers as they came, and what it cannot read.

A server may repeat the login there. So its records of our own exchanges are dropped, as the socket
library of the synchronous connection is kept from printing; `logged` tells of requests without
their secrets. Whoever uses httpcore2 beside this package has its records as before.

Rule: this is the one place that touches something global: the logger's filters, once.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["hushed"]

_HUSHED: Final = ContextVar("cvatfn.aio.hushed", default=False)


@contextmanager
def hushed() -> Generator[None]:
    """Have nothing logged of an exchange, by the task that is in the block.

    >>> with hushed():
    ...     _is_heard(logging.makeLogRecord({}))
    False
    """
    before = _HUSHED.set(True)
    try:
        yield
    finally:
        _HUSHED.reset(before)


def _is_heard(_: logging.LogRecord) -> bool:
    return not _HUSHED.get()


logging.getLogger("httpcore2.http11").addFilter(_is_heard)
