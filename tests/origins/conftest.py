"""Certificates, as the tests of the transport have them."""

from __future__ import annotations

from tests.transport.conftest import authority as authority
