"""What a transport is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome

__all__ = ["Transport"]

Transport: TypeAlias = Callable[[Request], Outcome[Response, TransportError]]
"""Anything that sends a request: a `Connection`, a wrapper around one, a lambda in a test."""
