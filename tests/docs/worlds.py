"""The worlds that pages begin at: by name, all that is there before a page's first block.

Rule: a reader can begin there, too: `python -m cvatfn.testing.sandbox` knows `example` and `empty`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from attrs import evolve

from cvatfn import call
from cvatfn.api import tasks
from cvatfn.testing.sandbox import EXAMPLE_PASSWORD, Sandbox, World, example_world, first_login
from cvatfn.testing.sandbox.state.world import put
from tests.coming_from.world import pets

__all__ = ["WORLDS"]


def empty() -> World:
    """Nothing but a superuser, whose login is that of the example."""
    return World.with_user("admin", EXAMPLE_PASSWORD)


@cache
def cats() -> World:
    """One task, number 42, "cats", without data: what the README speaks of."""
    world = empty()
    sandbox = Sandbox(evolve(world, ids=put(world.ids, "task", 41)), auth=first_login(world))
    assert call(sandbox, tasks.create, {"name": "cats"}).unwrap().id == 42
    return sandbox.world


WORLDS: Final[Mapping[str, Callable[[], World]]] = {
    "cats": cats,
    "empty": empty,
    "example": example_world,
    "pets": pets,
}
