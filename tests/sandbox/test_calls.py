"""Whatever is asked of the sandbox, by whomever, it answers as the endpoint says, or refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Failure, Success, call
from cvatfn.api import projects, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.building import members
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.errors import Rejected
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.strategies import Call, calls
from cvatfn.transport import Transport, authenticated
from tests.sandbox.kit import make_task

PEOPLE = {"admin": "s3cret", "worker": "pa55"}
PLACES = ("org", "org_id", "x_organization")
NOT_BUILT = 501


def _as(person: str, sandbox: Sandbox) -> Transport:
    return authenticated(sandbox, Basic(person, PEOPLE[person]), sandbox.world.origin)


@pytest.fixture(scope="module")
def furnished() -> World:
    """A world with a project, a task with pictures, and a task without."""
    sandbox = Sandbox(World.with_user("admin", "s3cret").joined("worker", "pa55"))
    admin = _as("admin", sandbox)
    call(admin, projects.create, {"name": "zoo", "labels": [{"name": "cat"}]}).unwrap()
    make_task(admin)
    call(admin, tasks.create, {"name": "empty", "project_id": 1}).unwrap()
    return sandbox.world


def _near(value: object, name: str = "") -> object:
    """The same value, with ids and frames of things that may be there."""
    match value:
        case bool():
            return value
        case int() if name in ("id", "frame", "stop_frame") or name.endswith("_id"):
            return value % 4
        case _ if is_array(value):
            return tuple(_near(element, name.removesuffix("s")) for element in value)
        case _ if is_mapping(value):
            return {key: _near(held, str(key)) for key, held in value.items()}
        case _ if attrs.has(type(value)) and "File" not in type(value).__name__:
            make = cast("Callable[..., object]", type(value))  # a class is called with its fields
            return make(**{key: _near(held, key) for key, held in members(value)})
        case _:
            return value


def _nearby(asked: Call[object]) -> Call[object]:
    """The same call for things that may be there, in no organization."""
    given = {name: _near(held, name) for name, held in asked.params.items() if name not in PLACES}
    return Call(asked.endpoint, given)


@given(
    st.lists(st.tuples(st.sampled_from([*PEOPLE]), calls().map(_nearby)), min_size=1, max_size=8)
)
def test_every_call_is_answered_or_refused(
    furnished: World, asked: list[tuple[str, Call[object]]]
) -> None:
    sandbox = Sandbox(furnished)
    for person, each in asked:
        match each.send(_as(person, sandbox)):
            case Success():
                pass
            case Failure(Rejected(status=status) as error):
                assert status < 500 or status == NOT_BUILT, error
            case Failure(error):
                raise AssertionError(error)
