"""Guides and their files: who writes and reads them, how large they may be, and where they go."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from cvatfn import File, Transport, call, models, with_response
from cvatfn.api import assets, guides, jobs, projects, tasks, users
from cvatfn.testing.sandbox import Sandbox
from cvatfn.transport import in_organization
from tests.sandbox.kit import make_task, picture, status_of
from tests.sandbox.talk import PEOPLE, entered, first_job, organized


def _guide(transport: Transport, task: int, markdown: str = "# How") -> models.AnnotationGuideRead:
    return call(transport, guides.create, {"task_id": task, "markdown": markdown}).unwrap()


def _asset(transport: Transport, guide: int, name: str = "a.png") -> models.AssetRead:
    body: models.AssetWriteRequestDict = {"guide_id": guide, "file": picture(name)}
    return call(transport, assets.create, body).unwrap()


def test_a_task_a_project_and_their_jobs_name_their_guide(admin: Transport) -> None:
    task = make_task(admin)
    assert task.guide_id is None
    own = _guide(admin, task.id)
    assert call(admin, tasks.retrieve, task.id).unwrap().guide_id == own.id
    assert first_job(admin, task.id).guide_id == own.id
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    other = call(admin, guides.create, {"project_id": project.id}).unwrap()
    assert (other.project_id, other.task_id, other.markdown) == (project.id, None, "")
    assert call(admin, projects.retrieve, project.id).unwrap().guide_id == other.id


def test_a_guide_is_rewritten_and_stays_where_it_is(admin: Transport) -> None:
    task = make_task(admin)
    guide = _guide(admin, task.id)
    change: models.PatchedAnnotationGuideWriteRequestDict = {"markdown": "## So", "task_id": 99}
    changed = call(admin, guides.partial_update, guide.id, change).unwrap()
    assert (changed.markdown, changed.task_id) == ("## So", task.id)
    assert changed.updated_date > guide.updated_date
    assert call(admin, guides.retrieve, guide.id).unwrap() == changed
    assert call(admin, guides.destroy, guide.id).unwrap() is None
    assert status_of(call(admin, guides.retrieve, guide.id).failure()) == 404
    assert call(admin, tasks.retrieve, task.id).unwrap().guide_id is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "One of project_id or task_id must be specified"),
        ({"task_id": 1, "project_id": 1}, "Both project_id and task_id must not be specified"),
        ({"task_id": 99}, "Task matching query does not exist."),
        ({"project_id": 99}, "Project matching query does not exist."),
        ({"task_id": 1}, "The task has a guide already"),
    ],
)
def test_a_guide_is_for_one_thing(
    admin: Transport, body: models.AnnotationGuideWriteRequestDict, said: str
) -> None:
    _guide(admin, make_task(admin).id)
    call(admin, projects.create, {"name": "pets"}).unwrap()
    refused = call(admin, guides.create, body).failure()
    assert status_of(refused) == 400
    assert said in str(refused)


def test_a_file_is_served_as_what_it_is(admin: Transport) -> None:
    guide = _guide(admin, make_task(admin).id)
    file = picture("folder/a b.png")
    body: models.AssetWriteRequestDict = {"guide_id": guide.id, "file": file}
    made = call(admin, assets.create, body).unwrap()
    assert (made.filename, made.guide_id) == ("a b.png", guide.id)
    served = call(admin, with_response(assets.retrieve), made.uuid).unwrap()
    assert (served.value, served.response.content_type) == (file.content, "image/png")
    assert call(admin, assets.destroy, made.uuid).unwrap() is None
    assert status_of(call(admin, assets.retrieve, made.uuid).failure()) == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (File("a.txt", b"hello", "text/plain"), "File is not supported as an asset"),
        (File("a.png", bytes((10 << 20) + 1), "image/png"), "Maximum size of asset is 10 MB"),
    ],
)
def test_a_file_that_no_guide_may_have_is_refused(admin: Transport, file: File, said: str) -> None:
    guide = _guide(admin, make_task(admin).id)
    refused = call(admin, assets.create, {"guide_id": guide.id, "file": file}).failure()
    assert status_of(refused) == 400
    assert said in str(refused)


def test_a_guide_has_thirty_files_and_no_more(admin: Transport) -> None:
    guide = _guide(admin, make_task(admin).id)
    for _ in range(30):
        _asset(admin, guide.id)
    refused = call(admin, assets.create, {"guide_id": guide.id, "file": picture("z.png")})
    assert "Maximum number of assets per guide reached" in str(refused.failure())


def test_what_a_guide_no_longer_shows_is_removed(sandbox: Sandbox, admin: Transport) -> None:
    guide = _guide(admin, make_task(admin).id)
    kept, gone = _asset(admin, guide.id), _asset(admin, guide.id)
    shown = f"![how](/api/assets/{kept.uuid})"
    call(admin, guides.partial_update, guide.id, {"markdown": shown}).unwrap()
    assert [*sandbox.world.assets] == [kept.uuid]
    assert status_of(call(admin, assets.retrieve, gone.uuid).failure()) == 404


@pytest.mark.parametrize("of", ["nobody", "another"])
def test_a_guide_shows_its_own_files_only(sandbox: Sandbox, admin: Transport, of: str) -> None:
    guide = _guide(admin, make_task(admin).id)
    other = _guide(admin, make_task(admin).id)
    uuid: UUID = _asset(admin, other.id).uuid if of == "another" else uuid4()
    before = sandbox.world.guides
    refused = call(admin, guides.partial_update, guide.id, {"markdown": f"(/api/assets/{uuid})"})
    assert status_of(refused.failure()) == 400
    assert sandbox.world.guides == before


def test_a_deleted_task_takes_its_guide_and_files_along(sandbox: Sandbox, admin: Transport) -> None:
    task, other = make_task(admin), make_task(admin)
    kept = _asset(admin, _guide(admin, other.id).id)
    _asset(admin, _guide(admin, task.id).id)
    call(admin, tasks.destroy, task.id).unwrap()
    assert [*sandbox.world.assets] == [kept.uuid]
    assert [guide.task for guide in sandbox.world.guides.values()] == [other.id]


def test_who_has_a_job_reads_its_guide_and_does_not_write_it(
    admin: Transport, worker: Transport
) -> None:
    task = make_task(admin)
    guide = _guide(admin, task.id)
    asset = _asset(admin, guide.id)
    for refused in (
        call(worker, guides.retrieve, guide.id),
        call(worker, assets.retrieve, asset.uuid),
        call(worker, guides.create, {"task_id": task.id}),
    ):
        assert status_of(refused.failure()) == 403
    me = call(worker, users.retrieve_self).unwrap().id
    call(admin, jobs.partial_update, first_job(admin, task.id).id, {"assignee": me}).unwrap()
    assert call(worker, guides.retrieve, guide.id).unwrap().markdown == "# How"
    assert call(worker, assets.retrieve, asset.uuid).unwrap().startswith(b"\x89PNG")
    for outcome in (
        call(worker, guides.partial_update, guide.id, {"markdown": "mine"}),
        call(worker, guides.destroy, guide.id),
        call(worker, assets.create, {"guide_id": guide.id, "file": picture("b.png")}),
        call(worker, assets.destroy, asset.uuid),
    ):
        assert status_of(outcome.failure()) == 403


@pytest.mark.parametrize("name", PEOPLE)
def test_maintainers_write_the_guides_of_their_organization(name: str) -> None:
    sandbox = Sandbox(organized())
    admin = in_organization(entered(sandbox, "admin"), "cats")
    guide = _guide(admin, make_task(admin).id)
    written = call(entered(sandbox, name), guides.partial_update, guide.id, {"markdown": "mine"})
    if name in ("owner", "maintainer"):
        assert written.unwrap().markdown == "mine"
        return
    assert status_of(written.failure()) == 403
