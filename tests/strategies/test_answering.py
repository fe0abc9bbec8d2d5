"""Answers are those that a server could give: by status, in the forms that servers use."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from cvatfn import Endpoint, Failure, Success, catalogue, interpret, models, raw
from cvatfn.api import jobs, server, tasks
from cvatfn.errors import Rejected
from cvatfn.messages import Response
from cvatfn.testing.strategies import answers
from cvatfn.testing.strategies.answering import page_of
from tests.strategies.health import anything, assert_healthy, drawn

ENDPOINTS = list(catalogue())
ENDPOINT = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


@ENDPOINT
def test_answers_are_read_as_the_endpoint_says(endpoint: Endpoint[..., object]) -> None:
    def holds(response: Response) -> bool:
        read = isinstance(interpret(endpoint, response), Success)
        whole = interpret(raw(endpoint), response) == Success(response)
        return read and whole and response.status in {each.status for each in endpoint.answers}

    assert_healthy(answers(endpoint, range(200, 300)), holds)


@ENDPOINT
def test_refusals_are_read_as_what_they_say(endpoint: Endpoint[..., object]) -> None:
    def holds(response: Response) -> bool:
        match interpret(endpoint, response):
            case Failure(Rejected() as error):
                return error.status == response.status and bool(error.detail)
            case _:
                return False

    assert_healthy(answers(endpoint, range(400, 600)), holds)


@settings(max_examples=200)
@given(st.data())
def test_a_status_is_granted_or_refused(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(ENDPOINTS))
    response = data.draw(answers(endpoint))
    granted = isinstance(interpret(endpoint, response), Success)
    assert granted == (200 <= response.status < 300)


@pytest.mark.parametrize("status", [201, 400, 401, 404, 418, 429, 500, 503, 599])
def test_a_status_may_be_asked_for(status: int) -> None:
    assert drawn(answers(tasks.create, status), anything).status == status
    assert drawn(answers(tasks.create, {status, 999}), anything).status == status


@pytest.mark.parametrize("status", [200, 100, 302, 600, range(100, 200), ()])
def test_a_status_that_no_server_gives_is_a_mistake(status: int | range | tuple[()]) -> None:
    with pytest.raises(ValueError, match=r"tasks\.create has no answer of status"):
        drawn(answers(tasks.create, status), anything)


FORMS: dict[str, bytes] = {
    "a detail": b'{"detail":"Bad Request"}',
    "fields": b'{"non_field_errors":["Bad Request"]}',
    "texts": b'["Bad Request"]',
    "a text": b'"Bad Request"',
    "words": b"Bad Request",
    "a page": page_of(400),
    "nothing": b"",
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_a_refusal_comes_in_every_form(body: bytes) -> None:
    response = drawn(answers(tasks.create, 400), lambda response: response.body == body)
    assert "Bad Request" in str(interpret(tasks.create, response).failure())


def test_what_is_wrong_is_told_of_the_requests_own_fields() -> None:
    def tells(response: Response) -> bool:
        error = interpret(tasks.create, response).failure()
        paths = [field.path for field in error.fields] if isinstance(error, Rejected) else []
        return any(path.startswith("$.labels") and len(path) > 12 for path in paths)

    assert b'"labels":' in drawn(answers(tasks.create, 400), tells).body


def _rejected(response: Response) -> Rejected:
    error = interpret(tasks.list, response).failure()
    assert isinstance(error, Rejected)
    return error


def test_fields_come_with_the_status_they_belong_to() -> None:
    assert drawn(answers(tasks.list, 401), anything).headers.get("WWW-Authenticate") == "Token"
    throttled = drawn(answers(tasks.list, 429), anything)
    assert _rejected(throttled).retry_after is not None
    assert drawn(answers(tasks.list, 405), anything).headers.get("Allow") is not None
    patient = drawn(answers(tasks.list, 503), lambda each: each.headers.get("Retry-After"))
    assert _rejected(patient).retry_after is not None


def test_what_runs_already_is_named() -> None:
    response = drawn(answers(tasks.create_dataset_export, 409), anything)
    assert response.body == b'{"rq_id":""}'


@pytest.mark.parametrize("empty", [True, False])
def test_a_body_that_may_be_absent_is_there_or_not(empty: bool) -> None:
    response = drawn(answers(tasks.create_data, 202), lambda each: bool(each.body) != empty)
    read = interpret(tasks.create_data, response).unwrap()
    assert isinstance(read, type(None) if empty else models.RqId)


def test_files_say_what_they_are() -> None:
    drawn(answers(jobs.retrieve_data, 200), lambda each: each.content_type == "image/png")
    named = drawn(
        answers(jobs.retrieve_data, 200),
        lambda each: each.headers.get("Content-Disposition") is not None,
    )
    assert named.headers.get("Accept-Ranges") == "bytes"


def test_answers_shrink_to_the_least() -> None:
    least = find(answers(server.retrieve_about, 200), anything)
    assert least.body == b'{"description":"","logo_url":"","name":"","subtitle":"","version":""}'
    assert len(least.headers) == 1
    assert repr(answers(tasks.list, 404)) == "answers(tasks.list, status=404)"
