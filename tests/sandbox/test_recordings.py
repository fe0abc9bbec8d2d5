"""The sandbox answers as a real server did: status, media type, `Allow`, and fields.

The recordings stand beside a checkout of the project, not in it; without them there is nothing to
compare with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from attrs import frozen

from cvatfn import File, Outcome, Request, Response, Transport, call, follow, models, unvalidated
from cvatfn.api import (
    auth,
    comments,
    events,
    issues,
    jobs,
    labels,
    projects,
    requests,
    server,
    tasks,
    users,
    webhooks,
)
from cvatfn.auth import Basic
from cvatfn.codecs.building import members
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.errors import TransportError
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.gates.routing import match_path
from cvatfn.transport import authenticated
from tests.fidelity.recorded import FOLDER, NO_RECORDINGS
from tests.sandbox.films import created, film, sound
from tests.sandbox.kit import fetched, make_task, picture, settle
from tests.sandbox.talk import issue_on, watched

OLDER = {"consensus_enabled", "consensus_replicas"}
"""What 2.73 sent and 2.80, whose document the models are made from, does not know."""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)


@frozen
class Exchange:
    """What was asked, and what came back."""

    operation: str
    request: Request
    status: int
    content_type: str | None
    allow: str | None
    body: object


def _recorded() -> Iterator[Exchange]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row: dict[str, Any] = json.loads(line)
            headers = {name.lower(): value for name, value in row["response_headers"]}
            body: dict[str, object] = row["response_body"] or {}
            yield Exchange(
                operation=(row["operation"] or "").replace("_", ".", 1),
                request=Request(row["method"], row["target"].partition("?")[0]),
                status=row["status"],
                content_type=headers.get("content-type"),
                allow=headers.get("allow"),
                body=body.get("json"),
            )


def _fields(body: object) -> set[str]:
    """The names of a body's fields; of a page, those of its first entry too."""
    held = dict(members(body))
    results = held.get("results")
    rows = cast("list[object]", results) if isinstance(results, list) else []  # JSON
    return {*held, *(f"results.{name}" for row in rows[:1] for name, _ in members(row))}


def _exchanges(sandbox: Sandbox) -> list[Exchange]:
    """What passes while the main job and some mistakes are done in the sandbox."""
    seen: list[Exchange] = []

    def watched(request: Request) -> Outcome[Response, TransportError]:
        answered = sandbox(request)
        match answered:
            case Success(response) if (matched := match_path(request.path)) is not None:
                endpoint = matched.endpoints.get(request.method)
                read = loads(JSON, response.body)
                seen.append(
                    Exchange(
                        operation="" if endpoint is None else endpoint.name,
                        request=request,
                        status=response.status,
                        content_type=response.headers.get("content-type"),
                        allow=response.headers.get("allow"),
                        body=read.unwrap() if isinstance(read, Success) else None,
                    )
                )
            case _:
                pass
        return answered

    _use(authenticated(watched, Basic("admin", "s3cret"), sandbox.world.origin))
    _err(authenticated(watched, Basic("worker", "pa55"), sandbox.world.origin))
    return seen


def _use(cvat: Transport) -> None:
    call(cvat, server.retrieve_about)
    call(cvat, auth.create_login, {"username": "admin", "password": "s3cret"})
    call(cvat, auth.create_access_tokens, {"name": "mine"})
    call(cvat, auth.list_access_tokens)
    call(cvat, users.retrieve_self)
    call(cvat, users.list)
    task = make_task(cvat)
    listed = call(cvat, labels.list, task_id=task.id).unwrap()
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": listed.results[0].id,
        "points": [1, 1, 2, 2],
    }
    call(cvat, tasks.list)
    call(cvat, tasks.partial_update, task.id, {"name": "other"})
    call(cvat, tasks.update_annotations, task.id, {"shapes": [box]})
    call(cvat, tasks.partial_update_annotations, task.id, {"shapes": [box]}, action="create")
    call(cvat, tasks.retrieve_annotations, task.id)
    call(cvat, jobs.update_annotations, job.id, {"shapes": [box]})
    call(cvat, jobs.retrieve_annotations, job.id)
    call(cvat, jobs.retrieve, job.id)
    call(cvat, jobs.partial_update, job.id, {"state": "completed"})
    call(cvat, jobs.retrieve_data, job.id, type="frame", number=0)
    call(cvat, jobs.retrieve_data, job.id, type="frame", number=99)
    call(cvat, jobs.retrieve_data_meta, job.id)
    call(cvat, jobs.retrieve_preview, job.id)
    call(cvat, jobs.destroy, job.id)
    call(cvat, tasks.retrieve_data_meta, task.id)
    call(cvat, tasks.partial_update_data_meta, task.id, {"deleted_frames": [1]})
    call(cvat, tasks.retrieve_preview, task.id)
    call(cvat, labels.retrieve, listed.results[0].id)
    call(cvat, labels.partial_update, listed.results[0].id, {"color": "#000000"})
    call(cvat, labels.partial_update, listed.results[0].id, {"name": "dog"})
    rq_id = call(cvat, tasks.create_dataset_export, task.id, format="COCO 1.0").unwrap().rq_id
    follow(cvat, settle(cvat, rq_id).result_url or "")
    call(cvat, requests.list)
    call(cvat, tasks.destroy_annotations, task.id)
    _use_projects(cvat)
    _use_media(cvat)
    _talk(cvat)
    call(cvat, tasks.retrieve, 99)
    call(cvat, labels.retrieve, 99)


