"""Certificates for servers on loopback, and a walk of one's own."""

from __future__ import annotations

import pytest

from tests.secrets.walk import Walk
from tests.transport.conftest import authority

__all__ = ["authority", "walk"]


@pytest.fixture
def walk() -> Walk:
    return Walk()
