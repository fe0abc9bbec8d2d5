"""The examples that the design was made of: each runs, and checkers see the types it promises."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from typing import Annotated, ParamSpec, TypeVar, assert_never, assert_type

import pytest
from attrs import evolve, frozen
from returns.result import Result

from cvatfn import (
    UNSET,
    CallError,
    Endpoint,
    Failure,
    Outcome,
    Request,
    Response,
    Success,
    Transport,
    as_result,
    auth_headers,
    call,
    connect,
    dumps,
    find,
    interpret,
    lenient,
    loads,
    models,
    prepare,
    raise_on_failure,
    raw,
    unchecked,
    unvalidated,
    with_response,
)
from cvatfn.api import tasks
from cvatfn.auth import AccessToken, Basic, Session, Token
from cvatfn.endpoints import Header, get
from cvatfn.errors import (
    CallFailed,
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    InvalidParams,
    Rejected,
    TimedOut,
    TlsFailed,
    TooLarge,
    Undecodable,
    UnexpectedStatus,
    Unsendable,
)
from cvatfn.schedule import exponential
from cvatfn.testing.sandbox import Sandbox, World, serving
from cvatfn.transport import in_organization, logged, retrying, with_headers, with_timeout

P = ParamSpec("P")
T = TypeVar("T")

ada = Basic("ada", "s3cret")


@pytest.fixture
def transport() -> Transport:
    """A sandbox with a task in it."""
    sandbox = Sandbox(World.with_user("ada", "s3cret"), auth=ada)
    call(sandbox, tasks.create, {"name": "cats"}).unwrap()
    return sandbox


def test_the_way_of_a_call() -> None:
    with (
        serving(World.with_user("ada", "s3cret")) as server,
        connect(server.url, auth=AccessToken(server.token)) as transport,
    ):
        call(transport, tasks.create, {"name": "cats"}).unwrap()
        match call(transport, tasks.retrieve, 1):
            case Success(task):
                assert_type(task, models.TaskRead)
                assert (task.name, task.size or 0) == ("cats", 0)
            case Failure(error):
                assert_type(error, CallError)
                pytest.fail(str(error))


@get("/api/tasks/{id}")
def retrieve(id: int) -> models.TaskRead: ...


@get("/api/tasks")
def within(x_organization: Annotated[str, Header("X-Organization")]) -> bytes: ...


def test_an_endpoint_is_declared_by_a_signature(transport: Transport) -> None:
    assert call(transport, retrieve, 1) == call(transport, tasks.retrieve, 1)
    (parameter,) = retrieve.parameters
    assert (parameter.name, parameter.place, parameter.type) == ("id", "path", int)
    (header,) = within.parameters
    assert (header.place, header.wire_name) == ("header", "X-Organization")
    assert prepare(within, "acme").unwrap().headers.get("x-organization") == "acme"
    assert find("tasks.retrieve") is tasks.retrieve


def twice(
    transport: Transport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
) -> tuple[Outcome[T, CallError], Outcome[T, CallError]]:
    """A helper that carries the types of any endpoint's parameters."""
    return (
        call(transport, endpoint, *args, **params),
        call(transport, endpoint, *args, **params),
    )


def test_parameters_are_carried_through_generic_helpers(transport: Transport) -> None:
    first, second = twice(transport, tasks.retrieve, 1)
    assert_type(first, Outcome[models.TaskRead, CallError])
    assert first == second
    listed, _ = twice(transport, tasks.list, search="cats", page_size=5)
    assert listed.unwrap().count == 1


def test_how_an_answer_is_read_is_a_function_of_the_endpoint(transport: Transport) -> None:
    untouched = call(transport, raw(tasks.retrieve), 1)
    assert_type(untouched, Outcome[Response, CallError])
    assert untouched.unwrap().status == 200
    assert call(transport, unchecked(tasks.retrieve), 7).unwrap().status == 404
    both = call(transport, with_response(tasks.retrieve), 1).unwrap()
    assert (both.value.name, both.response.status) == ("cats", 200)
    for wrapped in (lenient(tasks.retrieve), unvalidated(tasks.retrieve)):
        assert call(transport, wrapped, 1).unwrap().name == "cats"


def test_how_a_request_is_sent_is_a_function_of_the_transport(transport: Transport) -> None:
    wrapped: Transport = transport
    wraps: tuple[Callable[[Transport], Transport], ...] = (
        lambda inner: with_timeout(inner, 5),
        lambda inner: with_headers(inner, {"X-Trace": "7"}),
        lambda inner: in_organization(inner, ""),
        lambda inner: retrying(inner, exponential(attempts=2)),
        lambda inner: logged(inner, logging.getLogger("design")),
    )
    for wrap in wraps:
        wrapped = wrap(wrapped)
    assert call(wrapped, tasks.retrieve, 1).unwrap().name == "cats"


