"""Servers on loopback, and both event loops."""

from __future__ import annotations

import pytest

from tests.transport.conftest import Authority, Serve, authority, serve, stack

__all__ = ["Authority", "Serve", "authority", "backend", "serve", "stack"]


@pytest.fixture(params=["asyncio", "trio"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
