"""Quality and consensus answer as a real server did, refusals included.

The recordings stand beside a checkout of the project, not in it; without them there is nothing to
compare with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import pytest
from attrs import frozen

from cvatfn import Headers, Request, Transport, call, models
from cvatfn.api import jobs, projects, quality, tasks
from cvatfn.testing.sandbox import Sandbox
from tests.fidelity.recorded import FOLDER, NO_RECORDINGS
from tests.sandbox.judged import add_job, judged_task, report_on, task_in_project
from tests.sandbox.kit import make_task

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)

REPLICA = models.JobType.REPLICA
GONE: Final = ("/data?format=csv",)
"""What 2.80 has elsewhere: tables of confusion matrices."""


@frozen
class Kind:
    """What was asked, and with what success."""

    operation: str
    status: int


def _recorded() -> Iterator[tuple[Kind, dict[str, Any]]]:
    for name in ("quality", "consensus"):
        path = FOLDER / f"{name}.jsonl"
        for line in path.read_text().splitlines() if path.is_file() else ():
            row: dict[str, Any] = json.loads(line)
            if not row["target"].endswith(GONE):
                yield Kind(row["operation"], row["status"]), row


KINDS: Final = sorted({kind for kind, _ in _recorded()}, key=str)


@frozen
class Scene:
    """A world in which everything that was recorded can be asked."""

    admin: Transport
    worker: Transport
    ids: dict[str, int]

    def asks(self, kind: Kind) -> Iterator[tuple[Transport, str, str, object]]:
        """What comes to the same as what was recorded.

        :param kind: the operation and the status it ends with.
        """
        who = self.worker if kind.status == 403 else self.admin
        for method, path, body in ASKED[kind.operation](self.ids, kind.status):
            yield who, method, path, body


Ids = dict[str, int]
Asked = Callable[[Ids, int], list[tuple[str, str, object]]]
FLAT: Final = {"iou_threshold": 0.6, "empty_is_annotated": True, "inherit": False, "id": 1.0}


def _reports(ids: dict[str, int], status: int) -> list[tuple[str, str, object]]:
    if status == 400:
        return [("POST", "/api/quality/reports", {"task_id": ids["bare"]})]
    sent = [{"task_id": ids["task"]}, {"project_id": ids["project"]}]
    return [("POST", "/api/quality/reports", each) for each in sent]


def _merges(ids: dict[str, int], status: int) -> list[tuple[str, str, object]]:
    refused = [{"task_id": ids["bare"]}, {"task_id": ids["new"]}, {"job_id": ids["job"]}]
    granted = [{"task_id": ids["begun"]}, {"job_id": ids["parent"]}]
    sent = refused if status == 400 else granted
    return [("POST", "/api/consensus/merges", each) for each in sent]


ASKED: Final[dict[str, Asked]] = {
    "quality_create_report": _reports,
    "quality_list_conflicts": lambda ids, _status: [
        ("GET", f"/api/quality/conflicts?report_id={ids['report']}&page=1", None)
    ],
    "quality_list_reports": lambda ids, _status: [
        ("GET", f"/api/quality/reports?target=task&task_id={ids['task']}", None),
        ("GET", f"/api/quality/reports?target=job&job_id={ids['judged']}", None),
        ("GET", f"/api/quality/reports?target=project&project_id={ids['project']}", None),
    ],
    "quality_list_settings": lambda ids, _status: [
        ("GET", f"/api/quality/settings?task_id={ids['task']}", None)
    ],
    "quality_partial_update_settings": lambda _ids, _status: [
        ("PATCH", "/api/quality/settings/1", FLAT)
    ],
    "quality_retrieve_report": lambda ids, _status: [
        ("GET", f"/api/quality/reports/{ids[name]}", None) for name in ("report", "whole")
    ],
    "quality_retrieve_report_data": lambda ids, _status: [
        ("GET", f"/api/quality/reports/{ids[name]}/data", None) for name in ("report", "whole")
    ],
    "quality_retrieve_settings": lambda _ids, _status: [("GET", "/api/quality/settings/1", None)],
    "consensus_create_merge": _merges,
    "consensus_list_settings": lambda ids, _status: [
        ("GET", f"/api/consensus/settings?task_id={ids['begun']}", None)
    ],
    "consensus_partial_update_settings": lambda _ids, _status: [
        ("PATCH", "/api/consensus/settings/1", {"id": 1.0, "iou_threshold": 0.6, "task_id": 30.0})
    ],
    "consensus_retrieve_settings": lambda _ids, _status: [
        ("GET", "/api/consensus/settings/1", None)
    ],
}


@pytest.fixture
def scene(sandbox: Sandbox, admin: Transport, worker: Transport) -> Scene:
    """Tasks with ground truth and replicas, and reports on them."""
    task, judged, _ = judged_task(sandbox, admin)
    body: models.ProjectWriteRequestDict = {"name": "pets", "labels": [{"name": "cat"}]}
    project = call(admin, projects.create, body).unwrap().id
    task_in_project(sandbox, admin, project, "inside")
    call(admin, tasks.partial_update, task, {"assignee_id": 1}).unwrap()
    call(admin, jobs.partial_update, judged, {"assignee": 1}).unwrap()
    bare, new, begun = (make_task(admin, name=name).id for name in ("bare", "new", "begun"))
    ids = {"task": task, "judged": judged, "project": project, "bare": bare, "new": new}
    ids |= {"begun": begun, "report": report_on(admin, task_id=task).id}
    ids["whole"] = report_on(admin, project_id=project).id
    for name in (new, begun):
        (parent,) = call(admin, jobs.list, task_id=name).unwrap().results
        replica = add_job(sandbox, name, REPLICA, frames=(0, 2), parent=parent.id)
        ids |= {"parent": parent.id, "job": replica}
    call(admin, jobs.partial_update, ids["job"], {"state": "in progress"}).unwrap()
    call(admin, quality.list_settings).unwrap()
    return Scene(admin, worker, ids)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_statuses_and_fields_are_those_of_a_real_server(scene: Scene, kind: Kind) -> None:
    theirs = [row for other, row in _recorded() if other == kind]
    for transport, method, path, body in scene.asks(kind):
        headers = [("Accept", "application/vnd.cvat+json"), ("Content-Type", "application/json")]
        content = None if body is None else json.dumps(body).encode()
        target, _, query = path.partition("?")
        pairs = tuple(parse_qsl(query))
        ours = transport(Request(method, target, pairs, Headers(tuple(headers)), content)).unwrap()
        assert ours.status == kind.status, ours.body
        kept = {_header(row, "content-type") for row in theirs}
        assert ours.content_type in {(each or "").partition(";")[0] for each in kept}
        assert _methods(_header(theirs[0], "allow")) <= _methods(ours.headers.get("allow"))
        if kind.status >= 400:
            said = {_without_numbers(json.dumps(row["response_body"]["json"])) for row in theirs}
            assert _without_numbers(json.dumps(json.loads(ours.body))) in said
        else:
            alike = [row["response_body"]["json"] for row in theirs if _is_alike(row, ours.body)]
            assert alike
            for recorded in alike:
                assert not set(_paths(recorded)) - set(_paths(json.loads(ours.body)))


def _header(row: dict[str, Any], name: str) -> str | None:
    return {key.lower(): value for key, value in row["response_headers"]}.get(name)


def _methods(allow: str | None) -> set[str]:
    return {*(allow or "").split(", ")}


def _without_numbers(text: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in text).replace("00", "0")


def _is_alike(row: dict[str, Any], body: bytes) -> bool:
    """Whether two answers are on the same kind of thing: a job, a task or a project."""

    def sort_of(value: Any) -> object:
        if isinstance(value.get("results"), list):
            return [sort_of(each) for each in value["results"][:1]]
        names = ("job_id", "task_id", "project_id", "target", "report_id")
        return value.get("target"), [value.get(name) is None for name in names]

    return sort_of(row["response_body"]["json"]) == sort_of(json.loads(body))


def _paths(value: object, path: str = "$") -> Iterator[str]:
    """The paths of all fields: numbers of frames, names of types and entries of lists alike."""
    if isinstance(value, dict):
        for name, held in cast("dict[str, object]", value).items():  # JSON
            open_ended = path.endswith(("frame_results", "conflicts_by_type"))
            step = "*" if open_ended else name
            yield f"{path}.{step}"
            yield from _paths(held, f"{path}.{step}")
    elif isinstance(value, list):
        for held in cast("list[object]", value):  # JSON
            yield from _paths(held, f"{path}[]")


def test_everything_that_was_recorded_is_compared() -> None:
    assert {kind.operation for kind in KINDS} == {*ASKED}
    assert sum(1 for _ in _recorded()) == 143
