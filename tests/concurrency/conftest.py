"""The servers on loopback of the wire tests, for the tests of concurrency."""

from __future__ import annotations

from tests.transport.conftest import authority, serve, stack

__all__ = ["authority", "serve", "stack"]
