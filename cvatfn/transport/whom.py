"""Whom a transport speaks to, where that can be known without asking."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from cvatfn.messages import Request

__all__ = ["server_of"]

_DEEPEST: Final = 100


def server_of(transport: Callable[[Request], object]) -> str | None:
    """The origin of the server that a transport speaks to.

    A connection says it as its `origin`, and so may any other transport. The wrappers of this
    package are looked through; of a function nothing can be known.

    :param transport: a connection, or a wrapper around one.
    :returns: scheme, host and port; `None` where it does not say.

    >>> from cvatfn.schedule import constant
    >>> from cvatfn.transport import connect, logged, retrying
    >>> server_of(logged(retrying(connect("cvat.example"), constant(1))))
    'https://cvat.example'
    """
    inner: object = transport
    for _ in range(_DEEPEST):
        origin: object = getattr(inner, "origin", None)
        if isinstance(origin, str):
            return origin
        within: object = getattr(inner, "transport", None)
        inner = next(iter(inner.args), None) if isinstance(inner, partial) else within
        if inner is None:
            break
    return None
