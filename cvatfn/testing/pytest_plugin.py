"""Fixtures for pytest: a sandbox in memory, and one that answers over HTTP.

pytest finds them by itself once cvatfn is installed; nothing of cvatfn is imported before a test
asks for one. A test says what it is given:

    from cvatfn import call
    from cvatfn.api import tasks
    from cvatfn.testing.sandbox import Sandbox

    def test_tasks_are_made(sandbox: Sandbox) -> None:
        assert call(sandbox, tasks.create, {"name": "cats"}).unwrap().id in sandbox.world.tasks

Rule: each test has a world of its own, which begins as the fixture `sandbox_world` says: define a
fixture of that name to begin elsewhere, such as at `example_world()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cvatfn.testing.sandbox import Sandbox, SandboxServer, World

__all__ = ["sandbox", "sandbox_server", "sandbox_world"]


@pytest.fixture
def sandbox_world() -> World:
    """Where `sandbox` and `sandbox_server` begin: at a world with one superuser, `admin`."""
    from cvatfn.testing.sandbox import World

    return World.with_user("admin", "let-me-in")


@pytest.fixture
def sandbox(sandbox_world: World) -> Sandbox:
    """A sandbox in memory: a transport on which the first superuser is logged in, and its world."""
    from cvatfn.testing.sandbox import Sandbox, first_login

    return Sandbox(sandbox_world, auth=first_login(sandbox_world))


@pytest.fixture
def sandbox_server(sandbox_world: World) -> Iterator[SandboxServer]:
    """A sandbox over HTTP, on a free port of this machine: its URL, logins, and the sandbox."""
    from cvatfn.testing.sandbox import serving

    with ExitStack() as stack:
        try:
            server = stack.enter_context(serving(sandbox_world))
        except ImportError as error:
            # not skipped: a test that was asked for and cannot run has not passed
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        yield server
