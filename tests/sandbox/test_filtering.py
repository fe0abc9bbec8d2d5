"""The sandbox's listings hold what their filters select, as the tests' own model says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Generic, Literal, Never, TypeAlias, TypeVar

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import CallError, Outcome, Transport, Unset, call, filters, models
from cvatfn.api import auth, cloudstorages, jobs, labels, projects, requests, tasks, users
from cvatfn.auth import Basic
from cvatfn.codecs.unset import UNSET
from cvatfn.errors import Rejected
from cvatfn.filters import F, Field, Filter, Order, Requests, Tasks, ordered, parsed
from cvatfn.filters.fields import Value
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Media
from cvatfn.testing.sandbox.state.people import Key
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.works import (
    Background,
    CreateData,
    Delivery,
    ExportBackup,
    ExportDataset,
    Work,
)
from cvatfn.transport import authenticated
from tests.filters.facts import FACTS
from tests.filters.model import Case, Pools, Row, cases, plain_cases

T = TypeVar("T")

Asking: TypeAlias = Filter[Never] | str | Unset

HOUR = timedelta(hours=1)
BLANK = World.with_user("admin", "s3cret").joined("worker", "pa55").joined("Cat", "x")
START = BLANK.now
DELIVERY = Delivery(BLANK.origin)


def _world() -> World:
    """Few of everything, different enough that filters find some and not others."""
    people = {
        key: evolve(account, first_name=name, last_name="")
        for (key, account), name in zip(BLANK.accounts.items(), ("Ada", "", "cat"), strict=True)
    }
    media = Media(
        id=1,
        frames=(),
        image_quality=70,
        chunk_size=36,
        start_frame=0,
        stop_frame=0,
        frame_filter="",
        created=START,
    )
    projects = {
        number: Project(
            id=number,
            name=("cats", "Cats and dogs", "zoo")[number - 1],
            owner=1 + number % 2,
            assignee=None if number == 1 else number,
            created=START,
            updated=START + number * HOUR,
        )
        for number in (1, 2, 3)
    }
    tasks = {
        number: Task(
            id=number,
            name=("cat", "dog", "Cat %", "a cat")[number % 4],
            owner=1 + number % 3,
            assignee=None if number % 2 else 1 + number % 3,
            project=None if number % 3 else 1 + number % 2,
            subset=("", "train", "test")[number % 3],
            bug_tracker="" if number % 5 else "https://bugs.example/1",
            created=START + number // 2 * HOUR,
            updated=START + number * HOUR,
            media=media if number % 2 else None,
        )
        for number in range(1, 9)
    }
    jobs = {
        number: Job(
            id=number,
            task=1 + number % 8,
            start=0,
            stop=0,
            created=START,
            updated=START + number // 2 * HOUR,
            assignee=None if number % 2 else 1 + number % 3,
            stage=list(models.JobStage)[number % 3],
            state=list(models.OperationStatus)[number % 4],
        )
        for number in range(1, 9)
    }
    labels = {
        number: StoredLabel(
            id=number,
            task=1 + number % 3,
            name=("cat", "Cat", "dog")[number % 3] + "s" * (number // 3),
            color=("#ff0000", "#00ff00")[number % 2],
            type=list(models.LabelType)[number % 3],
        )
        for number in range(1, 7)
    }
    keys = {
        number: Key(
            id=number,
            user=1,
            name=f"key {number // 2}",
            value="secret",
            read_only=bool(number % 2),
            created=START + number * HOUR,
            updated=START + 2 * HOUR,
            expiry=None if number % 3 else START + number * HOUR,
            last_used=START if number == 1 else None,
        )
        for number in range(1, 6)
    }
    works: tuple[Work, ...] = (
        CreateData(task=1, settings=models.DataRequest(image_quality=70), files=()),
        ExportBackup(target="task", id=2, delivery=DELIVERY),
        ExportBackup(target="project", id=1, delivery=DELIVERY),
        _export("project", "COCO 1.0", images=True),
        _export("task", "CVAT for images 1.1", images=False),
        _export("job", "COCO 1.0", images=False),
    )
    backgrounds = {
        f"work {index}": Background(
            id=f"work {index}",
            user=1,
            work=work,
            created=START,
            finished=START + HOUR,
            failure=None if index % 2 else "lost",
        )
        for index, work in enumerate(works)
    }
    storages = {
        number: CloudStorage(
            id=number,
            owner=None if number == 1 else number - 1,
            provider_type=list(models.ProviderTypeEnum)[number % 2],
            resource=f"bucket-{number // 2}",
            display_name=("cats", "Cats", "dogs")[number % 3],
            credentials_type=list(models.CredentialsTypeEnum)[number % 2],
            description="" if number % 2 else "all the cats",
            created=START,
            updated=START,
        )
        for number in range(1, 5)
    }
    return evolve(
        BLANK,
        accounts=people,
        storages=storages,
        clouds={number: {} for number in storages},
        projects=projects,
        tasks=tasks,
        jobs=jobs,
        labels=labels,
        keys=keys,
        backgrounds=backgrounds,
    )


def _export(target: Literal["project", "task", "job"], format: str, *, images: bool) -> Work:
    return ExportDataset(target=target, id=2, format=format, save_images=images, delivery=DELIVERY)


WORLD = _world()


def admin() -> Transport:
    """The world, asked by the one who sees all of it."""
    return authenticated(Sandbox(WORLD), Basic("admin", "s3cret"), WORLD.origin)


# What the rows are, read from the answers


def _person(user: models.BasicUser | None) -> str | None:
    return None if user is None else user.username


def _task(task: models.TaskRead) -> Row:
    return {
        "assignee": _person(task.assignee),
        "created_date": task.created_date,
        "dimension": task.dimension,
        "id": task.id,
        "media_type": task.media_type or "",
        "mode": task.mode,
        "name": task.name,
        "owner": _person(task.owner),
        "project_id": task.project_id,
        "project_name": task.project_name or None,
        "status": task.status.value,
        "subset": task.subset,
        "tracker_link": task.bug_tracker,
        "updated_date": task.updated_date,
        "validation_mode": task.validation_mode or None,
    }


def _job(job: models.JobRead) -> Row:
    return {
        "assignee": _person(job.assignee),
        "dimension": job.dimension,
        "id": job.id,
        "media_type": job.media_type or "",
        "mode": job.mode,
        "parent_job_id": job.parent_job_id or None,
        "project_id": job.project_id,
        "project_name": job.project_name or None,
        "stage": job.stage.value,
        "state": job.state.value,
        "task_id": job.task_id,
        "task_name": job.task_name or None,
        "type": job.type.value,
        "updated_date": job.updated_date,
    }


def _project(project: models.ProjectRead) -> Row:
    return {
        "assignee": _person(project.assignee),
        "id": project.id,
        "name": project.name,
        "owner": _person(project.owner),
        "status": project.status.value,
        "updated_date": project.updated_date,
    }


def _label(label: models.Label) -> Row:
    return {
        "color": label.color,
        "id": label.id,
        "name": label.name,
        "parent": None,
        "parent_id": label.parent_id,
        "type": label.type.value,
    }


def _request(request: models.Request) -> Row:
    operation = request.operation
    action, _, subresource = operation.type.partition(":")
    return {
        "action": action,
        "format": operation.format or None,
        "job_id": operation.job_id,
        "org": None,
        "org_id": None,
        "project_id": operation.project_id,
        "status": request.status.value,
        "subresource": subresource or None,
        "target": operation.target,
        "task_id": operation.task_id,
    }


def _user(user: models.User | models.BasicUser) -> Row:
    return {
        "first_name": user.first_name,
        "id": user.id,
        "is_active": True,
        "last_name": user.last_name,
        "username": user.username,
    }


def _key(key: models.AccessTokenRead) -> Row:
    return {
        "created_date": key.created_date,
        "expiry_date": key.expiry_date,
        "id": key.id,
        "last_used_date": key.last_used_date,
        "name": key.name,
        "read_only": key.read_only,
        "updated_date": key.updated_date,
    }


def _storage(storage: models.CloudStorageRead) -> Row:
    return {
        "credentials_type": storage.credentials_type.value,
        "description": storage.description,
        "id": storage.id,
        "name": storage.display_name,
        "owner": _person(storage.owner),
        "provider_type": storage.provider_type.value,
        "resource": storage.resource,
    }


@frozen
class Listing(Generic[T]):
    """A listing: its fields, how to ask it, and its rows as its answers have them."""

    fields: type
    ask: Callable[[Transport, Asking], Outcome[models.Page[T], CallError]]
    row: Callable[[T], Row]
    cases: Callable[[Pools], st.SearchStrategy[Case]] = cases

    def rows(self, filter: Asking = UNSET) -> Sequence[Row]:
        """What it holds."""
        return [self.row(found) for found in self.ask(admin(), filter).unwrap().results]


TASKS = Listing(
    filters.Tasks,
    lambda transport, asked: call(transport, tasks.list, filter=asked, page_size="all"),
    _task,
)
REQUESTS = Listing(
    filters.Requests,
    lambda transport, asked: call(transport, requests.list, filter=asked, page_size="all"),
    _request,
    cases=plain_cases,
)
LISTINGS: list[Listing[Any]] = [
    TASKS,
    Listing(
        filters.Jobs,
        lambda transport, asked: call(transport, jobs.list, filter=asked, page_size="all"),
        _job,
    ),
    Listing(
        filters.Projects,
        lambda transport, asked: call(transport, projects.list, filter=asked, page_size="all"),
        _project,
    ),
    Listing(
        filters.Labels,
        lambda transport, asked: call(transport, labels.list, filter=asked, page_size="all"),
        _label,
    ),
    REQUESTS,
    Listing(
        filters.Users,
        lambda transport, asked: call(transport, users.list, filter=asked, page_size="all"),
        _user,
    ),
    Listing(
        filters.AccessTokens,
        lambda transport, asked: call(
            transport, auth.list_access_tokens, filter=asked, page_size="all"
        ),
        _key,
    ),
    Listing(
        filters.CloudStorages,
        lambda transport, asked: call(transport, cloudstorages.list, filter=asked, page_size="all"),
        _storage,
    ),
]
each_listing = pytest.mark.parametrize(
    "listing", LISTINGS, ids=lambda listing: listing.fields.__name__
)


@each_listing
@given(data=st.data())
def test_a_listing_holds_what_its_filter_selects(
    listing: Listing[object], data: st.DataObject
) -> None:
    everything = listing.rows()
    case = data.draw(listing.cases(_pools(everything)))
    assert listing.rows(case.filter) == [row for row in everything if case.holds(row)]


def _pools(rows: Sequence[Row]) -> Pools:
    """Values that are in the rows, and some beside them."""
    return {name: _pool([row[name] for row in rows]) for name in rows[0]}


def _pool(held: list[Value]) -> st.SearchStrategy[Value]:
    numbers = [value for value in held if type(value) is int]
    beside: list[Value] = [None, *(value + 1 for value in numbers)]
    return st.sampled_from([*held, *beside])


@each_listing
def test_a_listing_knows_the_fields_that_cvat_documents(listing: Listing[object]) -> None:
    fields = {name for name, held in vars(listing.fields).items() if isinstance(held, Field)}
    assert set(listing.rows()[0]) == fields
    for name in fields:
        halves = [*listing.rows(F[name].present), *listing.rows(~F[name].present)]
        assert len(halves) == len(listing.rows())
    for name in ("created", "created_date", "url", ""):
        if name not in fields:
            assert _refused(listing, F[name].present) == f"filter: there is no field {name!r}"


@each_listing
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "filter: $: is no JSON"),
        ("{}", "filter: $: a rule is an object with one operator in it"),
        ('{"like":[{"var":"id"},"%"]}', "filter: $: there is no operator 'like'"),
        ('{"!":' * 1000 + "1" + "}" * 1000, "filter: $: is nested"),
    ],
)
def test_what_is_no_filter_is_a_400_that_says_why(
    listing: Listing[object], text: str, said: str
) -> None:
    assert said in _refused(listing, text)


def _refused(listing: Listing[object], filter: Asking) -> str:
    match listing.ask(admin(), filter).failure():
        case Rejected(status=400) as rejected:
            return str(rejected.detail)
        case other:
            raise AssertionError(other)


def test_texts_in_requests_are_looked_for_the_other_way_round() -> None:
    found = REQUESTS.rows(F.action.contains("import or export"))
    assert found == [row for row in REQUESTS.rows() if row["action"] != "create"]
    assert 0 < len(found) < len(REQUESTS.rows())
    assert REQUESTS.rows(F.action.contains("port")) == []


def test_one_minus_sign_turns_the_whole_order_of_requests_round() -> None:
    def sorted_by(*keys: Order[Requests]) -> list[tuple[str, str]]:
        found = call(admin(), requests.list, sort=ordered(*keys), page_size="all").unwrap()
        return [
            (each.operation.type.partition(":")[0], each.status.value) for each in found.results
        ]

    action, status = ordered(Requests.action), ordered(Requests.status)
    forwards = sorted_by(action, status)
    assert forwards == sorted(forwards)
    assert len({found[0] for found in forwards}) < len(set(forwards))
    for order in ((-action, status), (action, -status), (-action, -status)):
        assert sorted_by(*order) == forwards[::-1]


SEARCHES: list[tuple[type, Callable[[str], Outcome[models.Page[Any], CallError]]]] = [
    (filters.Tasks, lambda text: call(admin(), tasks.list, search=text, page_size="all")),
    (filters.Jobs, lambda text: call(admin(), jobs.list, search=text, page_size="all")),
    (filters.Projects, lambda text: call(admin(), projects.list, search=text, page_size="all")),
    (filters.Labels, lambda text: call(admin(), labels.list, search=text, page_size="all")),
    (filters.Users, lambda text: call(admin(), users.list, search=text, page_size="all")),
    (
        filters.AccessTokens,
        lambda text: call(admin(), auth.list_access_tokens, search=text, page_size="all"),
    ),
    (
        filters.CloudStorages,
        lambda text: call(admin(), cloudstorages.list, search=text, page_size="all"),
    ),
]


@pytest.mark.parametrize(("fields", "search"), SEARCHES, ids=[one.__name__ for one, _ in SEARCHES])
@given(data=st.data())
def test_a_search_finds_each_of_its_words_where_cvat_documents(
    fields: type, search: Callable[[str], Outcome[models.Page[Any], CallError]], data: st.DataObject
) -> None:
    (listing,) = [each for each in LISTINGS if each.fields is fields]
    (names,) = [facts["search"] for facts in FACTS.values() if facts["fields"] == fields.__name__]
    everything = listing.rows()
    held = {str(value).lower() for row in everything for value in row.values() if value}
    parts = {word[:size] for text in held for word in text.split() for size in (1, 3, 20)}
    words = data.draw(st.lists(st.sampled_from(sorted(parts)), max_size=2))
    gap = data.draw(st.sampled_from([" ", ",", " , "]))
    found = [listing.row(each) for each in search(gap.join(words).upper()).unwrap().results]
    assert found == [
        row
        for row in everything
        if all(any(word in str(row[name] or "").lower() for name in names) for word in words)
    ]


def test_tasks_without_media_are_found_by_what_they_lack() -> None:
    lacking = [row for row in TASKS.rows() if not row["media_type"]]
    for filter in (Tasks.mode == "", Tasks.dimension == "", Tasks.media_type == ""):
        assert TASKS.rows(parsed(filter.text).unwrap()) == lacking
    assert lacking


def test_a_filter_goes_with_the_other_parameters() -> None:
    wanted = Tasks.id.between(2, 7) & (Tasks.updated_date < START + 6 * HOUR)
    page = call(admin(), tasks.list, filter=wanted, subset="train", sort=-Tasks.id).unwrap()
    assert [task.id for task in page.results] == [4]
    first = call(admin(), tasks.list, filter=wanted, page_size=2).unwrap()
    assert (first.count, len(first.results)) == (4, 2)
    assert first.next is not None
    assert "filter=" in first.next


@given(st.permutations([Tasks.name, Tasks.subset, Tasks.id]), st.tuples(*[st.booleans()] * 3))
def test_a_listing_is_sorted_by_one_field_after_another(
    fields: list[filters.Text[Tasks, str] | filters.Number[Tasks, int]], backwards: tuple[bool, ...]
) -> None:
    first, second, third = [
        -field if back else ordered(field) for field, back in zip(fields, backwards, strict=True)
    ]
    order: Order[Tasks] = ordered(first, second, third)
    found = call(admin(), tasks.list, sort=order, page_size="all").unwrap().results
    expected = sorted((_task(task) for task in found), key=lambda row: str(row["id"]))
    for field, back in reversed([*zip(fields, backwards, strict=True)]):
        expected.sort(key=lambda row, name=field.name: str(row[name]), reverse=back)  # type: ignore[misc]
    assert [_task(task) for task in found] == expected


def test_who_sees_less_is_shown_no_more_by_a_filter() -> None:
    worker = authenticated(Sandbox(WORLD), Basic("worker", "pa55"), WORLD.origin)
    everything = call(worker, tasks.list, page_size="all").unwrap().count
    assert call(worker, tasks.list, filter=F.id > 0, page_size="all").unwrap().count == everything
    assert 0 < everything < len(WORLD.tasks)
