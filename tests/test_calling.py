"""`prepare` and `interpret` are total: any parameter and any response comes back as a value."""

from __future__ import annotations

import pickle
from typing import Annotated, Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from cvatfn import (
    Endpoint,
    Failure,
    Request,
    Response,
    Success,
    accepting,
    call,
    catalogue,
    follow,
    in_memory,
    interpret,
    models,
    prepare,
    raw,
    request,
    sending,
    unchecked,
    unvalidated,
    with_response,
)
from cvatfn.api import auth, requests, tasks
from cvatfn.calling import concluded, request_of
from cvatfn.codecs.files import File
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.rejections import read_retry_after
from cvatfn.endpoints import Body, post
from cvatfn.errors import (
    ConnectFailed,
    InvalidParams,
    Rejected,
    Undecodable,
)
from cvatfn.testing.strategies import answers, hostile_answers

ENDPOINTS = list(catalogue())
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters()),
    st.binary(),
    st.lists(st.integers() | st.text()),
    st.dictionaries(st.text(), st.integers() | st.none()),
    st.just(object()),
    st.builds(File, st.text(), st.binary()),
)


@given(endpoint=st.sampled_from(ENDPOINTS), data=st.data(), wild=st.booleans())
def test_no_parameter_makes_prepare_raise(
    endpoint: Endpoint[..., object], data: st.DataObject, wild: bool
) -> None:
    names = [parameter.name for parameter in endpoint.parameters]
    names += [endpoint.body.name] if endpoint.body else []
    given_params = data.draw(st.dictionaries(st.sampled_from([*names, "other"]), JUNK))
    args = data.draw(st.lists(JUNK, max_size=3))
    match prepare(unvalidated(endpoint) if wild else endpoint, *args, **given_params):
        case Success(asked):
            assert not set(asked.target) & set(" \r\n\x00")
        case Failure(error):
            assert error.problems
            assert str(error)


@given(st.data())
def test_unchecked_hands_on_whatever_comes(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(ENDPOINTS))
    response = data.draw(answers(endpoint) | hostile_answers(endpoint))
    assert interpret(unchecked(endpoint), response) == Success(response)


def test_every_problem_of_a_call_is_named_at_once() -> None:
    wrong: Any = {"nmae": "x", "labels": [{"name": "cat", "attributes": [{"id": "4"}]}]}
    error = prepare(tasks.create, wrong, org_id="3", orgg="x").failure()  # type: ignore[call-arg, arg-type]  # that is the test
    assert {problem.path for problem in error.problems} == {
        "orgg",
        "org_id",
        "$.task_write_request.name",
        "$.task_write_request.nmae",
        "$.task_write_request.labels[0].attributes[0].id",
        "$.task_write_request.labels[0].attributes[0].name",
        "$.task_write_request.labels[0].attributes[0].mutable",
        "$.task_write_request.labels[0].attributes[0].input_type",
        "$.task_write_request.labels[0].attributes[0].values",
    }
    assert "did you mean 'name'" in str(error)
    assert "did you mean 'org'" in str(error)


def test_limits_hold_before_anything_is_sent() -> None:
    model = models.TaskWriteRequest(name="x" * 257, segment_size=-1)
    problems = prepare(tasks.create, model).failure().problems
    assert [str(problem) for problem in problems] == [
        "$.task_write_request.name: is longer than 256",
        "$.task_write_request.segment_size: is less than 0",
    ]
    assert isinstance(prepare(unvalidated(tasks.create), model), Success)


def test_nan_is_not_sent_as_null() -> None:
    settings = models.PatchedQualityRequirementRequest(iou_threshold=float("nan"))
    from cvatfn.api import quality

    problems = prepare(quality.partial_update_settings_requirements, 1, settings).failure().problems
    assert [problem.path for problem in problems] == [
        "$.patched_quality_requirement_request.iou_threshold"
    ]


@frozen
class Weight:
    kg: Annotated[float, Meta(ge=0)] | None = None


