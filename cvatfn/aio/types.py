"""What an asynchronous transport is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome

__all__ = ["AsyncSleep", "AsyncTransport"]

AsyncTransport: TypeAlias = Callable[[Request], Awaitable[Outcome[Response, TransportError]]]
"""Anything that sends a request and is awaited: an `AsyncConnection`, a wrapper around one, an
`async def` in a test."""

AsyncSleep: TypeAlias = Callable[[float], Awaitable[object]]
"""How to wait for some seconds."""
