"""What a client meets before it can ask anything, as data.

Rule: nothing here does I/O.
"""

from __future__ import annotations

import ssl
from typing import Literal, TypeAlias

from attrs import frozen

__all__ = ["Handshake", "Threshold"]


@frozen
class Handshake:
    """Hear the first word of TLS, and make nothing of it."""

    flaw: Literal["reset", "closed", "no TLS", "stall"]


Threshold: TypeAlias = ssl.SSLContext | Handshake | None
"""The TLS that is spoken, or what is done in its place; `None` is neither."""