@post("/api/weights")
def create_weight(weight: Annotated[Weight, Body()]) -> None: ...


def test_nan_is_not_sent_as_null_where_there_are_limits() -> None:
    assert prepare(create_weight, Weight(None)).unwrap().body == b'{"kg":null}'
    assert prepare(create_weight, Weight(0.5)).unwrap().body == b'{"kg":0.5}'
    for wrong in (float("nan"), -0.5):
        problems = prepare(create_weight, Weight(wrong)).failure().problems
        assert [problem.path for problem in problems] == ["$.weight.kg"]


def test_a_body_with_a_file_is_a_form_and_one_without_is_json() -> None:
    form = prepare(tasks.create_data, 1, {"image_quality": 70, "client_files": [b"x"]}).unwrap()
    assert (form.headers.get("content-type") or "").startswith("multipart/form-data; boundary=")
    plain = prepare(tasks.create_data, 1, {"image_quality": 70}, upload_finish=True).unwrap()
    assert plain.headers.get("content-type") == "application/json"
    assert plain.headers.get("upload-finish") == "true"
    assert plain.headers.get("upload-start") is None
    forced = prepare(sending(tasks.create_data, "multipart/form-data"), 1, {"image_quality": 7})
    assert (forced.unwrap().headers.get("content-type") or "").startswith("multipart/form-data")


def test_data_that_holds_itself_is_refused() -> None:
    circle: Any = []
    circle.append(circle)
    for endpoint in (tasks.create, unvalidated(tasks.create)):
        wrong: Any = {"name": "x", "labels": circle}
        assert isinstance(prepare(endpoint, wrong), Failure)


def test_subclasses_of_scalars_are_sent_as_plain_ones() -> None:
    class Name(str):
        __slots__ = ()

    class Number(float):
        __slots__ = ()

    model = models.LabeledDataRequest(
        shapes=[{"type": "points", "frame": 0, "label_id": 1, "points": [Number(1.5), 2]}],
        tags=[models.LabeledImageRequest(frame=0, label_id=1, source=Name("mine"))],
    )
    body = prepare(tasks.update_annotations, 1, model).unwrap().content
    assert b'"points":[1.5,2]' in body
    assert b'"source":"mine"' in body


def test_a_request_id_is_one_segment() -> None:
    asked = prepare(requests.retrieve, "action=create&target=task&id=1~/...").unwrap()
    assert asked.path == "/api/requests/action%3Dcreate%26target%3Dtask%26id%3D1~%2F..."


@pytest.mark.parametrize("rq_id", ["", ".", "..", "../users", "id=1~/..", "a/./b", "..\\users"])
def test_no_segment_leads_to_another_endpoint(rq_id: str) -> None:
    assert isinstance(prepare(requests.retrieve, rq_id), Failure)


ABOUT = b'{"rq_id": "r1"}'


def test_ways_to_read_an_answer() -> None:
    response = Response(202, {"X": "1"}, ABOUT)
    transport = in_memory(lambda _: response)
    endpoint = tasks.create_dataset_export
    assert call(transport, endpoint, 1, format="COCO 1.0").unwrap().rq_id == "r1"
    assert call(transport, raw(endpoint), 1, format="COCO 1.0") == Success(response)
    pair = call(transport, with_response(endpoint), 1, format="COCO 1.0").unwrap()
    assert (pair.value.rq_id, pair.response.headers.get("x")) == ("r1", "1")
    assert call(transport, accepting(endpoint, "text/csv"), 1, format="x") == Success(ABOUT)
    nested = call(transport, with_response(with_response(endpoint)), 1, format="x").unwrap()
    assert nested.value.value.rq_id == "r1"
    for alone in (raw, unchecked):
        assert call(transport, alone(with_response(endpoint)), 1, format="x") == Success(response)
    bare = accepting(with_response(endpoint), "text/csv")
    assert call(transport, bare, 1, format="x") == Success(ABOUT)


def test_accepting_asks_for_the_media_type() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(200, body=b"a,b")

    assert call(in_memory(answer), accepting(tasks.retrieve, "text/csv"), 1) == Success(b"a,b")
    assert list(asked[0].headers) == [("Accept", "text/csv")]


