"""What `prepare` writes is read back as the same parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Request, catalogue, models, prepare
from cvatfn.api import events, jobs, labels, requests, tasks
from cvatfn.endpoints import Endpoint
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox import read_request
from cvatfn.testing.sandbox.gates.forms import read_parts
from cvatfn.testing.sandbox.gates.routing import allowed_methods, match_path

AnyEndpoint: TypeAlias = Endpoint[..., object]

DAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CASES: list[tuple[AnyEndpoint, Mapping[str, object]]] = [
    (tasks.list, {}),
    (tasks.list, {"page": 2, "page_size": "all", "search": "ä & b", "x_organization": "acme"}),
    (tasks.list, {"status": models.JobStatus.COMPLETED, "dimension": "2d"}),
    (requests.retrieve, {"id": "action=export&target=task&format=COCO_1~0 /?#%"}),
    (tasks.create, {"task_write_request": models.TaskWriteRequest(name="x", assignee_id=None)}),
    (tasks.create_dataset_export, {"id": 1, "format": "COCO 1.0", "save_images": False}),
    (tasks.create_data, {"id": 3, "upload_start": True}),
    (jobs.retrieve_data, {"id": 3, "type": "chunk", "index": 0, "quality": "original"}),
    (labels.partial_update, {"id": 3}),
    (
        jobs.partial_update_annotations,
        {
            "id": 7,
            "action": "create",
            "patched_labeled_data_request": models.PatchedLabeledDataRequest(
                shapes=[{"type": "rectangle", "frame": 0, "label_id": 1, "points": [1, 2, 3, 4]}]
            ),
        },
    ),
]


@pytest.mark.parametrize(("endpoint", "params"), CASES)
def test_parameters_come_back(endpoint: AnyEndpoint, params: Mapping[str, object]) -> None:
    assert read_request(endpoint, prepare(endpoint, **params).unwrap()) == Success(params)


def test_dates_and_ids_come_back() -> None:
    sent = prepare(events.create_export, from_=DAY, org_id=3).unwrap()
    assert read_request(events.create_export, sent) == Success({"from_": DAY, "org_id": 3})
    assert UUID(int=1).version is None


names = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), min_size=1)


@given(st.lists(st.builds(File, names, st.binary(max_size=200)), min_size=1, max_size=12))
def test_forms_come_back_with_files_of_any_name(files: list[File]) -> None:
    body = models.DataRequest(
        client_files=files, image_quality=70, use_cache=True, sorting_method="natural"
    )
    if any("%" in file.name for file in files):
        return  # RFC 7578 has no way to tell a written `%22` from a quote
    request = prepare(tasks.create_data, 1, body).unwrap()
    assert (request.headers.get("content-type") or "").startswith("multipart/form-data")
    assert read_request(tasks.create_data, request) == Success({"id": 1, "data_request": body})


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_form_is_read_or_refused(body: bytes, boundary: str) -> None:
    content_type = f"multipart/form-data; boundary={boundary}"
    assert isinstance(read_parts(content_type, body), Success | Failure)


def test_every_path_leads_to_its_own_endpoint() -> None:
    for endpoint in catalogue():
        path = endpoint.path.replace("{key}", "a").replace("{uuid}", str(UUID(int=1)))
        for parameter in endpoint.parameters:
            path = path.replace(f"{{{parameter.wire_name}}}", "7")
        matched = match_path(path)
        assert matched is not None, path
        assert matched.endpoints[endpoint.method] == endpoint
        assert endpoint.method in allowed_methods(matched)


def test_booleans_of_other_clients_are_understood() -> None:
    request = Request(
        "POST", "/api/tasks/1/dataset/export", (("format", "x"), ("save_images", "True"))
    )
    params = {"id": 1, "format": "x", "save_images": True}
    assert read_request(tasks.create_dataset_export, request) == Success(params)


def test_a_number_that_is_left_empty_in_a_query_is_not_there() -> None:
    left = Request("GET", "/api/tasks", (("org_id", ""), ("page", ""), ("search", "")))
    assert read_request(tasks.list, left) == Success({"search": ""})


def test_all_that_cannot_be_read_is_told_with_its_place() -> None:
    request = Request("GET", "/api/tasks/x", (("page", "y"),))
    assert [str(said) for said in read_request(tasks.retrieve, request).failure()] == [
        "path id: expected int, got 'x'"
    ]
    missing = Request("POST", "/api/tasks", body=b'{"labels": [{"name": 5}]}')
    typed = Request("POST", "/api/tasks", (), {"Content-Type": "application/json"}, missing.body)
    places = {said.path for said in read_request(tasks.create, typed).failure()}
    assert places == {"$.name", "$.labels[0].name"}