def _use_projects(cvat: Transport) -> None:
    twice: list[models.PatchedLabelRequestDict] = [{"name": "cat"}, {"name": "cat"}]
    project = call(cvat, projects.create, {"name": "pets", "labels": twice[:1]}).unwrap()
    call(cvat, projects.create, {"name": "pets", "labels": twice})
    call(cvat, projects.list)
    call(cvat, projects.retrieve, project.id)
    call(cvat, projects.retrieve, 99)
    call(cvat, projects.retrieve_preview, project.id)
    call(cvat, projects.partial_update, project.id, {"labels": [{"name": "dog"}]})
    call(cvat, projects.partial_update, project.id, {"labels": [{"name": "dog"}]})
    call(cvat, labels.list, project_id=project.id)
    call(cvat, tasks.create, {"name": "inside", "project_id": project.id})
    task = make_task(cvat)
    asked = call(cvat, tasks.create_dataset_export, task.id, format="COCO 1.0", save_images=True)
    dataset = File("all.zip", fetched(cvat, asked.unwrap().rq_id))
    annotations: models.AnnotationFileRequestDict = {"annotation_file": dataset}
    call(cvat, tasks.create_annotations, task.id, annotations, format="COCO 1.0")
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    call(cvat, jobs.create_annotations, job.id, annotations, format="COCO 1.0")
    for file in (dataset, File("a.png", b"")):
        call(cvat, projects.create_dataset, project.id, {"dataset_file": file}, format="COCO 1.0")
    rq_id = call(cvat, projects.create_backup_export, project.id).unwrap().rq_id
    backup: models.ProjectFileRequestDict = {"project_file": File("b.zip", fetched(cvat, rq_id))}
    call(cvat, projects.create_backup, backup)
    call(cvat, projects.create_dataset_export, project.id, format="COCO 1.0")
    call(cvat, tasks.create_backup_export, task.id)
    call(cvat, tasks.create_backup, {"task_file": dataset})
    call(cvat, events.create_export)
    call(cvat, requests.list)
    call(cvat, projects.destroy, project.id)


def _talk(cvat: Transport) -> None:
    """Issues, comments and webhooks, with the mistakes that were recorded."""
    task = make_task(cvat)
    (job,) = call(cvat, jobs.list, task_id=task.id).unwrap().results
    issue = call(cvat, issues.create, issue_on(job.id)).unwrap()
    said = call(cvat, comments.create, {"issue": issue.id, "message": "hi!"}).unwrap()
    call(cvat, comments.list, issue_id=issue.id)
    call(cvat, comments.partial_update, said.id, {"message": "bar"})
    call(cvat, comments.retrieve, said.id)
    call(cvat, comments.retrieve, 99)
    call(cvat, issues.list, job_id=job.id)
    call(cvat, issues.retrieve, issue.id)
    call(cvat, issues.partial_update, issue.id, {"resolved": True})
    call(cvat, issues.destroy, issue.id)
    call(cvat, issues.retrieve, issue.id)
    _, webhook = watched(cvat)
    call(cvat, webhooks.list)
    call(cvat, webhooks.retrieve, webhook.id)
    call(cvat, webhooks.partial_update, webhook.id, {"target_url": "http://newexample.com"})
    other = "application/x-www-form-urlencoded"
    wrong: models.PatchedWebhookWriteRequestDict = {"content_type": other}  # type: ignore[typeddict-item]  # as was recorded
    call(cvat, unvalidated(webhooks.partial_update), webhook.id, wrong)
    fitting: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": webhook.project_id,
        "target_url": "http://webhooks.internal",
        "events": ["create:project"],
    }
    call(cvat, webhooks.create, fitting)
    call(cvat, webhooks.create, {**fitting, "events": ["create:task"], "project_id": None})
    call(cvat, webhooks.destroy, webhook.id)
    call(cvat, webhooks.retrieve, webhook.id)