def test_a_media_type_of_two_lines_is_asked_for_by_nobody() -> None:
    assert prepare(accepting(tasks.retrieve, "text/csv\r\nX: 1"), 1) == Failure(
        InvalidParams(
            "tasks.retrieve", (Problem("Accept", "a header cannot hold control characters"),)
        )
    )


REFUSALS: list[tuple[bytes, str, list[str]]] = [
    (b'{"detail": "Not found."}', "Not found.", []),
    (b'{"name": ["Required."]}', "$.name: Required.", ["$.name"]),
    (b'{"non_field_errors": ["Bad."]}', "Bad.", ["$"]),
    (b'["one", "two"]', "one; two", ["$", "$"]),
    (b'"bare text"', "bare text", []),
    (b"<html><head><title>502 Bad Gateway</title></head>", "502 Bad Gateway", []),
    (b"\xff\xfe nonsense", "�� nonsense", []),
    (b"", "Bad Request", []),
    (b'{"labels": [{}, {"name": ["Long."]}]}', "$.labels[1].name: Long.", ["$.labels[1].name"]),
]


@pytest.mark.parametrize(("body", "detail", "paths"), REFUSALS, ids=[str(r[0]) for r in REFUSALS])
def test_five_forms_of_refusal_read_as_one(body: bytes, detail: str, paths: list[str]) -> None:
    error = interpret(tasks.retrieve, Response(400, {"X-Request-Id": "7f"}, body)).failure()
    assert isinstance(error, Rejected)
    assert error.detail == detail
    assert [field.path for field in error.fields] == paths
    assert "7f" in str(error)


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    headers = {
        "Retry-After": "Mon, 23 Nov 2026 10:00:30 GMT",
        "Date": "Mon, 23 Nov 2026 10:00:00 GMT",
    }
    for said, wait in ((headers, 30.0), ({"Retry-After": "7"}, 7.0), ({"Retry-After": "x"}, None)):
        error = interpret(tasks.retrieve, Response(429, said)).failure()
        assert isinstance(error, Rejected)
        assert error.retry_after == wait


def test_a_page_of_html_says_so() -> None:
    response = Response(200, {"Content-Type": "text/html"}, b"<html>")
    error = interpret(tasks.retrieve, response).failure()
    assert isinstance(error, Undecodable)
    assert str(error.problems[0]) == ("$: the body is text/html, not JSON: is this a CVAT server?")
    assert len(error.problems) == 2


