"""The log of events: what people's programs report, what the server saw, and how it is exported."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import Transport, call, models, raw, with_response
from cvatfn.api import cloudstorages, events, jobs, labels, projects, tasks, webhooks
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.areas.changes import changes
from cvatfn.testing.sandbox.areas.logbook import MOST_EVENTS, logged
from cvatfn.transport import in_organization
from tests.sandbox.kit import fetched, make_task, picture, settle, status_of
from tests.sandbox.talk import entered, first_job, organized

NOW = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


def _table(
    transport: Transport,
    *,
    task_id: int | Unset = UNSET,
    job_id: int | Unset = UNSET,
    org_id: int | Unset = UNSET,
) -> list[Mapping[str, str]]:
    """The rows of an export."""
    asked = call(transport, events.create_export, task_id=task_id, job_id=job_id, org_id=org_id)
    table = fetched(transport, asked.unwrap().rq_id).decode()
    return [*csv.DictReader(table.splitlines())]


def _event(scope: str = "draw:object", **more: str) -> models.EventRequestDict:
    return {"scope": scope, "timestamp": NOW - timedelta(seconds=5), "task_id": 7, **more}  # type: ignore[typeddict-item]  # fields of the same names


def test_what_programs_report_comes_out_of_the_export(admin: Transport) -> None:
    sent: models.ClientEventsRequestDict = {
        "events": [_event(payload='{"a": 1}'), _event("load:job")],
        "previous_event": None,
        "timestamp": NOW,
    }
    taken = call(admin, events.create, sent).unwrap()
    assert taken.events
    assert [event.source for event in taken.events] == ["client", "client"]
    late = taken.events[0].timestamp - (NOW - timedelta(seconds=5))
    assert timedelta(0) < late < timedelta(seconds=5), "moved by what the two clocks differ"
    drawn, loaded = _table(admin, task_id=7)
    assert (drawn["scope"], loaded["scope"]) == ("draw:object", "load:job")
    assert (drawn["user_name"], drawn["payload"]) == ("admin", '{"a": 1}')


def test_who_reports_is_who_is_logged_in(admin: Transport) -> None:
    sent: models.ClientEventsRequestDict = {
        "events": [_event(user_name="somebody else")],
        "timestamp": NOW,
    }
    taken = call(admin, events.create, sent).unwrap()
    assert taken.events
    assert (taken.events[0].user_name, taken.events[0].user_id) == ("admin", 1)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (_event("create:task"), "Event scope **create:task** is not allowed from client"),
        (_event(payload="{"), "JSON payload is not valid in passed event"),
    ],
)
def test_what_no_program_may_report_is_refused(
    sandbox: Sandbox, admin: Transport, event: models.EventRequestDict, said: str
) -> None:
    refused = call(admin, events.create, {"events": [event], "timestamp": NOW}).failure()
    assert status_of(refused) == 400
    assert said in str(refused)
    assert not sandbox.world.log


def test_what_came_changed_and_went_is_logged(admin: Transport) -> None:
    task = make_task(admin, [picture("a.png")])
    job = first_job(admin, task.id)
    (label, _) = call(admin, labels.list, task_id=task.id).unwrap().results
    call(admin, jobs.partial_update, job.id, {"state": "in progress"}).unwrap()
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": label.id,
        "points": [1, 1, 2, 2],
    }
    put = call(admin, jobs.update_annotations, job.id, {"shapes": [box, box]}).unwrap()
    call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0").unwrap()
    call(admin, tasks.destroy, task.id).unwrap()
    rows = _table(admin, job_id=job.id)
    assert [(row["scope"], row["obj_name"]) for row in rows] == [
        ("create:job", ""),
        ("update:job", "state"),
        ("create:shapes", "rectangle"),
        ("delete:job", ""),
    ]
    assert (rows[1]["obj_val"], json.loads(rows[1]["payload"])) == (
        "in progress",
        {"old_value": "new"},
    )
    assert rows[2]["count"] == "2"
    named = json.loads(rows[2]["payload"])["shapes"]
    assert [each["id"] for each in named] == [shape.id for shape in put.shapes]
    scopes = [row["scope"] for row in _table(admin, task_id=task.id)]
    assert (scopes[0], scopes[-1]) == ("create:task", "delete:task")
    assert "export:dataset" in scopes


def test_secrets_are_never_logged(admin: Transport) -> None:
    body: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "cats",
        "display_name": "cats",
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": "k3y",
        "secret_key": "s3cret-s3cret",
    }
    call(admin, cloudstorages.create, body).unwrap()
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    hook: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": project.id,
        "target_url": "http://x",
        "events": ["create:task"],
        "secret": "s3cret-s3cret",
    }
    call(admin, webhooks.create, hook).unwrap()
    text = json.dumps(_table(admin))
    assert "create:cloudstorage" in text
    assert "create:webhook" in text
    assert "s3cret" not in text
    assert "k3y" not in text


def test_one_sees_what_one_did_and_maintainers_see_what_was_done_in_the_organization() -> None:
    sandbox = Sandbox(organized())
    maintainer, supervisor = entered(sandbox, "maintainer"), entered(sandbox, "supervisor")
    call(in_organization(supervisor, "cats"), tasks.create, {"name": "shared"}).unwrap()
    call(supervisor, tasks.create, {"name": "own"}).unwrap()
    assert [row["obj_name"] for row in _table(supervisor)] == ["shared", "own"]
    assert _table(maintainer) == []
    assert [row["obj_name"] for row in _table(maintainer, org_id=1)] == ["shared"]
    assert [row["obj_name"] for row in _table(supervisor, org_id=1)] == ["shared"]
    refused = call(supervisor, events.create_export, user_id=1).failure()
    assert status_of(refused) == 403
    assert "You don't have permission to view events with user_id=1" in str(refused)


def test_a_table_is_of_a_stretch_of_time(sandbox: Sandbox, admin: Transport) -> None:
    call(admin, tasks.create, {"name": "early"}).unwrap()
    sandbox.world = evolve(sandbox.world, now=sandbox.world.now + timedelta(days=40))
    call(admin, tasks.create, {"name": "late"}).unwrap()
    assert [row["obj_name"] for row in _table(admin)] == ["late"]
    day = NOW + timedelta(days=1)
    for started, names in (
        (call(admin, events.create_export, from_=NOW), ["early", "late"]),
        (call(admin, events.create_export, to=day), ["early"]),
        (call(admin, events.create_export, from_=day), ["late"]),
    ):
        rows = csv.DictReader(fetched(admin, started.unwrap().rq_id).decode().splitlines())
        assert [row["obj_name"] for row in rows] == names
    assert status_of(call(admin, events.create_export, from_=day, to=NOW).failure()) == 400


def test_the_old_way_to_the_table_is_walked_at_one_path(admin: Transport) -> None:
    call(admin, tasks.create, {"name": "cats"}).unwrap()
    begun = call(admin, with_response(raw(events.list))).unwrap()
    query = str(json.loads(begun.response.body)["query_id"])
    assert begun.response.status == 202
    assert begun.response.headers.get("deprecation") == "@1742169600"
    seen = [
        call(admin, with_response(raw(events.list)), query_id=query).unwrap().response.status
        for _ in range(3)
    ]
    assert seen == [202, 202, 201]
    table = call(admin, events.list, query_id=query, action="download", filename="a.csv").unwrap()
    assert table.decode().startswith("scope,obj_name")
    assert b"create:task" in table
    assert status_of(call(admin, events.list, query_id="no such").failure()) == 400


def test_the_log_does_not_grow_forever() -> None:
    row = models.Event(scope="draw:object", timestamp=NOW)
    world = logged(World(), [row] * MOST_EVENTS)
    newest = evolve(row, scope="load:job")
    after = logged(world, [newest])
    assert (len(after.log), after.log[-1]) == (MOST_EVENTS, newest)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["join", "task", "project", "rename", "remove"]), max_size=8))
def test_changes_are_exactly_what_differs(asked: list[str]) -> None:
    sandbox = Sandbox(organized())
    admin = entered(sandbox, "admin")
    for what in asked:
        before = sandbox.world
        last = max(before.tasks, default=0)
        match what:
            case "join":
                sandbox.world = before.joined(f"user{before.steps}{len(before.accounts)}", "x")
            case "task":
                call(admin, tasks.create, {"name": "cats"}).unwrap()
            case "project":
                call(admin, projects.create, {"name": "pets"}).unwrap()
            case "rename":
                call(admin, tasks.partial_update, last, {"name": f"name {before.steps}"})
            case _:
                call(admin, tasks.destroy, last)
        after = sandbox.world
        found = [*changes(before, after)]
        assert [*changes(after, after)] == [*changes(before, before)] == []
        assert len({id(change.row) for change in found}) == len(found)
        turned = {(change.kind, id(change.before), id(change.after)) for change in found}
        back = {
            (change.kind, id(change.after), id(change.before)) for change in changes(after, before)
        }
        assert turned == back, "looked at from the other side, it is the same"
        counted = sum((change.before is None) - (change.after is None) for change in found)
        assert counted == _size(after) - _size(before)


def _size(world: World) -> int:
    return len(world.accounts) + len(world.tasks) + len(world.projects)


def test_a_background_export_is_asked_for_by_its_own_name(admin: Transport) -> None:
    started = call(admin, events.create_export, filename="mine.csv").unwrap()
    assert started.rq_id.startswith("action=export&target=events&id=")
    assert settle(admin, started.rq_id).operation.type == "export:events"
