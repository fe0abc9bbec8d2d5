"""What an exchange implies of the time before it, by its method, path, headers, body and status.

What was made with 201 was not there, what was not found is not there, what was begun with 202 was
not under way, what a request refers to by id was there, the pieces of an upload had come up to
where it went on.

Rule: a rule is for all exchanges that are alike in these, and there is none for a single one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.codecs.json import loads
from cvatfn.codecs.native import encode, read_json
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.state.media import Arriving, Received
from cvatfn.testing.sandbox.state.works import Background, Result
from cvatfn.testing.sandbox.state.world import World, dropped, put
from tests.fidelity.kinds import COLLECTIONS, KINDS, REFERENCES
from tests.fidelity.rebuilding.annotated import (
    picture,
    with_job,
    with_label,
    with_media,
    with_storage,
    with_subsets,
    without_jobs,
)
from tests.fidelity.rebuilding.people import with_account, with_organization
from tests.fidelity.rebuilding.works import export_of
from tests.fidelity.recorded import Recorded

__all__ = ["IMPLIED"]


def _with_what_is_named(world: World, recorded: Recorded) -> World:
    """What the path, the query and the body refer to by id was there."""
    for collection, number in _named_in_path(recorded):
        if collection == "jobs":
            world = with_job(world, number, _size(recorded))
        world = COLLECTIONS[collection](world, number) if collection in COLLECTIONS else world
    for name, number in (*_in_query(recorded), *_in_body(recorded)):
        world = REFERENCES[name](world, number)
    for name, number in _numbers_in(_sent(recorded)):
        if name == "cloud_storage_id":
            world = with_storage(world, number)
    slug = dict(recorded.request.query).get("org", recorded.request.headers.get("x-organization"))
    known = {organization.slug for organization in world.organizations.values()}
    return world if not slug or slug in known else _with_slug(world, slug)


def _size(recorded: Recorded) -> int:
    """How many frames there are at least, where a request names some and is granted."""
    if recorded.status >= 400:
        return 1
    sent = _sent(recorded)
    deleted = _many(dict(members(sent)).get("deleted_frames"))
    asked = dict(recorded.request.query).get("number", "")
    named = [
        *(number for name, number in _numbers_in(sent) if name == "frame"),
        *(number for number in deleted if isinstance(number, int)),
        *([int(asked)] if asked.isdecimal() else []),
    ]
    return max(named, default=0) + 1


def _with_label_that_stands_alone(world: World, recorded: Recorded) -> World:
    """A label that was changed by its own path is no element of another, unless that was wrong."""
    collection, number = next(_named_in_path(recorded), ("", 0))
    if collection != "labels" or recorded.request.method == "GET" or recorded.status == 400:
        return world
    alone = evolve(world.labels[number], parent=None)
    return evolve(world, labels=put(world.labels, number, alone))


def _with_project_of_labels(world: World, recorded: Recorded) -> World:
    """A task whose labels are a project's is in that project."""
    asked = dict(recorded.request.query)
    listed = () if recorded.page is None else recorded.page.results
    project = next((label.project_id for label in listed if isinstance(label, models.Label)), None)
    if not isinstance(project, int) or not ({"task_id", "job_id"} & set(asked)):
        return world
    job = world.jobs.get(int(asked.get("job_id", "0")))
    number = int(asked.get("task_id", "0")) if job is None else job.task
    task = evolve(world.tasks[number], project=project)
    return evolve(world, tasks=put(world.tasks, number, task))


def _with_slug(world: World, slug: str) -> World:
    number = max(world.organizations, default=0) + 1
    world = with_organization(world, number)
    made = evolve(world.organizations[number], slug=slug)
    return evolve(world, organizations=put(world.organizations, number, made))


def _without_rows_that_were_not_listed(world: World, recorded: Recorded) -> World:
    """A whole listing of what belongs to something given by id tells that it has no more."""
    listed = recorded.page
    kind = KINDS.get(recorded.request.path.rpartition("/")[2])
    if kind is None or listed is None or not any(_in_query(recorded)):
        return world
    if listed.count == len(listed.results):
        kept = {getattr(row, "id", None) for row in listed.results}
        for number in kind.rows(world):
            world = world if number in kept else kind.without(world, number)
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


def _without_names_that_were_given(world: World, recorded: Recorded) -> World:
    """The name of a person or an organization that was made was free."""
    sent = dict(members(_sent(recorded)))
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


def _without_work_that_was_begun(world: World, recorded: Recorded) -> World:
    """What was begun was not under way."""
    match recorded.answer:
        case models.RqId(rq_id=number):
            return evolve(world, backgrounds=dropped(world.backgrounds, number))
        case _:
            return world


def _with_data_as_implied(world: World, recorded: Recorded) -> World:
    """A task whose data were looked at had some; one that was given some, or has none, had not."""
    previewed = _PREVIEWED.fullmatch(recorded.request.path)
    if previewed is not None and recorded.status == 200:
        return with_subsets(world, int(previewed["id"]))
    found = _BELOW.fullmatch(recorded.request.path)
    if found is None:
        return world
    number, below = int(found["id"]), found["below"]
    giving = below == "data" and recorded.request.method == "POST"
    lacking = below in ("data/meta", "preview") and recorded.status in (204, 400, 404)
    if giving or (lacking and recorded.request.method == "GET"):
        return without_jobs(world, number)
    return with_media(world, number, _size(recorded)) if recorded.status != 404 else world