@pytest.mark.parametrize("content_type", ["application/vnd.cvat+json", "application/json", ""])
def test_of_json_only_what_does_not_fit_is_said(content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    error = interpret(tasks.retrieve_status, Response(200, headers, b"5")).failure()
    assert isinstance(error, Undecodable)
    assert [str(problem) for problem in error.problems] == [
        "$: expected RqStatus, as a model or an object, got int"
    ]


def test_an_answer_without_a_body_says_so() -> None:
    error = interpret(tasks.retrieve, Response(200)).failure()
    assert isinstance(error, Undecodable)
    assert error.problems == (Problem("$", "the body is empty"),)
    assert error.endpoint == "tasks.retrieve"


@pytest.mark.parametrize(
    ("until", "now"),
    [
        ("Mon, 23 Nov 2026 10:00:30 GMT", None),
        ("Mon, 23 Nov 2026 10:00:30 GMT", "yesterday"),
        ("Mon, 23 Nov 2026 10:00:30 -0000", "Mon, 23 Nov 2026 10:00:00 GMT"),
        ("Mon, 23 Nov 2026 10:00:30 GMT", "Mon, 23 Nov 2026 10:00:00 -0000"),
    ],
)
def test_a_date_that_cannot_be_compared_is_no_wait(until: str, now: str | None) -> None:
    assert read_retry_after(until, now) is None


def test_no_error_holds_a_password() -> None:
    sent: list[bytes] = []

    def echo(request: Request) -> Response:
        sent.append(request.content)
        return Response(400, {"Set-Cookie": "sessionid=s3cret"}, request.content)

    body = models.LoginSerializerExRequest(username="ann", password='s3cret"\\')
    error = call(in_memory(echo), auth.create_login, body).failure()
    assert b"s3cret" in (sent[0] or b"")
    for text in (str(error), repr(error), repr(pickle.dumps(error))):
        assert "s3cret" not in text
    assert "s3cret" not in repr(models.LoginSerializerExRequest(username="ann", password="s3cret"))


def test_transport_errors_are_told_with_their_endpoint() -> None:
    def refuse(request: Request) -> Failure[ConnectFailed]:
        return Failure(ConnectFailed(request, "nobody listens"))

    error = call(refuse, tasks.retrieve, 1).failure()
    assert str(error).startswith("tasks.retrieve (GET /api/tasks/1): no connection")
    form = prepare(tasks.create_data, 1, {"image_quality": 7, "client_files": [b"x"]}).unwrap()
    assert concluded(tasks.create_data, form, refuse(form)) == Failure(
        ConnectFailed(form, "nobody listens", "tasks.create_data")  # there are no secrets in it
    )


def test_requests_of_ones_own_are_checked_too() -> None:
    transport = in_memory(lambda asked: Response(200 if asked.path == "/ok" else 404))
    assert request(transport, Request("GET", "/ok")).unwrap().status == 200
    assert isinstance(request(transport, Request("GET", "/no")).failure(), Rejected)
    assert follow(transport, "/ok?a=1").unwrap().status == 200


@pytest.mark.parametrize("status", [199, 200, 204, 299, 300, 302, 400, 599])
def test_only_a_status_of_2xx_is_an_answer(status: int) -> None:
    for outcome in (
        request(in_memory(lambda _: Response(status)), Request("GET", "/")),
        call(in_memory(lambda _: Response(status)), raw(tasks.retrieve), 1),
    ):
        assert isinstance(outcome, Success) == (status in range(200, 300))


def test_errors_of_requests_of_ones_own_name_no_endpoint() -> None:
    asked = Request("GET", "/x", (("token", "s3cret"),))

    def refuse(request: Request) -> Failure[ConnectFailed]:
        return Failure(ConnectFailed(request, "nobody listens", "elsewhere"))

    for send in (in_memory(lambda _: Response(404)), in_memory(lambda _: Response(302)), refuse):
        error = request(send, asked).failure()
        assert not isinstance(error, InvalidParams)
        assert error.endpoint == ""
        assert "s3cret" not in repr(error)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/api?a=&b=1&b=2", Request("GET", "/api", (("a", ""), ("b", "1"), ("b", "2")))),
        ("https://cvat.example", Request("GET", "/", origin="https://cvat.example")),
        ("http://x:8080/a#b", Request("GET", "/a", origin="http://x:8080")),
    ],
)
def test_a_url_stands_for_a_request(url: str, asked: Request) -> None:
    assert request_of(url) == Success(asked)
    assert request_of(url, "HEAD") == Success(evolve(asked, method="HEAD"))


NO_URL = "is no http or https URL without credentials, nor an absolute path"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://x/y", NO_URL),
        ("//evil/x", NO_URL),
        ("http://", NO_URL),
        ("http://[::1", "is no URL: Invalid IPv6 URL"),
        ("x", NO_URL),
        ("https://u:p@host/", NO_URL),
    ],
)
def test_urls_that_are_none_are_refused(url: str, said: str) -> None:
    error = follow(in_memory(lambda _: Response(200)), url).failure()
    assert error == InvalidParams("follow", (Problem("url", said),))


@given(st.text())
def test_no_url_makes_follow_raise(url: str) -> None:
    request_of(url)


def test_a_header_that_does_not_fit_is_named() -> None:
    refused = prepare(tasks.list, x_organization="a\r\nb").failure()
    assert refused.problems == (
        Problem("x_organization", "a header cannot hold control characters"),
    )
