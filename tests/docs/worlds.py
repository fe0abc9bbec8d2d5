"""The worlds that pages begin at: by name, all that is there before a page's first block.

Rule: a reader can begin there, too: `python -m cvatfn.testing.sandbox` knows `example` and `empty`,
and the pages that begin elsewhere say what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from attrs import evolve

from cvatfn import call, models
from cvatfn.api import cloudstorages, tasks
from cvatfn.testing.pictures import SCENES, painted
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


@cache
def stores() -> World:
    """The example, and pictures that the server itself can reach.

    They are on its share, in the web, and in the cloud storage number 1.
    """
    world = example_world()
    pictures = {f"corners/{name}": painted(name) for name in SCENES}
    bucket: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "street-pictures",
        "display_name": "Street pictures",
        "credentials_type": "ANONYMOUS_ACCESS",
    }
    sandbox = Sandbox(world, auth=first_login(world))
    assert call(sandbox, cloudstorages.create, bucket).unwrap().id == 1
    web = {f"https://pictures.example/{name}": painted(name) for name in SCENES}
    return evolve(sandbox.world, share=pictures, web=web, clouds={1: pictures})


WORLDS: Final[Mapping[str, Callable[[], World]]] = {
    "cats": cats,
    "empty": empty,
    "example": example_world,
    "pets": pets,
    "stores": stores,
}
