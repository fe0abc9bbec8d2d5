"""Servers on loopback that are closed, with all their threads, when the test ends."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest
import trustme
from attrs import frozen

from tests.transport.wire import Behaviour, Server

Serve: TypeAlias = Callable[[Behaviour], Server]


@frozen
class Authority:
    """Certificates signed at test time by an authority that nobody knows."""

    ca_bundle: str
    right: ssl.SSLContext
    other_name: ssl.SSLContext


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    return lambda behaviour: stack.enter_context(Server(behaviour))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    bundle: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    contexts: list[ssl.SSLContext] = []
    for name in ("127.0.0.1", "other.example"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with ca.issue_cert(name).private_key_and_cert_chain_pem.tempfile() as chain:
            context.load_cert_chain(chain)
        contexts.append(context)
    return Authority(str(bundle), *contexts)