def test_an_outcome_is_a_result(transport: Transport) -> None:
    outcome = call(transport, tasks.retrieve, 1)
    result: Result[models.TaskRead, CallError] = outcome
    assert result.map(lambda task: task.name).unwrap() == "cats"
    assert as_result(outcome) is outcome
    names: Result[str, CallError] = Result.do(
        f"{first.name}, {second.name}"
        for first in as_result(call(transport, tasks.retrieve, 1))
        for second in as_result(call(transport, tasks.retrieve, 1))
    )
    assert names.unwrap() == "cats, cats"


def test_prepare_and_interpret_are_all_that_another_library_needs(transport: Transport) -> None:
    request = prepare(tasks.retrieve, 1).unwrap()
    assert (request.method, request.path) == ("GET", "/api/tasks/1")
    response = transport(request).unwrap()
    assert interpret(tasks.retrieve, response, request) == call(transport, tasks.retrieve, 1)


def test_a_fake_is_a_lambda() -> None:
    about = b'{"name": "a fake", "description": "", "version": "1", "subtitle": "", "logo_url": ""}'
    assert loads(models.About, about).unwrap().name == "a fake"
    nobody: Transport = lambda _: Success(Response(404, {}, b'{"detail":"Not found."}'))  # noqa: E731 - it is one
    refused = call(nobody, tasks.retrieve, 1).failure()
    assert isinstance(refused, Rejected)
    assert (refused.status, refused.detail) == (404, "Not found.")


def test_data_are_frozen_and_hashable_and_pickle(transport: Transport) -> None:
    for value in (
        tasks.retrieve,
        call(transport, tasks.retrieve, 1).unwrap(),
        prepare(tasks.retrieve, 1).unwrap(),
        call(transport, tasks.retrieve, 7).failure(),
        ada,
        UNSET,
    ):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
        assert isinstance(hash(value), int)


def test_absent_is_not_null_and_dicts_stand_for_models() -> None:
    assert dumps(models.PatchedTaskWriteRequest(name="cats")) == b'{"name":"cats"}'
    assert dumps(models.PatchedTaskWriteRequest(assignee_id=None)) == b'{"assignee_id":null}'
    mixed = models.TaskWriteRequest(
        name="cats", labels=[{"name": "cat"}, models.PatchedLabelRequest(name="dog")]
    )
    plain = prepare(tasks.create, {"name": "cats", "labels": [{"name": "cat"}, {"name": "dog"}]})
    assert prepare(tasks.create, mixed) == plain


@frozen
class Owner:
    id: int


@frozen
class Row:
    owner: Owner
    stage: models.JobStage


@frozen
class Rows:
    results: tuple[Row, ...]


def test_reading_is_tolerant_and_names_what_does_not_fit() -> None:
    told = b'{"results": [{"owner": {"id": 1}, "stage": "dreaming", "new": 1}]}'
    (row,) = loads(Rows, told).unwrap().results
    assert (row.stage.value, row.stage.is_known) == ("dreaming", False)
    assert b'"dreaming"' in dumps(row)
    broken = told.replace(b'{"id": 1}', b'{"id": "1"}')
    error = loads(Rows, broken).failure()
    assert [problem.path for problem in error.problems] == ["$.results[0].owner.id"]
    assert error.data == broken


def test_writing_is_strict_and_tells_all_at_once() -> None:
    error = prepare(tasks.create, {"name": "c" * 300, "segment_size": -1}).failure()
    assert isinstance(error, InvalidParams)
    assert len(error.problems) == 2


def said(error: CallError) -> str:
    """Every case of the union; a new one would be an error for type checkers."""
    match error:
        case InvalidParams():
            return "nothing was sent"
        case ConnectFailed() | TimedOut() | ConnectionLost() | TlsFailed() | TooLarge():
            return "no whole response arrived"
        case ForeignOrigin() | Unsendable():
            return "it was not sent"
        case Rejected(status=status):
            return f"the server answered {status}"
        case UnexpectedStatus():
            return "that is no answer"
        case Undecodable():
            return "the body does not fit"
        case _:
            assert_never(error)


def test_errors_are_a_closed_union(transport: Transport) -> None:
    assert said(call(transport, tasks.retrieve, 7).failure()) == "the server answered 404"
    assert said(call(transport, tasks.create, {"name": ""}).failure()) == "nothing was sent"
    with pytest.raises(CallFailed, match="404"):
        raise_on_failure(call(transport, tasks.retrieve, 7))


def test_no_credentials_are_shown(transport: Transport) -> None:
    with pytest.warns(DeprecationWarning, match="AccessToken"):
        old = Token("s3cret")
    logins = (ada, AccessToken("s3cret"), old, Session("s3cret", "s3cret"))
    for login in logins:
        assert "s3cret" not in repr(login)
        headers = auth_headers(login, "POST", "https://cvat.example")
        assert "s3cret" not in repr(evolve(Request("POST", "/"), headers=headers))
    assert "s3cret" not in repr(call(transport, tasks.retrieve, 7).failure())
