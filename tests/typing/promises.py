"""What users may rely on, as type checkers see it; only they run this file.

Each line that ignores an error must be one: mypy warns of ignores that are not needed, and so does
pyright here; `agreement.py` asks the same of ty and of pyrefly. The reason is the same for all:
that the mistake is caught is the promise.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=error

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Never, ParamSpec, TypeVar, assert_never, assert_type

import attrs
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
    Unset,
    accepting,
    as_result,
    call,
    catalogue,
    collect,
    convert,
    dumps,
    find,
    follow,
    in_pages_of,
    interpret,
    lenient,
    limited,
    loads,
    login,
    logout,
    models,
    pages,
    paginate,
    prefetching,
    prepare,
    raise_on_failure,
    raw,
    request,
    sending,
    structure,
    unchecked,
    unfold,
    unstructure,
    unvalidated,
    wait_all,
    walk_storage,
    with_response,
)
from cvatfn.api import jobs, projects, requests, tasks
from cvatfn.auth import AccessToken, Basic, Session
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.codecs.problems import DecodeError, Problem
from cvatfn.endpoints import Body, Header, Query, WithResponse, get, post
from cvatfn.errors import (
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
from cvatfn.filters import F, Filter, Jobs, Order, Requests, Tasks, ordered, parsed
from cvatfn.models import TaskRead
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.schedule import constant
from cvatfn.storage import StorageFile
from cvatfn.testing.filtering import matches
from cvatfn.testing.sandbox import (
    Change,
    Comparison,
    Function,
    FunctionAttribute,
    FunctionLabel,
    KeepingError,
    Sandbox,
    SandboxServer,
    Thing,
    World,
    compare,
    dangling,
    example_world,
    first_login,
    load,
    save,
    serve,
    serving,
    step,
    to_loopback,
)
from cvatfn.transport import connect, in_memory

P = ParamSpec("P")
T = TypeVar("T")


def parameters_are_checked(transport: Transport) -> None:
    call(transport, tasks.retrieve, 42)
    call(transport, tasks.retrieve, id=42)
    call(transport, tasks.retrieve, id="x")  # type: ignore[arg-type]
    call(transport, tasks.retrieve)  # type: ignore[call-arg]
    call(transport, tasks.retrieve, idd=42)  # type: ignore[call-arg]
    call(transport, tasks.retrieve, 42, 43)  # type: ignore[call-arg]
    call(transport, tasks.list, page_size="all", status="completed", search="cat")
    call(transport, tasks.list, page_size="some")  # type: ignore[arg-type]
    call(transport, tasks.list, status="complete")  # type: ignore[arg-type]
    call(transport, tasks.list, status=models.JobStatus.COMPLETED)
    call(transport, tasks.list, "cat")  # type: ignore[call-arg]
    call(transport, tasks.partial_update_annotations, 1, action="create")
    call(transport, tasks.partial_update_annotations, 1)  # type: ignore[call-arg]
    prepare(tasks.retrieve, id="x")  # type: ignore[arg-type]


def dicts_are_checked(transport: Transport) -> None:
    call(transport, tasks.create, {"name": "x", "labels": [{"name": "cat", "attributes": []}]})
    call(transport, tasks.create, {"name": "x", "labels": [models.PatchedLabelRequest(name="c")]})
    call(transport, tasks.create, models.TaskWriteRequest(name="x", labels=[{"name": "cat"}]))
    call(transport, tasks.create, {"nmae": "x"})  # type: ignore[arg-type]
    call(transport, tasks.create, {"name": 5})  # type: ignore[arg-type]
    call(transport, tasks.create, {"labels": []})  # type: ignore[arg-type]
    call(transport, tasks.create, {"name": "x", "labels": [{"nme": "c"}]})  # type: ignore[arg-type]
    call(transport, tasks.create, name="x")  # type: ignore[call-arg]
    spec: models.TaskWriteRequestDict = {"name": "x", "project_id": None, "subset": UNSET}
    call(transport, tasks.create, spec)
    wrong: models.TaskWriteRequestDict = {"name": "x", "projectid": 3}  # type: ignore[typeddict-unknown-key]
    del wrong


def constructors_are_checked() -> None:
    shape = models.LabeledShapeRequest(type="rectangle", frame=0, label_id=1, points=[1, 2, 3, 4])
    assert_type(shape.points, tuple[float, ...] | Unset)
    assert_type(shape.type, models.ShapeType)
    models.LabeledShapeRequest(type="rectangel", frame=0, label_id=1)  # type: ignore[arg-type]
    models.LabeledShapeRequest(frame=0, label_id=1)  # type: ignore[call-arg]
    models.LabeledShapeRequest(type="mask", frame=0, label_id=1, lable=2)  # type: ignore[call-arg]
    models.TaskWriteRequest("x")  # type: ignore[call-arg]
    models.LabeledShapeRequest(
        type="points",
        frame=0,
        label_id=1,
        attributes=[{"spec_id": 1, "valeu": "x"}],  # type: ignore[list-item]
    )
    assert_type(attrs.evolve(shape, label_id=1, frame=2), models.LabeledShapeRequest)
    attrs.evolve(shape, points=[1.0])  # but pyrefly: knows converters in constructors only
    shape.frame = 3  # type: ignore[misc]


def answers_are_exact(transport: Transport) -> None:
    assert_type(call(transport, tasks.retrieve, 1), Outcome[models.TaskRead, CallError])
    match call(transport, tasks.list, search="x"):
        case Success(page):
            assert_type(page, models.Page[models.TaskRead])
            assert_type(page.results[0].owner, models.BasicUser | None)
        case Failure(error):
            assert_type(error, CallError)
    assert_type(call(transport, jobs.retrieve_data, 1, type="frame"), Outcome[bytes, CallError])
    assert_type(call(transport, tasks.destroy, 1), Outcome[None, CallError])


def ways_to_read_keep_their_types(transport: Transport) -> None:
    assert_type(call(transport, raw(tasks.list)), Outcome[Response, CallError])
    assert_type(call(transport, unchecked(tasks.retrieve), 1), Outcome[Response, CallError])
    pair = call(transport, with_response(tasks.retrieve), 1)
    assert_type(pair, Outcome[WithResponse[models.TaskRead], CallError])
    assert_type(call(transport, lenient(tasks.retrieve), 1), Outcome[models.TaskRead, CallError])
    assert_type(call(transport, unvalidated(tasks.destroy), 1), Outcome[None, CallError])
    assert_type(call(transport, accepting(tasks.retrieve, "x"), 1), Outcome[bytes, CallError])
    assert_type(
        call(transport, sending(tasks.create_data, "multipart/form-data"), 1, {}),
        Outcome[models.RqId | None, CallError],
    )
    call(transport, raw(tasks.retrieve), id="x")  # type: ignore[arg-type]
    call(transport, lenient(tasks.retrieve), idd=1)  # type: ignore[call-arg]
    assert_type(interpret(tasks.retrieve, Response(200)), Outcome[models.TaskRead, CallError])
    assert_type(prepare(tasks.retrieve, 1), Outcome[Request, InvalidParams])


def a_match_on_an_outcome_is_exhaustive(outcome: Outcome[int, str]) -> int:
    match outcome:
        case Success(value):
            return value
        case Failure(error):
            return len(error)


def what_a_match_binds_is_there_after_it(outcome: Outcome[int, str]) -> Outcome[str, str]:
    match outcome:
        case Success(value):
            pass
        case Failure() as failure:
            return failure
    assert_type(value, int)
    return Success(str(value))


def errors_can_be_handled_to_the_last_one(error: CallError) -> str:
    match error:
        case InvalidParams(endpoint, problems):
            return f"{endpoint} {problems[0].path}"
        case Rejected():
            return f"{error.status} {error.detail} {error.retry_after}"
        case UnexpectedStatus() | Undecodable():
            return error.endpoint
        case ConnectFailed() | TimedOut() | ConnectionLost() | TlsFailed() | TooLarge():
            return str(error.may_have_acted)
        case ForeignOrigin() | Unsendable():
            return error.endpoint
        case _:
            assert_never(error)


def a_forgotten_error_is_found(error: CallError) -> str:
    match error:
        case InvalidParams() | Rejected() | UnexpectedStatus():
            return error.endpoint
        case _:
            assert_never(error)  # type: ignore[arg-type]


def outcomes_are_results(transport: Transport) -> None:
    outcome = call(transport, tasks.retrieve, 1)
    result: Result[models.TaskRead, CallError] = outcome
    assert_type(as_result(outcome), Result[models.TaskRead, CallError])
    assert_type(as_result(outcome).map(lambda task: task.id), Result[int, CallError])
    assert_type(raise_on_failure(outcome), models.TaskRead)
    gathered = collect([outcome, outcome])
    assert_type(gathered, Outcome[tuple[models.TaskRead, ...], CallError])
    del result


def codecs_take_any_type(body: bytes) -> None:
    assert_type(loads(models.TaskRead, body), Outcome[models.TaskRead, DecodeError])
    assert_type(
        loads(models.Page[models.JobRead], body), Outcome[models.Page[models.JobRead], DecodeError]
    )
    assert_type(
        structure(tuple[models.TaskRead, ...], []),
        Outcome[tuple[models.TaskRead, ...], DecodeError],
    )
    assert_type(loads(int | None, body), Outcome[int | None, DecodeError])
    read = models.LabeledData(tags=(), shapes=(), tracks=(), version=0)
    converted = convert(read, models.LabeledDataRequest)
    assert_type(converted, Outcome[models.LabeledDataRequest, DecodeError])
    assert_type(unstructure(read), dict[str, object])
    assert_type(dumps(read), bytes)


@get("/api/cats/{id}")
def cat(id: int, *, since: Annotated[datetime | Unset, Query("from")] = UNSET) -> models.Label:
    raise NotImplementedError


@post("/api/cats")
def create_cat(
    label: Annotated[models.PatchedLabelRequestLike, Body()],
    *,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> tuple[models.Label, ...]:
    raise NotImplementedError


def endpoints_of_ones_own(transport: Transport) -> None:
    assert_type(call(transport, cat, 1), Outcome[models.Label, CallError])
    cats = call(transport, create_cat, {"name": "cat"}, x_organization="zoo")
    assert_type(cats, Outcome[tuple[models.Label, ...], CallError])
    call(transport, create_cat, {"nme": "cat"})  # type: ignore[arg-type]


def logged(
    ask: Callable[P, Outcome[T, CallError]], *args: P.args, **params: P.kwargs
) -> Outcome[T, CallError]:
    return ask(*args, **params)


def of_all(
    transport: Transport, endpoint: Endpoint[P, models.Page[T]], *args: P.args, **params: P.kwargs
) -> Iterator[T]:
    match call(transport, endpoint, *args, **params):
        case Success(page):
            yield from page.results
        case Failure(_):
            return


def generic_helpers_keep_everything(transport: Transport) -> None:
    assert_type(of_all(transport, tasks.list, search="x"), Iterator[models.TaskRead])
    assert_type(of_all(transport, projects.list), Iterator[models.ProjectRead])
    of_all(transport, tasks.retrieve, 1)  # type: ignore[arg-type]
    of_all(transport, tasks.list, serch="x")  # type: ignore[call-arg]


def listings_are_walked_with_everything_checked(transport: Transport) -> None:
    walk = paginate(transport, tasks.list, search="x")
    assert_type(walk, Iterator[Outcome[models.TaskRead, CallError]])
    assert_type(
        pages(transport, jobs.list, task_id=3),
        Iterator[Outcome[models.Page[models.JobRead], CallError]],
    )
    assert_type(collect(walk), Outcome[tuple[models.TaskRead, ...], CallError])
    endpoint = limited(in_pages_of(prefetching(lenient(tasks.list), 8), 500), 1000)
    assert_type(paginate(transport, endpoint), Iterator[Outcome[models.TaskRead, CallError]])
    paginate(transport, endpoint, serch="x")  # type: ignore[call-arg]
    paginate(transport, tasks.list, serch="x")  # type: ignore[call-arg]
    paginate(transport, tasks.list, page_size="some")  # type: ignore[arg-type]
    paginate(transport, tasks.retrieve, id=1)  # type: ignore[arg-type]
    pages(transport, tasks.retrieve, id=1)  # type: ignore[arg-type]
    paginate(transport, raw(tasks.list))  # type: ignore[arg-type]
    prefetching(tasks.retrieve, 8)  # type: ignore[arg-type]
    assert_type(walk_storage(transport, 1), Iterator[Outcome[StorageFile, CallError]])


def names_of(
    transport: Transport,
    endpoint: Endpoint[P, models.Page[T]],
    name: Callable[[T], str],
    *args: P.args,
    **params: P.kwargs,
) -> Iterator[Outcome[str, CallError]]:
    for outcome in paginate(transport, prefetching(endpoint, 4), *args, **params):
        match outcome:
            case Success(item):
                yield Success(name(item))
            case Failure() as failure:
                yield failure


def helpers_over_listings_keep_everything(transport: Transport) -> None:
    names = names_of(transport, tasks.list, lambda task: task.name, search="x")
    assert_type(names, Iterator[Outcome[str, CallError]])
    names_of(transport, tasks.list, lambda task: task.nmae)  # type: ignore[attr-defined]
    names_of(transport, tasks.list, lambda task: task.name, serch="x")  # type: ignore[call-arg]
    names_of(transport, tasks.retrieve, str, 1)  # type: ignore[arg-type]


def unfolding_keeps_items_and_errors(
    step: Callable[[int], Outcome[tuple[list[str], int | None], bytes]],
) -> None:
    assert_type(unfold(step, 0), Iterator[Outcome[str, bytes]])
    unfold(step, "0")  # type: ignore[arg-type]


def the_catalogue_is_typed() -> None:
    assert_type(catalogue(), Iterator[Endpoint[..., object]])
    assert_type(find("tasks.retrieve"), Endpoint[..., object] | None)


def transports_are_functions(transport: Transport) -> None:
    fake: Transport = lambda asked: Success(Response(200, body=asked.method.encode()))  # noqa: E731
    assert_type(call(fake, requests.retrieve, "r"), Outcome[models.Request, CallError])
    with connect("https://cvat.example", auth=AccessToken("t"), timeout=5) as connection:
        call(connection, tasks.retrieve, 1)
    connect("https://cvat.example", auth="token")  # type: ignore[arg-type]
    call(in_memory(lambda _: Response(200)), tasks.retrieve, 1)
    assert_type(login(transport, username="a", password="b"), Outcome[Session, CallError])
    logout(transport)
    assert_type(request(transport, Request("GET", "/")), Outcome[Response, CallError])
    assert_type(follow(transport, "https://x/y"), Outcome[Response, CallError])
    Basic("user")  # type: ignore[call-arg]


def absent_is_not_null(task: models.PatchedTaskWriteRequest) -> None:
    assert_type(task.project_id, int | None | Unset)
    if task.project_id is not UNSET and task.project_id is not None:
        assert_type(task.project_id, int)
    kind: Literal["rectangle"] = models.ShapeType.RECTANGLE  # type: ignore[assignment]
    del kind


def misspelled_names_are_found() -> None:
    from cvatfn import clal  # type: ignore[attr-defined]
    from cvatfn.models import TaskRaed  # type: ignore[attr-defined]
    from cvatfn.transport import conect  # type: ignore[attr-defined]

    del clal, TaskRaed, conect


def wrappers_go_from_transport_to_transport(transport: Transport, path: Path) -> None:
    from cvatfn.schedule import constant
    from cvatfn.transport import (
        Budget,
        logged,
        rate_limited,
        recorded,
        replayed,
        retrying,
        with_timeout,
    )

    shared = Budget(10)
    assert_type(retrying(transport, constant(1), budget=shared), Transport)
    assert_type(logged(transport), Transport)
    assert_type(rate_limited(transport, 100, per=60), Transport)
    assert_type(recorded(transport, path), Transport)
    answers: Transport = replayed(path)
    nested = logged(retrying(rate_limited(with_timeout(answers, 5), 10), constant(1)))
    assert_type(call(nested, tasks.retrieve, 1), Outcome[models.TaskRead, CallError])
    assert_type(replayed(path).unused, tuple[str, ...])
    logged(transport, "cvatfn")  # type: ignore[arg-type]
    rate_limited(transport, per=60)  # type: ignore[call-arg]
    retrying(transport, constant(1), budget=10)  # type: ignore[arg-type]
    recorded(path)  # type: ignore[call-arg, arg-type]
    replayed(transport)  # type: ignore[arg-type]


def releases_are_typed(transport: Transport) -> None:
    from cvatfn import Version, server_version, supports
    from cvatfn.errors import Outdated

    assert_type(server_version(transport), Outcome[Version, CallError])
    assert_type(Version.read("2.80.0"), Version | None)
    assert_type(supports(tasks.list, "2.40"), bool)
    assert_type(supports(tasks.list.parameters[0], Version("2.40")), bool)
    assert_type(Version("2.40") < Version("2.41"), bool)
    _ = Version("2.40") < "2.41"  # type: ignore[operator]
    supports(tasks.list, 2.40)  # type: ignore[arg-type]
    supports("tasks.list", "2.40")  # type: ignore[arg-type]
    match call(transport, tasks.retrieve, 1):
        case Failure(Rejected() as error):
            assert_type(error.outdated, Outdated | None)
        case _:
            pass


def strategies_are_typed() -> None:
    from hypothesis.strategies import SearchStrategy

    from cvatfn.testing import strategies

    assert_type(strategies.models(models.TaskRead), SearchStrategy[models.TaskRead])
    assert_type(strategies.values(int | None), SearchStrategy[int | None])
    pages = strategies.values(models.Page[models.TaskRead])
    assert_type(pages, SearchStrategy[models.Page[models.TaskRead]])
    twins = strategies.values(models.TaskWriteRequestDict)
    assert_type(twins, SearchStrategy[models.TaskWriteRequestDict])
    assert_type(strategies.dicts(models.TaskWriteRequest), SearchStrategy[dict[str, object]])
    assert_type(strategies.params(tasks.list), SearchStrategy[dict[str, object]])
    assert_type(strategies.answers(tasks.list), SearchStrategy[Response])
    strategies.models("TaskRead")  # type: ignore[arg-type]
    strategies.answers("tasks.list")  # type: ignore[arg-type]


def filters_are_checked(transport: Transport) -> None:
    completed = Tasks.status == "completed"
    assert_type(completed, Filter[Tasks])
    assert_type(Tasks.status == models.JobStatus.COMPLETED, Filter[Tasks])
    assert_type(completed & Tasks.id.between(1, 9) | ~Tasks.name.contains("x"), Filter[Tasks])
    assert_type(Tasks.status.one_of(["completed", models.JobStatus.VALIDATION]), Filter[Tasks])
    assert_type(Tasks.created_date < datetime.now(UTC), Filter[Tasks])
    assert_type(Tasks.project_id == None, Filter[Tasks])  # noqa: E711
    call(transport, tasks.list, filter=completed & Tasks.assignee.present)
    call(transport, tasks.list, filter="{}")
    call(transport, tasks.list, filter=Tasks.status == "complete")  # type: ignore[arg-type]
    call(transport, tasks.list, filter=Tasks.id == "x")  # type: ignore[arg-type]
    call(transport, tasks.list, filter=Tasks.id != "x")  # type: ignore[arg-type]
    call(transport, tasks.list, filter=Tasks.id == None)  # type: ignore[arg-type]  # noqa: E711
    call(transport, tasks.list, filter=Jobs.id == 1)  # type: ignore[arg-type]
    call(transport, tasks.list, filter=(Jobs.id == 1) | completed)  # type: ignore[arg-type]
    call(transport, tasks.list, filter=-Tasks.id)  # type: ignore[arg-type]
    _ = Tasks.stauts  # type: ignore[attr-defined]
    _ = Tasks.id < "x"  # type: ignore[operator]
    _ = Tasks.project_id < None  # type: ignore[operator]
    _ = completed & (Tasks.id == "x")  # type: ignore[operator]
    _ = Tasks.id == 1 & Tasks.name  # type: ignore[operator]
    _ = completed & "x"  # type: ignore[operator]
    Tasks.id.between(1, None)  # type: ignore[arg-type]
    Tasks.status.one_of(["complete"])  # type: ignore[list-item]
    Tasks.status.contains("x")  # type: ignore[attr-defined]
    Tasks.name.contains(1)  # type: ignore[arg-type]
    Tasks.id = Tasks.id  # type: ignore[misc]
    Requests.format.contains("COCO")  # type: ignore[attr-defined]
    call(transport, requests.list, filter=Requests.created_date == 1)  # type: ignore[arg-type,comparison-overlap]


def orders_are_checked(transport: Transport) -> None:
    assert_type(ordered(Tasks.status, -Tasks.updated_date), Order[Tasks])
    call(transport, tasks.list, sort=ordered(Tasks.status, -Tasks.updated_date))
    call(transport, tasks.list, sort=-Tasks.updated_date)
    call(transport, tasks.list, sort="-id")
    call(transport, tasks.list, sort=-Jobs.id)  # type: ignore[arg-type]
    call(transport, tasks.list, sort=Tasks.status == "completed")  # type: ignore[arg-type]
    call(transport, requests.list, sort=ordered(Requests.status, -Requests.created_date))
    call(transport, requests.list, sort=-Requests.format)  # type: ignore[arg-type]
    ordered("id")  # type: ignore[arg-type]


@get("/api/dogs")
def dogs(
    *,
    filter: str | Filter[Never] | Unset = UNSET,
    other: Filter[object] | Unset = UNSET,
    sort: str | Order[Never] | Unset = UNSET,
) -> models.Label:
    raise NotImplementedError


def fields_of_any_name_go_everywhere(transport: Transport) -> None:
    assert_type(F.priority > 3, Filter[Never])
    assert_type((F.priority > 3) & (F.name == "x"), Filter[Never])
    assert_type((F.priority > 3) & (Tasks.id == 1), Filter[Tasks])
    assert_type((Tasks.id == 1) | (F["a b"] == 1.5), Filter[Tasks])
    assert_type(ordered(-F.priority, Tasks.id), Order[Tasks])
    call(transport, tasks.list, filter=F.priority > 3, sort=-F.priority)
    call(transport, jobs.list, filter=F.priority.one_of([1, "x", None]) & (Jobs.id == 1))
    call(transport, dogs, filter=F.paws == 4, other=Tasks.id == 1, sort=ordered(F.paws))
    call(transport, dogs, filter=Tasks.id == 1)  # type: ignore[arg-type]
    call(transport, tasks.list, filter=F.name == b"x")  # type: ignore[arg-type]
    found: Filter[Tasks] = F.priority > 3
    read: Outcome[Filter[Never], Problem] = parsed(found.text)
    selected: bool = matches(found, {"priority": 4})
    del read, selected


def each_of_many_waited_for_has_its_outcome(transport: Transport, begun: list[models.RqId]) -> None:
    outcomes = wait_all(transport, begun, schedule=constant(5, deadline=600))
    assert_type(
        outcomes,
        tuple[Outcome[models.Request, CallError | RequestFailed | PollTimedOut], ...],
    )
    assert_type(
        collect(outcomes),
        Outcome[tuple[models.Request, ...], CallError | RequestFailed | PollTimedOut],
    )
    wait_all(transport, ["a", models.RqId(rq_id="b")])
    wait_all(transport, [1])  # type: ignore[list-item]
    wait_all(transport, models.RqId(rq_id="b"))  # type: ignore[arg-type]
    wait_all(transport, begun, page_size=50)  # type: ignore[call-arg]
    for outcome in outcomes:
        match outcome:
            case Success(request):
                assert_type(request, models.Request)
            case Failure(error):
                match error:
                    case RequestFailed(request):
                        assert_type(request, models.Request)
                    case PollTimedOut():
                        assert_type(error.tries, int)
                    case _:
                        assert_type(error, CallError)


def what_a_server_would_break_over_is_no_filter(transport: Transport) -> None:
    _ = F.id < None  # type: ignore[operator]
    F.id.between(1, None)  # type: ignore[arg-type]
    _ = Requests.task_id < 3  # type: ignore[operator]
    call(transport, requests.list, filter=Requests.task_id == None)  # noqa: E711 - a field's
    call(transport, requests.list, filter=Requests.task_id.one_of([1, 2]))
    call(transport, tasks.list, filter=Tasks.name == Tasks.subset)  # type: ignore[operator]
    call(transport, tasks.list, filter=(Tasks.mode == "") | (Tasks.mode == "annotation"))
    call(transport, jobs.list, filter=Jobs.mode == "")  # type: ignore[arg-type]


def what_an_endpoint_takes_and_answers_is_drawn_by_its_type(transport: Transport) -> None:
    from hypothesis import strategies as st

    from cvatfn.testing.strategies import Call, answers, calls, filters, hostile_answers, orders
    from cvatfn.testing.strategies import params as drawn_params

    assert_type(calls(), st.SearchStrategy[Call[object]])
    assert_type(calls([tasks.retrieve]), st.SearchStrategy[Call[models.TaskRead]])
    assert_type(calls(id=st.integers(1, 9)), st.SearchStrategy[Call[object]])
    asked = Call(tasks.retrieve, {"id": 1})
    assert_type(asked.send(transport), Outcome[models.TaskRead, CallError])
    assert_type(asked.request, Outcome[Request, InvalidParams])
    assert_type(drawn_params(tasks.list, page=st.just(1)), st.SearchStrategy[dict[str, object]])
    assert_type(answers(tasks.list, 404), st.SearchStrategy[Response])
    assert_type(answers(tasks.list, range(400, 500)), st.SearchStrategy[Response])
    assert_type(hostile_answers(tasks.list), st.SearchStrategy[Response])
    assert_type(filters(Tasks), st.SearchStrategy[Filter[Tasks]])
    assert_type(orders(Tasks), st.SearchStrategy[Order[Tasks]])
    answers(tasks.list, "404")  # type: ignore[arg-type]
    calls(["tasks.list"])  # type: ignore[list-item]
    calls(id=1)  # type: ignore[arg-type]
    filters(Tasks.id)  # type: ignore[arg-type]


def any_transport_can_be_put_to_the_suite(transport: Transport) -> None:
    from contextlib import nullcontext

    from cvatfn.testing import conformance

    report = conformance.run(connect, cannot={"deadlines": "it keeps none"})
    assert_type(report, conformance.Report)
    assert_type(report.of("failed"), tuple[conformance.Result, ...])
    assert_type(conformance.CHECKS, tuple[conformance.Check, ...])
    each: conformance.Check = conformance.CHECKS[0]
    assert_type(each.run(lambda _: nullcontext(transport)), conformance.Result)
    assert_type(conformance.answered(Request("GET", "/")), Response)
    conformance.run(transport)  # type: ignore[arg-type]
    conformance.run(connect, cannot={"sockets": "none"})  # type: ignore[dict-item]
    report.of("broken")  # type: ignore[arg-type]


def a_sandbox_is_a_world_that_is_asked(
    sandbox: Sandbox, sandbox_server: SandboxServer, sandbox_world: World
) -> None:
    transport: Transport = sandbox
    assert_type(call(sandbox, tasks.retrieve, 1), Outcome[models.TaskRead, CallError])
    assert_type(step(sandbox_world, Request("GET", "/")), tuple[World, Response])
    assert_type(sandbox.branch(), Sandbox)
    assert_type(sandbox.history, tuple[World, ...])
    sandbox.world = sandbox_world
    sandbox.rewind(World.with_user("ada", "s3cret", is_superuser=False))
    assert_type(sandbox_server.sandbox, Sandbox)
    Basic(sandbox_server.username, sandbox_server.password)
    AccessToken(sandbox_server.token)
    connect(sandbox_server.url, auth=first_login(sandbox_world))
    with serving(example_world(), port=0, username="ann") as server, serve(transport) as url:
        assert_type(server, SandboxServer)
        assert_type(url, str)
    Sandbox(sandbox_world, sender=to_loopback, history=3)
    Sandbox(sandbox)  # type: ignore[arg-type]
    Sandbox(sandbox_world, to_loopback)  # type: ignore[call-arg,arg-type]
    Sandbox(sandbox_world, auth="admin")  # type: ignore[arg-type]
    sandbox.rewind(sandbox)  # type: ignore[arg-type]
    sandbox.history = ()  # type: ignore[misc]
    sandbox_world.tasks = {}  # type: ignore[misc]
    serving(sandbox)  # type: ignore[arg-type]
    World.with_user("ada")  # type: ignore[call-arg]


def worlds_are_kept_and_compared(before: World, after: World, path: Path) -> None:
    found = compare(before, after)
    assert_type(found, Comparison)
    assert_type(found.added, tuple[Thing, ...])
    assert_type(found.changed, tuple[Change, ...])
    assert_type(found.of("tasks", "jobs"), Comparison)
    assert_type(found.changed[0].field, str)
    assert_type(save(before, path), Outcome[int, KeepingError])
    assert_type(load(path), Outcome[World, KeepingError])
    assert_type(load("world.zip", functions={}), Outcome[World, KeepingError])
    assert_type(list(dangling(before)), list[Problem])
    match load(path):
        case Success(world):
            assert_type(world, World)
        case Failure(error):
            assert_type(error.problems, tuple[Problem, ...])
    compare(before, Sandbox(after))  # type: ignore[arg-type]
    save(path, before)  # type: ignore[arg-type]
    _ = load(path).tasks  # type: ignore[union-attr]
    found.of(1)  # type: ignore[arg-type]


def functions_of_a_world_are_python(world: World) -> None:
    def spotted(image: bytes, parameters: JSONObject) -> JSON:
        return [{"label": "spot", "type": "points", "points": [len(image), len(parameters)]}]

    label = FunctionLabel(name="spot", attributes=(FunctionAttribute(name="size"),))
    spots = Function(id="spots", kind="detector", labels=(label,), call=spotted)
    assert_type(world.serving(spots), World)
    Function(id="spots", kind="finder", call=spotted)  # type: ignore[arg-type]
    Function(id="spots", kind="detector", call=len)  # type: ignore[arg-type]
    Function("spots", "detector")  # type: ignore[call-arg]
    world.serving(spotted)  # type: ignore[arg-type]


def what_is_drawn_is_known_in_the_test_that_is_given_it() -> None:
    from hypothesis import given

    from cvatfn.testing.strategies import Call, answers, calls, models

    @given(calls([tasks.retrieve]))
    def test_whole(call: Call[TaskRead]) -> None:
        assert_type(call.endpoint, Endpoint[..., TaskRead])

    @given(models(TaskRead), answers(tasks.retrieve, 200))
    def test_parts(task: TaskRead, answer: Response) -> None: ...

    Call("tasks.retrieve", {})  # type: ignore[arg-type]
    calls([tasks.retrieve], only=tasks.list)  # type: ignore[arg-type]
    models(TaskRead, id=3)  # type: ignore[call-arg]