def _with_labels_as_implied(world: World, recorded: Recorded) -> World:
    """Labels that were changed by id were there; the names of those that were added were free."""
    home = next(_named_in_path(recorded), ("", 0))
    sent = dict(members(_sent(recorded))).get("labels")
    if recorded.status == 400:
        return _with_names_taken(world, recorded)
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


def _with_names_taken(world: World, recorded: Recorded) -> World:
    """The world in which names of labels that were refused are taken at the same place."""
    for number, given in _labels_in(recorded, _sent(recorded)):
        label, name = world.labels.get(number), given.get("name")
        if label is None or not isinstance(name, str) or given.get("attributes"):
            continue
        taken = max(world.labels) + 1
        other = evolve(label, id=taken, name=name, parent=None)
        world = evolve(world, labels=put(world.labels, taken, other))
    return world


def _with_attributes_as_implied(world: World, recorded: Recorded) -> World:
    """Attributes that were changed by id were there, and those that were refused had other values.

    Values can only be appended: so before the first of those that were sent, there was another.
    """
    sent = _sent(recorded)
    for number, given in _labels_in(recorded, sent):
        label = world.labels.get(number)
        refused = recorded.status == 400
        if label is None or recorded.status not in (200, 400):
            continue
        known = {attribute.id: attribute for attribute in label.attributes}
        for each in _many(given.get("attributes")):
            attribute = _attribute(each, refused=refused)
            if attribute is not None and (refused or attribute.id not in known):
                known[attribute.id] = attribute
        changed = evolve(label, attributes=tuple(known.values()))
        world = evolve(world, labels=put(world.labels, number, changed))
    return world


def _labels_in(recorded: Recorded, sent: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The labels that a request changes by id: the one of its path, or some of a list."""
    collection, number = next(_named_in_path(recorded), ("", 0))
    whole = dict(members(sent))
    if collection == "labels":
        yield number, whole
    for given in (*_many(whole.get("labels")), *_many(whole.get("sublabels"))):
        held = dict(members(given))
        if isinstance(held.get("id"), int):
            yield int(str(held["id"])), held


def _many(value: object) -> Sequence[object]:
    return value if is_array(value) else ()


def _attribute(sent: object, *, refused: bool) -> models.Attribute | None:
    match loads(models.AttributeRequest, encode(sent)):
        case Success(request) if isinstance(request.id, int):
            before = ("another one",) if refused else ()
            return models.Attribute(
                id=request.id,
                name=request.name,
                mutable=request.mutable,
                input_type=request.input_type,
                default_value=request.default_value or "",
                values=(*before, *request.values),
            )
        case _:
            return None


def _with_files_elsewhere(world: World, recorded: Recorded) -> World:
    """Files that a task's data were to be fetched from were there."""
    sent = dict(members(_sent(recorded)))
    if not recorded.request.path.rstrip("/").endswith("/data") or recorded.status >= 400:
        return world
    share = {str(name): picture() for name in _many(sent.get("server_files"))}
    web = {str(url): picture() for url in _many(sent.get("remote_files"))}
    cloud = sent.get("cloud_storage_id")
    if isinstance(cloud, int):
        return evolve(world, clouds=put(world.clouds, cloud, share))
    return evolve(world, share={**world.share, **share}, web={**world.web, **web})


def _with_files_that_were_downloaded(world: World, recorded: Recorded) -> World:
    """A file that was downloaded had been made, by the work whose id says what it was."""
    number = dict(recorded.request.query).get("rq_id")
    if number is None or recorded.status != 200 or not recorded.request.path.endswith("/download"):
        return world
    told = dict(parse_qsl(number))
    user = int(told.get("user_id", "0"))
    target = told.get("target", "")
    name = recorded.response.headers.get("content-disposition") or ""
    file = Result(
        name.partition('"')[2].rstrip('"'),
        b"PK",
        world.now,
        recorded.response.content_type,
    )
    work = export_of(target, int(told.get("target_id", "0")), told, world.origin)
    made = Background(
        id=number, user=user, work=work, created=world.now, finished=world.now, result=file
    )
    return evolve(with_account(world, user), backgrounds=put(world.backgrounds, number, made))


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
    _with_label_that_stands_alone,
    _with_project_of_labels,
    _without_rows_that_were_not_listed,
    _without_what_was_made,
    _without_names_that_were_given,
    _without_what_was_not_found,
    _without_work_that_was_begun,
    _with_data_as_implied,
    _with_labels_as_implied,
    _with_attributes_as_implied,
    _with_labels_of_annotations,
    _with_upload_so_far,
    _with_files_elsewhere,
    _with_files_that_were_downloaded,
    _with_passwords_as_implied,
)
"""In this order: what an exchange implies of the world before it."""

_NOTHING: Final = re.compile(rb'^\{"detail":"No \w+ matches the given query\."\}$')
_PREVIEWED: Final = re.compile(r"/api/projects/(?P<id>[0-9]+)/preview")
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
