"""Who may do what: a table of people and operations, and what holds for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Outcome, Request, Transport, call, models, request
from cvatfn.api import cloudstorages, jobs, labels, projects, tasks
from cvatfn.errors import CallError
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.gates.grants import GRANTS, Right, Thing, rules
from cvatfn.testing.sandbox.gates.permitting import finds, may
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.people import Account, Privilege
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.world import World, put
from tests.sandbox.crowd import ACME, ROLES, SLUG, Crowd, crowd
from tests.sandbox.kit import status_of

Try: TypeAlias = Callable[[Transport, Crowd, int], Outcome[object, CallError]]

PEOPLE = (*ROLES, "outsider", "admin")
LEADERS = frozenset({"maintainer", "owner", "admin"})
MAKERS = LEADERS | {"supervisor"}


def _body(name: str) -> models.CloudStorageWriteRequestDict:
    return {
        "provider_type": "AWS_S3_BUCKET",
        "resource": name,
        "display_name": name,
        "credentials_type": "ANONYMOUS_ACCESS",
    }


ON_TASK: Mapping[str, tuple[Try, frozenset[str], frozenset[str]]] = {
    # operation, who may of those with no tie to the task, which ties may besides
    "see": (lambda c, _, n: call(c, tasks.retrieve, n), LEADERS, frozenset({"own", "assigned"})),
    "annotations": (
        lambda c, _, n: call(c, tasks.update_annotations, n, {}),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "rename": (
        lambda c, _, n: call(c, tasks.partial_update, n, {"name": "x"}),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "label": (
        lambda c, _, n: call(c, tasks.partial_update, n, {"labels": [{"name": "dog"}]}),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "assign": (
        lambda c, w, n: call(c, tasks.partial_update, n, {"assignee_id": w.id_of("worker")}),
        LEADERS,
        frozenset({"own"}),
    ),
    "give": (
        lambda c, w, n: call(c, tasks.partial_update, n, {"owner_id": w.id_of("worker")}),
        LEADERS,
        frozenset({"own"}),
    ),
    "connect": (
        lambda c, _, n: call(c, tasks.partial_update, n, {"source_storage": {"location": "local"}}),
        LEADERS,
        frozenset({"own"}),
    ),
    "delete": (lambda c, _, n: call(c, tasks.destroy, n), LEADERS, frozenset({"own"})),
}
ON_PROJECT: Mapping[str, tuple[Try, frozenset[str], frozenset[str]]] = {
    "see": (
        lambda c, _, n: call(c, projects.retrieve, n),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "rename": (
        lambda c, _, n: call(c, projects.partial_update, n, {"name": "x"}),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "export": (
        lambda c, _, n: call(c, projects.create_dataset_export, n, format="COCO 1.0"),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "back up": (
        lambda c, _, n: call(c, projects.create_backup_export, n),
        LEADERS,
        frozenset({"own", "assigned"}),
    ),
    "assign": (
        lambda c, w, n: call(c, projects.partial_update, n, {"assignee_id": w.id_of("worker")}),
        LEADERS,
        frozenset({"own"}),
    ),
    "give": (
        lambda c, w, n: call(c, projects.partial_update, n, {"owner_id": w.id_of("worker")}),
        LEADERS,
        frozenset(),
    ),
    "connect": (
        lambda c, _, n: call(
            c, projects.partial_update, n, {"target_storage": {"location": "local"}}
        ),
        LEADERS,
        frozenset({"own"}),
    ),
    "delete": (lambda c, _, n: call(c, projects.destroy, n), LEADERS, frozenset({"own"})),
}
MAKING: Mapping[str, tuple[Try, frozenset[str]]] = {
    "a project": (lambda c, _, __: call(c, projects.create, {"name": "x"}), MAKERS),
    "a task": (lambda c, _, __: call(c, tasks.create, {"name": "x"}), MAKERS),
    "a storage": (lambda c, _, __: call(c, cloudstorages.create, _body("x")), LEADERS),
}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    ("kind", "operation"),
    [*(("task", name) for name in ON_TASK), *(("project", name) for name in ON_PROJECT)],
)
def test_a_role_decides_over_what_is_somebody_elses(kind: str, operation: str, person: str) -> None:
    there = crowd()
    of_task = kind == "task"
    number = there.task("supervisor").id if of_task else there.project("supervisor").id
    ask, allowed, ties = (ON_TASK if of_task else ON_PROJECT)[operation]
    granted = isinstance(ask(there.cvat(person), there, number), Success)
    own = person == "supervisor" and "own" in ties
    assert granted is (person in allowed or own)


@pytest.mark.parametrize("operation", ON_TASK)
@pytest.mark.parametrize("within", [SLUG, None])
def test_an_assignee_may_work_on_a_task_and_not_lead_it(operation: str, within: str | None) -> None:
    there = crowd()
    task = there.task("maintainer", within)
    person = "worker"
    call(
        there.cvat("admin"), tasks.partial_update, task.id, {"assignee_id": there.id_of(person)}
    ).unwrap()
    ask, _, ties = ON_TASK[operation]
    granted = isinstance(ask(there.cvat(person), there, task.id), Success)
    # to name oneself is all that the personal workspace allows, and here it is who asks
    assert granted is ("assigned" in ties)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("thing", MAKING)
def test_who_may_make_things_in_an_organization(thing: str, person: str) -> None:
    there = crowd()
    ask, allowed = MAKING[thing]
    within = ask(there.cvat(person, SLUG), there, 0)
    assert isinstance(within, Success) is (person in allowed)
    assert isinstance(ask(there.cvat(person), there, 0), Success)
    assert status_of(ask(there.cvat("hand"), there, 0).failure()) == 403


@pytest.mark.parametrize("role", ROLES)
def test_a_worker_by_group_has_no_rights_by_role(role: str) -> None:
    there = crowd()
    task = there.task("admin")
    account = there.sandbox.world.accounts[there.id_of(role)]
    lowered = evolve(account, privilege=Privilege.WORKER)
    accounts = put(there.sandbox.world.accounts, account.id, lowered)
    there.sandbox.world = evolve(there.sandbox.world, accounts=accounts)
    for ask, _ in MAKING.values():
        assert status_of(ask(there.cvat(role, SLUG), there, 0).failure()) == 403
    assert status_of(call(there.cvat(role), tasks.retrieve, task.id).failure()) == 403


def test_the_staff_of_a_project_may_make_and_lead_tasks_in_it() -> None:
    there = crowd()
    project = there.project("worker")
    mine = call(
        there.cvat("worker", SLUG), tasks.create, {"name": "mine", "project_id": project.id}
    ).unwrap()
    assert mine.organization == ACME
    others = there.task("supervisor", SLUG, project.id)
    call(there.cvat("worker"), tasks.destroy, others.id).unwrap()
    refused = call(
        there.cvat("supervisor", SLUG), tasks.create, {"name": "x", "project_id": project.id}
    )
    assert status_of(refused.failure()) == 403


def test_a_task_is_made_where_its_project_is() -> None:
    there = crowd()
    project = there.project("worker")
    refused = call(
        there.cvat("worker"), tasks.create, {"name": "x", "project_id": project.id}
    ).failure()
    assert status_of(refused) == 400
    assert "same organization" in str(refused)


def test_a_jobs_assignee_changes_its_state_and_nothing_else() -> None:
    there = crowd()
    world = _with_job(there)
    worker = there.cvat("worker")
    call(worker, jobs.partial_update, 1, {"state": "completed"}).unwrap()
    for body in _forbidden_to_assignees(there):
        assert status_of(call(worker, jobs.partial_update, 1, body).failure()) == 403
    assert status_of(call(worker, tasks.retrieve, world.jobs[1].task).failure()) == 403
    found = call(worker, labels.list, job_id=1).unwrap()
    assert found.count == 1
    assert call(worker, labels.list).unwrap().count == 0


def test_a_job_may_be_lent_to_a_worker_from_outside() -> None:
    there = crowd()
    _with_job(there, assignee="hand")
    hand = there.cvat("hand")
    assert call(hand, jobs.retrieve, 1).unwrap().organization == ACME
    call(hand, jobs.update_annotations, 1, {}).unwrap()
    assert status_of(call(hand, jobs.partial_update, 1, {"stage": "validation"}).failure()) == 403
    _with_job(there, assignee="outsider")
    assert status_of(call(there.cvat("outsider"), jobs.retrieve, 1).failure()) == 403


def test_fields_that_are_not_known_are_nobodys_to_change() -> None:
    there = crowd()
    task = there.task("worker")
    asked = Request(
        "PATCH",
        f"/api/tasks/{task.id}",
        headers={"Content-Type": "application/json"},
        body=b'{"name": "x", "foo": 1}',
    )
    for person in PEOPLE:
        refused = request(there.cvat(person), asked).failure()
        assert status_of(refused) == 403
        assert "unknown field" in str(refused)
    assert call(there.cvat("worker"), tasks.retrieve, task.id).unwrap().name == "cats"


def test_in_the_personal_workspace_one_names_only_oneself() -> None:
    there = crowd()
    task = there.task("worker", None)
    mine, other = there.id_of("worker"), there.id_of("owner")
    worker = there.cvat("worker")
    call(worker, tasks.partial_update, task.id, {"assignee_id": mine}).unwrap()
    refused = call(worker, tasks.partial_update, task.id, {"assignee_id": other})
    assert status_of(refused.failure()) == 403
    call(there.cvat("admin"), tasks.partial_update, task.id, {"assignee_id": other}).unwrap()


def test_things_are_not_made_for_others() -> None:
    there = crowd()
    other = there.id_of("owner")
    for within in (None, SLUG):
        cvat = there.cvat("supervisor", within)
        refused = call(cvat, projects.create, {"name": "x", "owner_id": other})
        assert status_of(refused.failure()) == 403
        assert (
            status_of(call(cvat, tasks.create, {"name": "x", "owner_id": other}).failure()) == 403
        )


def test_a_cloud_storage_serves_only_who_may_use_it() -> None:
    there = crowd()
    shared = call(there.cvat("owner", SLUG), cloudstorages.create, _body("shared")).unwrap()
    private = call(there.cvat("outsider"), cloudstorages.create, _body("private")).unwrap()
    assert (shared.organization, private.organization) == (ACME, None)
    for person, storage, made in (
        ("supervisor", shared.id, True),
        ("supervisor", private.id, False),
        ("owner", private.id, False),
        ("admin", private.id, True),
    ):
        place: models.StorageRequestDict = {
            "location": "cloud_storage",
            "cloud_storage_id": storage,
        }
        answered = call(
            there.cvat(person, SLUG), tasks.create, {"name": "x", "target_storage": place}
        )
        assert isinstance(answered, Success) is made, person
        if isinstance(answered, Success):
            kept = answered.unwrap().target_storage
            assert kept is not None
            assert (kept.location, kept.cloud_storage_id) == (
                models.LocationEnum.CLOUD_STORAGE,
                storage,
            )
    exported = call(
        there.cvat("outsider"),
        projects.create_backup_export,
        there.project("outsider", None).id,
        location="cloud_storage",
        cloud_storage_id=shared.id,
    )
    assert status_of(exported.failure()) == 403
    for person, allowed in (("supervisor", False), ("maintainer", True)):
        changed = call(
            there.cvat(person), cloudstorages.partial_update, shared.id, {"description": "x"}
        )
        assert isinstance(changed, Success) is allowed
        assert call(there.cvat(person), cloudstorages.retrieve, shared.id).unwrap().id == shared.id


def test_a_removed_cloud_storage_is_no_place_of_files_any_more() -> None:
    there = crowd()
    storage = call(there.cvat("outsider"), cloudstorages.create, _body("mine")).unwrap()
    place: models.StorageRequestDict = {"location": "cloud_storage", "cloud_storage_id": storage.id}
    outsider = there.cvat("outsider")
    made = call(outsider, projects.create, {"name": "x", "target_storage": place}).unwrap()
    call(outsider, cloudstorages.destroy, storage.id).unwrap()
    left = call(outsider, projects.retrieve, made.id).unwrap().target_storage
    assert left is not None
    assert (left.location, left.cloud_storage_id) == (models.LocationEnum.LOCAL, None)


def test_everywhere_one_finds_ones_own_and_within_what_ones_role_sees() -> None:
    there = crowd()
    there.task("supervisor")
    there.task("maintainer")
    there.task("maintainer", None)
    counts = {
        (person, within): call(there.cvat(person, within), tasks.list).unwrap().count
        for person in ("supervisor", "maintainer", "admin")
        for within in (None, "", SLUG)
    }
    assert counts == {
        ("supervisor", None): 1,
        ("supervisor", ""): 0,
        ("supervisor", SLUG): 1,
        ("maintainer", None): 2,
        ("maintainer", ""): 1,
        ("maintainer", SLUG): 2,
        ("admin", None): 3,
        ("admin", ""): 1,
        ("admin", SLUG): 2,
    }


def test_an_organization_lists_nothing_to_who_is_not_in_it() -> None:
    there = crowd()
    outsider = there.cvat("outsider", SLUG)
    for answered in (
        call(outsider, tasks.list),
        call(outsider, projects.list),
        call(outsider, jobs.list),
        call(outsider, labels.list),
        call(outsider, cloudstorages.list),
    ):
        assert status_of(answered.failure()) == 403
    unknown = call(there.cvat("outsider", "nowhere"), tasks.list).failure()
    assert status_of(unknown) == 404


@given(st.data())
def test_who_may_not_see_a_thing_finds_it_in_no_listing(data: st.DataObject) -> None:
    there = crowd()
    owners = st.sampled_from((*ROLES, "outsider", "hand"))
    places = st.sampled_from([SLUG, None])
    project = there.project(data.draw(owners), data.draw(places))
    made = [
        there.task(data.draw(owners), data.draw(places)),
        there.task(
            data.draw(owners), SLUG if project.organization is not None else None, project.id
        ),
    ]
    person = data.draw(st.sampled_from((*PEOPLE, "hand")))
    within = data.draw(st.sampled_from([None, "", SLUG]))
    listed = call(there.cvat(person, within), tasks.list, page_size="all")
    found: set[int] = set()
    if isinstance(listed, Success):
        found = {row.id for row in listed.unwrap().results}
    for task in made:
        ways = [
            call(there.cvat(person, within), tasks.retrieve, task.id),
            call(there.cvat(person, within), tasks.retrieve_annotations, task.id),
            call(there.cvat(person, within), tasks.partial_update, task.id, {"name": "x"}),
            call(there.cvat(person), labels.list, task_id=task.id),
        ]
        refusals = {status_of(way.failure()) for way in ways if not isinstance(way, Success)}
        seen = all(isinstance(way, Success) for way in ways)
        assert seen or refusals == {403}
        assert seen or not any(isinstance(way, Success) for way in ways)
        assert seen or task.id not in found


@given(st.sampled_from(list(Right)), st.sampled_from(list(Privilege)), st.booleans())
def test_no_right_is_without_sight(right: Right, privilege: Privilege, everywhere: bool) -> None:
    there = crowd()
    world = _with_job(there)
    storage = CloudStorage(
        id=1,
        owner=None,
        organization=ACME,
        provider_type=models.ProviderTypeEnum.AWS_S3_BUCKET,
        resource="x",
        display_name="x",
        credentials_type=models.CredentialsTypeEnum.ANONYMOUS_ACCESS,
        created=world.now,
        updated=world.now,
    )
    things: tuple[Thing, ...] = (
        *world.projects.values(),
        *world.tasks.values(),
        *world.jobs.values(),
        storage,
    )
    for account in world.accounts.values():
        person: Account = evolve(account, privilege=privilege)
        for thing in things:
            if may(world, person, right, thing):
                assert may(world, person, Right.SEE, thing)
            if finds(world, person, thing, everywhere=everywhere):
                assert may(world, person, Right.SEE, thing)


def test_the_rules_are_the_table() -> None:
    told = rules()
    assert set(told) == {kind.__name__ for kind in GRANTS}
    assert told["Project"] != told["Task"]


def _with_job(there: Crowd, assignee: str = "worker") -> World:
    """A job of somebody's, in a task of a project that is not theirs."""
    project = there.project("owner")
    task = there.task("maintainer", SLUG, project.id)
    world = there.sandbox.world
    job = Job(
        id=1,
        task=task.id,
        start=0,
        stop=0,
        assignee=there.id_of(assignee),
        created=world.now,
        updated=world.now,
    )
    there.sandbox.world = evolve(world, jobs={1: job})
    return there.sandbox.world


def _forbidden_to_assignees(there: Crowd) -> tuple[models.PatchedJobWriteRequestDict, ...]:
    return (
        {"stage": "validation"},
        {"assignee": there.id_of("owner")},
        {"assignee": None},
        {"state": "new", "stage": "acceptance"},
    )
