"""A sandbox for each test, with two people in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cvatfn import Transport
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transport import authenticated
from tests.sandbox.talk import Receiver, entered, organized


@pytest.fixture
def sandbox() -> Sandbox:
    """A world with a superuser and a user."""
    return Sandbox(World.with_user("admin", "s3cret").joined("worker", "pa55"))


@pytest.fixture
def admin(sandbox: Sandbox) -> Transport:
    """The sandbox as the superuser sees it."""
    return authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)


@pytest.fixture
def worker(sandbox: Sandbox) -> Transport:
    """The sandbox as another user sees it."""
    return authenticated(sandbox, Basic("worker", "pa55"), sandbox.world.origin)


@pytest.fixture
def url(sandbox: Sandbox) -> Iterator[str]:
    """The same sandbox over HTTP."""
    with serve(sandbox) as address:
        yield address


@pytest.fixture
def receiver() -> Receiver:
    """Who is told by webhooks."""
    return Receiver()


@pytest.fixture
def telling(receiver: Receiver) -> Sandbox:
    """A sandbox with an organization, that sends what it has to say to the receiver."""
    return Sandbox(organized(), sender=receiver)


@pytest.fixture
def boss(telling: Sandbox) -> Transport:
    """The telling sandbox as its superuser sees it."""
    return entered(telling, "admin")
