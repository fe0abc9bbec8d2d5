"""What an exchange implies of the time before it, by its method, path, headers, body and status.

What was made with 201 was not there, what was not found is not there, what was begun with 202 was
not under way, what a request refers to by id was there, the pieces of an upload had come up to
where it went on.

Rule: a rule is for all exchanges that are alike in these, and there is none for a single one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.codecs.native import read_json
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.testing.sandbox.state.media import Arriving, Received
from cvatfn.testing.sandbox.state.world import World, dropped, put
from tests.fidelity.kinds import COLLECTIONS, KINDS, REFERENCES
from tests.fidelity.rebuilding.annotated import picture, with_label, with_media
from tests.fidelity.rebuilding.people import with_account
from tests.fidelity.recorded import Recorded

__all__ = ["IMPLIED"]


def _with_what_is_named(world: World, recorded: Recorded) -> World:
    """What the path, the query and the body refer to by id was there."""
    for collection, number in _named_in_path(recorded):
        world = COLLECTIONS[collection](world, number) if collection in COLLECTIONS else world
    for name, number in (*_in_query(recorded), *_in_body(recorded)):
        world = REFERENCES[name](world, number)
    return world


def _without_what_was_not_found(world: World, recorded: Recorded) -> World:
    """What a path names is not there where the answer says that nothing of the id is."""
    if recorded.status != 404 or not _NOTHING.search(recorded.response.body):
        return world
    collection, number = next(_named_in_path(recorded), ("", 0))
    return KINDS[collection].without(world, number) if collection in KINDS else world


def _without_what_was_made(world: World, recorded: Recorded) -> World:
    """What was made was not there before; its id was the next one."""
    made = getattr(recorded.answer, "id", None)
    segments = recorded.request.path.strip("/").split("/")
    if recorded.status != 201 or not isinstance(made, int):
        return world
    kind = KINDS.get(segments[1])
    if kind is None:
        return world
    return evolve(kind.without(world, made), ids=put(world.ids, kind.counter, made - 1))


def _without_work_that_was_begun(world: World, recorded: Recorded) -> World:
    """What was begun was not under way."""
    match recorded.answer:
        case models.RqId(rq_id=number):
            return evolve(world, backgrounds=dropped(world.backgrounds, number))
        case _:
            return world


def _with_data_as_implied(world: World, recorded: Recorded) -> World:
    """A task whose data were looked at had some; one that was given some, or has none, had not."""
    found = _BELOW.fullmatch(recorded.request.path)
    if found is None:
        return world
    number, below = int(found["id"]), found["below"]
    giving = below == "data" and recorded.request.method == "POST"
    lacking = below in ("data/meta", "preview") and recorded.status in (204, 400, 404)
    if giving or (lacking and recorded.request.method == "GET"):
        task = evolve(world.tasks[number], media=None)
        jobs = {key: job for key, job in world.jobs.items() if job.task != number}
        return evolve(world, tasks=put(world.tasks, number, task), jobs=jobs)
    return with_media(world, number) if recorded.status != 404 else world


def _with_labels_as_implied(world: World, recorded: Recorded) -> World:
    """Labels that were changed by id were there; the names of those that were added were free."""
    home = next(_named_in_path(recorded), ("", 0))
    sent = dict(members(_sent(recorded))).get("labels")
    if home[0] not in ("projects", "tasks") or not is_array(sent) or recorded.status >= 400:
        return world
    task = home[1] if home[0] == "tasks" else None
    project = home[1] if home[0] == "projects" else None
    for given in sent:
        number, name = (dict(members(given)).get(key) for key in ("id", "name"))
        if isinstance(number, int):
            world = with_label(world, number, task=task, project=project)
        else:
            taken = [
                key
                for key, label in world.labels.items()
                if (label.task, label.project, label.name) == (task, project, name)
            ]
            world = evolve(world, labels=dropped(world.labels, *taken))
    return world


def _with_labels_of_annotations(world: World, recorded: Recorded) -> World:
    """The labels of annotations that were sent were there."""
    number = recorded.places.get("id", "")
    if not recorded.request.path.endswith(("/annotations", "/annotations/")):
        return world
    of_job = recorded.request.path.startswith("/api/jobs/")
    task = world.jobs[int(number)].task if of_job else int(number)
    for name, label in _numbers_in(_sent(recorded)):
        if name == "label_id":
            world = with_label(world, label, task=task)
    return world


def _with_upload_so_far(world: World, recorded: Recorded) -> World:
    """What was uploaded in pieces had come up to where it goes on, or wholly where it is used."""
    asked = recorded.request
    found = _FILE.fullmatch(asked.path)
    if found is not None and recorded.status != 404:
        begun = _arriving(recorded, int(found["user"]), asked.path)
        world = with_account(world, begun.user)
        world = evolve(world, arriving=put(world.arriving, asked.path, begun))
    filename = dict(asked.query).get("filename", "")
    named = _FILE_ID.fullmatch(filename)
    if named is not None and asked.headers.get("upload-finish") is not None:
        world = with_account(world, int(named["user"]))
        path = f"{asked.path.rstrip('/')}/{filename}"
        file = Received("annotations.zip", picture())
        world = evolve(world, received=put(world.received, path, file))
    return world


def _arriving(recorded: Recorded, user: int, path: str) -> Arriving:
    """A file under way, as far as the request and its status tell."""
    asked, answered = recorded.request.headers, recorded.response.headers
    size = recorded.left_out[0] or 0
    offset = int(asked.get("upload-offset") or answered.get("upload-offset") or 0)
    task = int(path.split("/")[3]) if path.startswith("/api/tasks/") and "/data/" in path else None
    length = {
        204: offset + size,
        413: offset + size - 1,
    }.get(recorded.status, int(answered.get("upload-length") or offset + size))
    elsewhere = offset + 1 if recorded.status == 409 else offset
    return Arriving(
        user=user, task=task, name="file.zip", length=max(length, elsewhere), offset=elsewhere
    )


def _with_passwords_as_implied(world: World, recorded: Recorded) -> World:
    """A login that was refused had another password than the account."""
    if not recorded.request.path.endswith("/auth/login") or recorded.status != 400:
        return world
    accounts = {key: evolve(each, password="other") for key, each in world.accounts.items()}
    return evolve(world, accounts=accounts)


Implication = Callable[[World, Recorded], World]

IMPLIED: Final[tuple[Implication, ...]] = (
    _with_what_is_named,
    _without_what_was_made,
    _without_what_was_not_found,
    _without_work_that_was_begun,
    _with_data_as_implied,
    _with_labels_as_implied,
    _with_labels_of_annotations,
    _with_upload_so_far,
    _with_passwords_as_implied,
)
"""In this order: what an exchange implies of the world before it."""

_NOTHING: Final = re.compile(rb'^\{"detail":"No \w+ matches the given query\."\}$')
_BELOW: Final = re.compile(r"/api/tasks/(?P<id>[0-9]+)/(?P<below>[a-z_/]+?)/?")
_FILE_ID: Final = re.compile(r"(?P<user>[0-9]+)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FILE: Final = re.compile(rf"/api/.+/{_FILE_ID.pattern}")


def _named_in_path(recorded: Recorded) -> Iterator[tuple[str, int]]:
    """The collections and ids of a path, such as `("tasks", 7)`."""
    segments = recorded.request.path.strip("/").split("/")
    for word, number in pairwise(segments):
        if number.isdecimal():
            yield word, int(number)


def _in_query(recorded: Recorded) -> Iterator[tuple[str, int]]:
    for name, value in recorded.request.query:
        if name in REFERENCES and value.isdecimal():
            yield name, int(value)


def _in_body(recorded: Recorded) -> Iterator[tuple[str, int]]:
    for name, value in members(_sent(recorded)):
        if name in REFERENCES and isinstance(value, int | float) and not isinstance(value, bool):
            yield name, int(value)


def _sent(recorded: Recorded) -> object:
    body = recorded.request.body
    return read_json(body) if isinstance(body, bytes) else None


def _numbers_in(value: object) -> Iterator[tuple[str, int]]:
    """All integers in a JSON value, with the names of their fields."""
    if is_array(value):
        for held in value:
            yield from _numbers_in(held)
    elif is_mapping(value):
        for name, held in value.items():
            if isinstance(held, int) and not isinstance(held, bool):
                yield str(name), held
            else:
                yield from _numbers_in(held)
