"""Sending requests: connections, wrappers around them, and stand-ins for tests.

Rule: a transport is one function, `Request -> Outcome[Response, TransportError]`; whatever the
network does becomes its value. Nothing here knows an endpoint or a model. Importing this package
imports no HTTP library: names are found at their first use (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cvatfn.messages import Headers, Request, Response, Timeout
    from cvatfn.transport.connection import Connection, connect
    from cvatfn.transport.memory import in_memory
    from cvatfn.transport.origins import origin_of
    from cvatfn.transport.retries import retrying, worth_repeating
    from cvatfn.transport.types import Transport
    from cvatfn.transport.wrappers import (
        authenticated,
        in_organization,
        with_headers,
        with_timeout,
    )

__all__ = [
    "Connection",
    "Headers",
    "Request",
    "Response",
    "Timeout",
    "Transport",
    "authenticated",
    "connect",
    "in_memory",
    "in_organization",
    "origin_of",
    "retrying",
    "with_headers",
    "with_timeout",
    "worth_repeating",
]

_HOMES: Final = {
    "Connection": "cvatfn.transport.connection",
    "Headers": "cvatfn.messages",
    "Request": "cvatfn.messages",
    "Response": "cvatfn.messages",
    "Timeout": "cvatfn.messages",
    "Transport": "cvatfn.transport.types",
    "authenticated": "cvatfn.transport.wrappers",
    "connect": "cvatfn.transport.connection",
    "in_memory": "cvatfn.transport.memory",
    "in_organization": "cvatfn.transport.wrappers",
    "origin_of": "cvatfn.transport.origins",
    "retrying": "cvatfn.transport.retries",
    "with_headers": "cvatfn.transport.wrappers",
    "with_timeout": "cvatfn.transport.wrappers",
    "worth_repeating": "cvatfn.transport.retries",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
