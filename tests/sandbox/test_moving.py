"""Moving tasks between projects, and tasks and projects between workspaces."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Transport, call, models
from cvatfn.api import cloudstorages, jobs, labels, projects, tasks
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.state.world import put
from tests.sandbox.crowd import ACME, ROLES, SLUG, crowd
from tests.sandbox.kit import make_task, picture, settle, status_of

SPEC: models.AttributeRequestDict = {
    "name": "age",
    "mutable": False,
    "input_type": "select",
    "values": ["young", "old"],
    "default_value": "young",
}
KINDS: Sequence[models.PatchedLabelRequestDict] = (
    {"name": "cat", "attributes": [SPEC]},
    {"name": "dog"},
    {
        "name": "body",
        "type": "skeleton",
        "svg": "<circle/>",
        "sublabels": [{"name": "head", "type": "points"}, {"name": "tail", "type": "points"}],
    },
)


def _project(
    cvat: Transport, kinds: Sequence[models.PatchedLabelRequestDict], name: str = "pets"
) -> int:
    return call(cvat, projects.create, {"name": name, "labels": list(kinds)}).unwrap().id


def _annotated(cvat: Transport, project: int | None = None) -> int:
    """A task with a tag that has an attribute, and a shape."""
    body: models.TaskWriteRequestDict = {"name": "cats"}
    whole: models.TaskWriteRequestDict = (
        {**body, "labels": list(KINDS)} if project is None else {**body, "project_id": project}
    )
    task = call(cvat, tasks.create, whole).unwrap().id
    started = call(cvat, tasks.create_data, task, {"client_files": [picture("a.png")]}).unwrap()
    assert started is not None
    settle(cvat, started.rq_id)
    by_name = {row.name: row for row in call(cvat, labels.list, task_id=task).unwrap().results}
    (spec,) = by_name["cat"].attributes
    call(
        cvat,
        tasks.update_annotations,
        task,
        {
            "tags": [
                {
                    "frame": 0,
                    "label_id": by_name["cat"].id,
                    "attributes": [{"spec_id": spec.id, "value": "old"}],
                }
            ],
            "shapes": [
                {
                    "frame": 0,
                    "label_id": by_name["dog"].id,
                    "type": "rectangle",
                    "points": [1, 1, 9, 9],
                }
            ],
        },
    ).unwrap()
    return task


def _named(cvat: Transport, task: int) -> tuple[object, ...]:
    """What is on a task, with the names of labels and attributes in the place of their ids."""
    held = call(cvat, labels.list, task_id=task).unwrap().results
    names = {label.id: label.name for label in held}
    specs = {spec.id: spec.name for label in held for spec in label.attributes}
    data = call(cvat, tasks.retrieve_annotations, task).unwrap()
    (tag,), (shape,) = data.tags, data.shapes
    given = [(specs[value.spec_id], value.value) for value in tag.attributes]
    return names[tag.label_id], given, names[shape.label_id], shape.points


def test_what_was_labeled_stays_what_it_is_called(admin: Transport) -> None:
    task = _annotated(admin)
    before = _named(admin, task)
    first = _project(admin, KINDS[::-1])
    second = _project(admin, (*KINDS, {"name": "cow"}))
    for project in (first, second):
        moved = call(admin, tasks.partial_update, task, {"project_id": project}).unwrap()
        assert (moved.project_id, moved.project_name) == (project, "pets")
        assert _named(admin, task) == before
    held = call(admin, labels.list, task_id=task).unwrap().results
    assert {label.project_id for label in held} == {second}
    alone = call(admin, tasks.partial_update, task, {"project_id": None}).unwrap()
    assert alone.project_id is None
    assert _named(admin, task) == before
    held = call(admin, labels.list, task_id=task).unwrap().results
    assert {label.task_id for label in held} == {task}
    assert len(held) == len(KINDS) + 1
    assert call(admin, labels.list, project_id=second).unwrap().count == len(held)


def test_a_moved_task_leaves_no_label_behind(sandbox: Sandbox, admin: Transport) -> None:
    task = _annotated(admin)
    project = _project(admin, KINDS)
    call(admin, tasks.partial_update, task, {"project_id": project}).unwrap()
    assert {label.task for label in sandbox.world.labels.values()} == {None}
    call(admin, projects.destroy, project).unwrap()
    assert sandbox.world.labels == {}


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (KINDS[:1], "must be mapped"),
        ((*KINDS[:2], {"name": "body"}), "must be mapped"),
        (
            (*KINDS[:2], {**KINDS[2], "sublabels": [{"name": "head", "type": "points"}]}),
            "must be mapped",
        ),
        (({"name": "cat"}, *KINDS[1:]), '"cat" label with "age" attribute'),
        (
            (
                {"name": "cat", "attributes": [{**SPEC, "values": ["young", "older"]}]},
                *KINDS[1:],
            ),
            '"cat" label with "age" attribute',
        ),
    ],
)
def test_a_task_moves_only_where_all_its_labels_are(
    sandbox: Sandbox,
    admin: Transport,
    kinds: Sequence[models.PatchedLabelRequestDict],
    said: str,
) -> None:
    task = _annotated(admin)
    project = _project(admin, kinds)
    before = sandbox.world.tasks, sandbox.world.labels, sandbox.world.jobs
    refused = call(admin, tasks.partial_update, task, {"project_id": project}).failure()
    assert status_of(refused) == 400
    assert said in str(refused)
    assert (sandbox.world.tasks, sandbox.world.labels, sandbox.world.jobs) == before


def test_labels_may_be_renamed_on_their_way_even_into_one(admin: Transport) -> None:
    task = _annotated(admin)
    ids = {row.name: row.id for row in call(admin, labels.list, task_id=task).unwrap().results}
    project = _project(admin, (KINDS[0], {"name": "pet"}, KINDS[2]))
    body: models.PatchedTaskWriteRequestDict = {
        "project_id": project,
        "labels": [{"id": ids["dog"], "name": "pet"}],
    }
    call(admin, tasks.partial_update, task, body).unwrap()
    tag, _, shape, _ = _named(admin, task)
    assert (tag, shape) == ("cat", "pet")
    other = _annotated(admin)
    ids = {row.name: row.id for row in call(admin, labels.list, task_id=other).unwrap().results}
    merged: models.PatchedTaskWriteRequestDict = {
        "project_id": project,
        "labels": [{"id": ids["dog"], "name": "cat"}],
    }
    call(admin, tasks.partial_update, other, merged).unwrap()
    tag, _, shape, _ = _named(admin, other)
    assert (tag, shape) == ("cat", "cat")


def test_a_task_moves_into_what_is_there_and_seen_and_near(
    admin: Transport, worker: Transport
) -> None:
    mine = call(worker, tasks.create, {"name": "x"}).unwrap().id
    gone = call(worker, tasks.partial_update, mine, {"project_id": 99})
    assert status_of(gone.failure()) == 400
    hidden = call(worker, tasks.partial_update, mine, {"project_id": _project(admin, ())})
    assert status_of(hidden.failure()) == 403
    there = crowd()
    far = there.task("worker", None)
    inside = there.project("worker")
    refused = call(there.cvat("worker"), tasks.partial_update, far.id, {"project_id": inside.id})
    assert "same organization" in str(refused.failure())


@pytest.mark.parametrize("person", [*ROLES, "outsider", "admin"])
def test_who_may_take_a_task_into_an_organization(person: str) -> None:
    there = crowd()
    task = there.task(person, None)
    cvat = there.cvat(person)
    moved = call(cvat, tasks.partial_update, task.id, {"organization_id": ACME})
    makes = person not in ("worker", "outsider")
    assert isinstance(moved, Success) is makes
    if isinstance(moved, Success):
        assert (moved.unwrap().organization, moved.unwrap().organization_id) == (ACME, ACME)
        assert call(there.cvat(person, SLUG), tasks.list).unwrap().count == 1
        back = call(cvat, tasks.partial_update, task.id, {"organization_id": None}).unwrap()
        assert back.organization is None
    unknown = call(cvat, tasks.partial_update, task.id, {"organization_id": 99}).failure()
    assert (status_of(unknown), "Organization matching" in str(unknown)) == (400, True)
    same = call(cvat, tasks.partial_update, task.id, {"organization_id": None})
    assert isinstance(same, Success)


def test_a_task_of_a_project_goes_with_its_project_only() -> None:
    there = crowd()
    project = there.project("owner")
    task = there.task("owner", SLUG, project.id)
    owner = there.cvat("owner")
    refused = call(owner, tasks.partial_update, task.id, {"organization_id": None}).failure()
    assert status_of(refused) == 400
    assert "Only top-level resources can be moved between workspaces" in str(refused)
    moved = call(owner, projects.partial_update, project.id, {"organization_id": None}).unwrap()
    assert (moved.organization, moved.organization_id) == (None, None)
    assert call(owner, tasks.retrieve, task.id).unwrap().organization is None
    assert call(there.cvat("maintainer", SLUG), tasks.list).unwrap().count == 0
    assert status_of(call(there.cvat("maintainer"), tasks.retrieve, task.id).failure()) == 403


def test_people_and_cloud_storages_of_the_old_workspace_stay_behind() -> None:
    there = crowd()
    owner, within = there.cvat("owner"), there.cvat("owner", SLUG)
    body: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "x",
        "display_name": "x",
        "credentials_type": "ANONYMOUS_ACCESS",
    }
    storage = call(within, cloudstorages.create, body).unwrap()
    world = there.sandbox.world
    image = picture("a.png").content
    assert isinstance(image, bytes)
    clouds = put(world.clouds, storage.id, {"a.png": image})
    there.sandbox.world = evolve(world, clouds=clouds)
    place: models.StorageRequestDict = {"location": "cloud_storage", "cloud_storage_id": storage.id}
    made = call(
        within,
        projects.create,
        {"name": "x", "labels": [{"name": "cat"}], "source_storage": place},
    ).unwrap()
    task = call(
        within,
        tasks.create,
        {
            "name": "x",
            "project_id": made.id,
            "target_storage": place,
            "assignee_id": there.id_of("worker"),
        },
    ).unwrap()
    data: models.DataRequestDict = {"cloud_storage_id": storage.id, "server_files": ["a.png"]}
    started = call(within, tasks.create_data, task.id, data).unwrap()
    assert started is not None
    settle(within, started.rq_id)
    assert call(owner, tasks.retrieve, task.id).unwrap().data_cloud_storage_id == storage.id
    (job,) = call(within, jobs.list, task_id=task.id).unwrap().results
    call(within, jobs.partial_update, job.id, {"assignee": there.id_of("worker")}).unwrap()
    call(owner, projects.partial_update, made.id, {"organization_id": None}).unwrap()
    project = call(owner, projects.retrieve, made.id).unwrap()
    moved = call(owner, tasks.retrieve, task.id).unwrap()
    assert (project.source_storage, moved.target_storage) == (None, None)
    assert (moved.assignee, moved.data_cloud_storage_id) == (None, None)
    assert call(owner, jobs.retrieve, job.id).unwrap().assignee is None
    assert status_of(call(there.cvat("worker"), tasks.retrieve, task.id).failure()) == 403
    gone = call(owner, tasks.retrieve_data, task.id, type="frame", number=0).failure()
    assert status_of(gone) == 409  # its data lay in the storage that stayed behind


def test_new_people_may_be_named_for_the_new_workspace() -> None:
    there = crowd()
    task = there.task("owner", None)
    worker = there.id_of("worker")
    body: models.PatchedTaskWriteRequestDict = {"organization_id": ACME, "assignee_id": worker}
    moved = call(there.cvat("owner"), tasks.partial_update, task.id, body).unwrap()
    assert moved.assignee is not None
    assert moved.assignee.id == worker


@given(st.lists(st.sampled_from(["first", "second", "out", "acme", "home"]), max_size=6))
def test_wherever_a_task_goes_its_annotations_are_the_same(ways: list[str]) -> None:
    there = crowd()
    cvat = there.cvat("owner")
    task = _annotated(cvat)
    places = {"first": _project(cvat, KINDS), "second": _project(cvat, KINDS)}
    before = _named(cvat, task)
    for way in ways:
        body: models.PatchedTaskWriteRequestDict = (
            {"project_id": places.get(way)}
            if way in ("first", "second", "out")
            else {"organization_id": ACME if way == "acme" else None}
        )
        answered = call(cvat, tasks.partial_update, task, body)
        assert isinstance(answered, Success) or status_of(answered.failure()) == 400
        assert _named(cvat, task) == before
        world = there.sandbox.world
        kept = world.tasks[task]
        assert kept.project is None or (
            world.projects[kept.project].organization == kept.organization
        )


def test_files_go_to_the_places_of_a_thing_unless_told_otherwise() -> None:
    there = crowd()
    owner = there.cvat("owner")
    body: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "x",
        "display_name": "x",
        "credentials_type": "ANONYMOUS_ACCESS",
    }
    storage = call(owner, cloudstorages.create, body).unwrap().id
    place: models.StorageRequestDict = {"location": "cloud_storage", "cloud_storage_id": storage}
    task = make_task(owner)
    call(
        owner,
        tasks.partial_update,
        task.id,
        {"target_storage": place, "source_storage": place},
    ).unwrap()
    put_there = call(owner, tasks.create_backup_export, task.id, filename="b.zip").unwrap()
    assert settle(owner, put_there.rq_id).result_url is None
    assert "b.zip" in there.sandbox.world.clouds[storage]
    local = call(owner, tasks.create_backup_export, task.id, location="local").unwrap()
    assert settle(owner, local.rq_id).result_url is not None
    exported = call(
        owner, tasks.create_dataset_export, task.id, format="COCO 1.0", filename="c.zip"
    ).unwrap()
    settle(owner, exported.rq_id)
    read = call(owner, tasks.create_annotations, task.id, format="COCO 1.0", filename="c.zip")
    begun = read.unwrap()
    assert begun is not None
    assert settle(owner, begun.rq_id).status is models.RequestStatus.FINISHED
    unnamed = call(owner, tasks.create_backup_export, task.id, location="cloud_storage")
    assert status_of(unnamed.failure()) == 400