def _use_media(cvat: Transport) -> None:
    truth: models.JobWriteRequestDict = {
        "type": "ground_truth",
        "task_id": 1,
        "frame_selection_method": "manual",
        "frames": [0, 2],
    }
    pool: models.DataRequestDict = {
        "sorting_method": "random",
        "validation_params": {
            "mode": "gt_pool",
            "frame_selection_method": "random_uniform",
            "frame_count": 1,
            "frames_per_job_count": 1,
        },
    }
    pictures = [picture(f"{index}.png") for index in range(3)]
    steps: models.DataRequestDict = {"frame_filter": "step=2"}
    kinds: list[tuple[list[File], models.DataRequestDict | None]] = [
        (pictures, pool),
        ([film(4)], steps),
        ([sound(50)], None),
        (pictures, None),
    ]
    for files, settings in kinds:
        task, _ = created(cvat, files, settings)
        call(cvat, jobs.create, {**truth, "task_id": task.id, "frames": [0]})
        call(cvat, tasks.retrieve_data_meta, task.id)
        call(cvat, tasks.retrieve_preview, task.id, prefer="handling=empty")
        call(cvat, tasks.retrieve_validation_layout, task.id)
        frames = call(cvat, tasks.retrieve_validation_layout, task.id).unwrap().validation_frames
        if settings is pool:  # only such a task was asked for it
            off: models.PatchedTaskValidationLayoutWriteRequestDict = {"disabled_frames": frames}
            call(cvat, tasks.partial_update_validation_layout, task.id, off)
        seen = task.media_type == "image"  # nobody recorded that of a sound anything was deleted
        if seen:
            call(cvat, tasks.partial_update_data_meta, task.id, {"deleted_frames": frames or ()})
        call(cvat, jobs.list, task_id=task.id)
        for job in call(cvat, jobs.list, task_id=task.id).unwrap().results:
            call(cvat, jobs.retrieve_data_meta, job.id)
            if seen:
                gone: models.PatchedJobDataMetaWriteRequestDict = {
                    "deleted_frames": [job.start_frame]
                }
                call(cvat, jobs.partial_update_data_meta, job.id, gone)
            if settings is pool:
                call(cvat, jobs.retrieve_validation_layout, job.id)
            call(cvat, jobs.partial_update, job.id, {"stage": "validation"})
            if task.mode == "annotation":  # nobody recorded a chunk of anything else
                call(cvat, jobs.retrieve_data, job.id, type="chunk", index=0)
            call(cvat, jobs.destroy, job.id)
        empty = call(cvat, tasks.create, {"name": "empty"}).unwrap()
        call(cvat, tasks.retrieve_data_meta, empty.id)
        call(cvat, tasks.retrieve_preview, empty.id)


def _err(cvat: Transport) -> None:
    call(cvat, tasks.partial_update, 1, {"name": "mine"})
    call(cvat, tasks.retrieve_preview, 1)
    call(cvat, jobs.retrieve, 1)
    call(cvat, issues.create, issue_on(1))
    call(cvat, jobs.retrieve_preview, 1)
    call(cvat, jobs.partial_update, 1, {"stage": "validation"})
    call(cvat, labels.retrieve, 1)
    call(cvat, auth.create_login, {"username": "admin", "password": "wrong"})


def test_answers_are_those_of_a_real_server(sandbox: Sandbox) -> None:
    recorded = list(_recorded())
    compared = 0
    for ours in _exchanges(sandbox):
        theirs = [
            row for row in recorded if (row.operation, row.status) == (ours.operation, ours.status)
        ]
        if not theirs:
            assert ours.operation.startswith("downloads.") or ours.status in (200, 202), ours
            continue
        compared += 1
        told = f"{ours.operation} {ours.status}"
        assert ours.content_type in {row.content_type for row in theirs}, told
        assert ours.allow in {row.allow for row in theirs}, told
        always = _fields(theirs[0].body).intersection(*(_fields(row.body) for row in theirs))
        missing = always - _fields(ours.body)
        assert not {name for name in missing if name.rpartition(".")[2] not in OLDER}, told
        assert type(ours.body) in {type(row.body) for row in theirs}, told
    assert compared > 60
