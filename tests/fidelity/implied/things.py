"""What an exchange implies of the things that it names: there or not, made, listed, begun."""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.testing.sandbox.state.world import World, dropped, put
from tests.fidelity.implied.reading import (
    frames_named,
    in_body,
    in_query,
    json_sent,
    named_in_path,
    numbers_in,
)
from tests.fidelity.kinds import COLLECTIONS, KINDS, REFERENCES
from tests.fidelity.rebuilding.annotated import (
    with_job,
    with_storage,
)
from tests.fidelity.rebuilding.people import with_organization
from tests.fidelity.recorded import Recorded

__all__ = [
    "with_passwords_as_implied",
    "with_what_is_named",
    "without_names_that_were_given",
    "without_rows_that_were_not_listed",
    "without_what_was_made",
    "without_what_was_not_found",
    "without_work_that_was_begun",
]


def with_what_is_named(world: World, recorded: Recorded) -> World:
    """What the path, the query and the body refer to by id was there."""
    for collection, number in named_in_path(recorded):
        if collection == "jobs":
            world = with_job(world, number, frames_named(recorded))
        world = COLLECTIONS[collection](world, number) if collection in COLLECTIONS else world
    for name, number in (*in_query(recorded), *in_body(recorded)):
        world = REFERENCES[name](world, number)
    for name, number in numbers_in(json_sent(recorded)):
        if name == "cloud_storage_id":
            world = with_storage(world, number)
    slug = dict(recorded.request.query).get("org", recorded.request.headers.get("x-organization"))
    known = {organization.slug for organization in world.organizations.values()}
    return world if not slug or slug in known else _with_slug(world, slug)


def _with_slug(world: World, slug: str) -> World:
    number = max(world.organizations, default=0) + 1
    world = with_organization(world, number)
    made = evolve(world.organizations[number], slug=slug)
    return evolve(world, organizations=put(world.organizations, number, made))


def without_rows_that_were_not_listed(world: World, recorded: Recorded) -> World:
    """A whole listing of what belongs to something given by id tells that it has no more."""
    listed = recorded.page
    kind = KINDS.get(recorded.request.path.rpartition("/")[2])
    if kind is None or listed is None or not any(in_query(recorded)):
        return world
    if listed.count == len(listed.results):
        kept = {getattr(row, "id", None) for row in listed.results}
        for number in kind.rows(world):
            world = world if number in kept else kind.without(world, number)
    return world


def without_what_was_not_found(world: World, recorded: Recorded) -> World:
    """What a path names is not there where the answer says that nothing of the id is."""
    if recorded.status != 404 or not _NOTHING.search(recorded.response.body):
        return world
    collection, number = next(named_in_path(recorded), ("", 0))
    return KINDS[collection].without(world, number) if collection in KINDS else world


def without_what_was_made(world: World, recorded: Recorded) -> World:
    """What was made was not there before; its id was the next one."""
    made = getattr(recorded.answer, "id", None)
    segments = recorded.request.path.strip("/").split("/")
    if recorded.status != 201 or not isinstance(made, int):
        return world
    kind = KINDS.get(segments[1])
    if kind is None:
        return world
    return evolve(kind.without(world, made), ids=put(world.ids, kind.counter, made - 1))


def without_names_that_were_given(world: World, recorded: Recorded) -> World:
    """The name of a person or an organization that was made was free."""
    sent = dict(members(json_sent(recorded)))
    if recorded.status != 201:
        return world
    accounts = {
        number: evolve(account, username=f"{account.username}-{number}")
        for number, account in world.accounts.items()
        if account.username == sent.get("username")
    }
    organizations = {
        number: evolve(organization, slug=f"{organization.slug}-{number}")
        for number, organization in world.organizations.items()
        if organization.slug == sent.get("slug")
    }
    return evolve(
        world,
        accounts={**world.accounts, **accounts},
        organizations={**world.organizations, **organizations},
    )


def without_work_that_was_begun(world: World, recorded: Recorded) -> World:
    """What was begun was not under way."""
    match recorded.answer:
        case models.RqId(rq_id=number):
            return evolve(world, backgrounds=dropped(world.backgrounds, number))
        case _:
            return world


def with_passwords_as_implied(world: World, recorded: Recorded) -> World:
    """A login that was refused had another password than the account."""
    if not recorded.request.path.endswith("/auth/login") or recorded.status != 400:
        return world
    accounts = {key: evolve(each, password="other") for key, each in world.accounts.items()}
    return evolve(world, accounts=accounts)


_NOTHING: Final = re.compile(rb'^\{"detail":"No \w+ matches the given query\."\}$')
