"""Sending requests: connections, wrappers around them, and stand-ins for tests.

Rule: a transport is one function, `Request -> Outcome[Response, TransportError]`; whatever the
network does becomes its value. Nothing here knows an endpoint or a model. Importing this package
imports no HTTP library: names are found at their first use (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.messages import Headers as Headers
    from cvatfn.messages import Request as Request
    from cvatfn.messages import Response as Response
    from cvatfn.messages import Timeout as Timeout
    from cvatfn.transport.budgets import Budget as Budget
    from cvatfn.transport.connection import Connection as Connection
    from cvatfn.transport.connection import connect as connect
    from cvatfn.transport.contents import gathered as gathered
    from cvatfn.transport.logs import logged as logged
    from cvatfn.transport.memory import in_memory as in_memory
    from cvatfn.transport.origins import origin_of as origin_of
    from cvatfn.transport.rates import rate_limited as rate_limited
    from cvatfn.transport.recordings import Replay as Replay
    from cvatfn.transport.recordings import recorded as recorded
    from cvatfn.transport.recordings import replayed as replayed
    from cvatfn.transport.retries import retrying as retrying
    from cvatfn.transport.retries import worth_repeating as worth_repeating
    from cvatfn.transport.types import Transport as Transport
    from cvatfn.transport.wrappers import authenticated as authenticated
    from cvatfn.transport.wrappers import in_organization as in_organization
    from cvatfn.transport.wrappers import with_headers as with_headers
    from cvatfn.transport.wrappers import with_timeout as with_timeout
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.messages": "Headers Request Response Timeout",
            "cvatfn.transport.budgets": "Budget",
            "cvatfn.transport.connection": "Connection connect",
            "cvatfn.transport.contents": "gathered",
            "cvatfn.transport.logs": "logged",
            "cvatfn.transport.memory": "in_memory",
            "cvatfn.transport.origins": "origin_of",
            "cvatfn.transport.rates": "rate_limited",
            "cvatfn.transport.recordings": "Replay recorded replayed",
            "cvatfn.transport.retries": "retrying worth_repeating",
            "cvatfn.transport.types": "Transport",
            "cvatfn.transport.wrappers": "authenticated in_organization with_headers with_timeout",
        },
    )
