"""Servers on loopback that are closed, with all their threads, when the test ends.

Who asks them is `connect`, in both worlds: what is promised of a connection is promised of the
asynchronous one, too, and is proved by the same test.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeAlias

import pytest
import trustme
from attrs import frozen
from hypothesis import settings

from cvatfn import transport
from cvatfn.aio import AsyncConnection, connect_async
from cvatfn.auth import Auth
from cvatfn.messages import HeadersLike
from cvatfn.schedule import Schedule
from cvatfn.testing.conformance import blocking
from cvatfn.transport import Transport
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.opening import ClientCertificate
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT
from tests.transport.wire import Behaviour, Server

P = ParamSpec("P")

BOTH_WORLDS = ("threads", "asyncio")
EVERY_WORLD = (*BOTH_WORLDS, "trio")
NIGHTLY = 1000
"""From how many examples on a profile is one for the night."""

Serve: TypeAlias = Callable[[Behaviour], Server]


class Connect(Protocol):
    """`connect` and `connect_async`, the latter asked from the test's thread."""

    def __call__(
        self,
        host: str,
        /,
        *,
        auth: Auth | None = None,
        organization: str | None = None,
        headers: HeadersLike = (),
        cookies: Mapping[str, str] | None = None,
        timeout: TimeoutLike = DEFAULT_TIMEOUT,
        retry: Schedule | None = None,
        proxy: str | None = None,
        verify: bool = True,
        ca_bundle: str | os.PathLike[str] | None = None,
        client_certificate: ClientCertificate | None = None,
        pool_size: int = 16,
        max_body: int = DEFAULT_MAX_BODY,
    ) -> AbstractContextManager[Transport]:
        """Open a connection; it is closed at the end of the block."""
        ...


@frozen
class Authority:
    """Certificates signed at test time by an authority that nobody knows."""

    ca_bundle: str
    client: str
    right: ssl.SSLContext
    other_name: ssl.SSLContext
    asking: ssl.SSLContext
    """Asks who calls."""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    return lambda behaviour: stack.enter_context(Server(behaviour))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put each test to both worlds; to both loops at night, and where a module says so."""
    if "world" in metafunc.fixturenames:
        nightly = settings().max_examples >= NIGHTLY
        every = nightly or metafunc.definition.get_closest_marker("every_loop") is not None
        worlds = EVERY_WORLD if every else BOTH_WORLDS
        metafunc.parametrize("world", worlds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> str:
    """Who waits: the caller's thread, or an event loop."""
    return str(request.param)


@pytest.fixture(scope="session")
def connect(world: str) -> Connect:
    return transport.connect if world == "threads" else in_loop(connect_async, world)


def in_loop(
    make: Callable[Concatenate[str, P], AsyncConnection], backend: str
) -> Callable[Concatenate[str, P], AbstractContextManager[Transport]]:
    """An asynchronous connection under one of the loops, asked from a thread.

    :param make: `connect_async`.
    :param backend: `asyncio` or `trio`.
    """

    def connect(
        host: str, /, *args: P.args, **options: P.kwargs
    ) -> AbstractContextManager[Transport]:
        connection = make(host, *args, **options)
        return blocking(lambda _: connection, backend)(host)

    return connect


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    bundle: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    client = bundle.with_name("client.pem")
    ca.issue_cert("ada@cvat.example").private_key_and_cert_chain_pem.write_to_path(str(client))
    contexts: list[ssl.SSLContext] = []
    for name in ("127.0.0.1", "other.example", "127.0.0.1"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with ca.issue_cert(name).private_key_and_cert_chain_pem.tempfile() as chain:
            context.load_cert_chain(chain)
        contexts.append(context)
    contexts[-1].verify_mode = ssl.CERT_REQUIRED
    contexts[-1].load_verify_locations(bundle)
    return Authority(str(bundle), str(client), *contexts)
