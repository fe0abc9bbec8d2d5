"""Parameters fit their endpoint, and a call is an endpoint with them."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from cvatfn import UNSET, Endpoint, Success, Unset, call, catalogue, in_memory, models, prepare
from cvatfn.api import jobs, projects, tasks
from cvatfn.endpoints import get
from cvatfn.filters import Filter, Order, Tasks
from cvatfn.messages import Request, Response
from cvatfn.testing.strategies import Call, answers, calls, hostile_answers, params
from tests.strategies.health import anything, assert_healthy, drawn

ENDPOINTS = list(catalogue())


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_fitting_parameters_are_sent(endpoint: Endpoint[..., object]) -> None:
    def holds(given: dict[str, object]) -> bool:
        asked = prepare(endpoint, **given).unwrap()
        whole = "{" not in asked.path and asked.path.count("/") == endpoint.path.count("/")
        return whole and asked.method == endpoint.method and asked.target.isascii()

    assert_healthy(params(endpoint), holds)


@given(calls())
def test_a_call_sends_what_its_parameters_say(asked: Call[object]) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(403)

    transport = in_memory(answer)
    assert asked.send(transport) == call(transport, asked.endpoint, **asked.params)
    first, second = seen
    assert first == second == asked.request.unwrap()


@given(calls())
def test_a_call_is_a_value(asked: Call[object]) -> None:
    again = pickle.loads(pickle.dumps(asked))  # noqa: S301 - made in the same line
    assert (again, hash(again)) == (asked, hash(asked))


@given(calls())
def test_a_call_is_shown_on_one_line_as_what_would_send_it(asked: Call[object]) -> None:
    shown = repr(asked)
    assert shown.isprintable()
    name = asked.endpoint.declaration.function.__name__
    assert shown.partition("(")[0].endswith(f".{name}")
    assert all(f"{given}=" in shown for given in asked.params)


@given(calls([tasks.retrieve, jobs.list], id=st.integers(1, 3), search=st.just("cat")))
def test_parameters_may_be_drawn_in_ones_own_way(asked: Call[object]) -> None:
    if asked.endpoint == tasks.retrieve:
        assert asked.params["id"] in (1, 2, 3)
    else:
        assert asked.params["search"] == "cat"
        assert "id" not in asked.params


def test_a_parameter_that_an_endpoint_does_not_take_is_a_mistake() -> None:
    with pytest.raises(TypeError, match=r"tasks\.list takes no nmae"):
        find(params(tasks.list, nmae=st.just("x")), anything)


@settings(max_examples=200)
@given(st.data())
def test_every_endpoint_is_drawn(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["tasks.list", "webhooks.destroy", "server.retrieve_about"]))
    few = [endpoint for endpoint in ENDPOINTS if endpoint.name == name]
    assert data.draw(calls(few)).endpoint.name == name
    assert data.draw(calls(iter(few))).endpoint.name == name


def test_calls_shrink_to_the_least_that_an_endpoint_takes() -> None:
    assert repr(find(calls([tasks.list]), anything)) == "tasks.list()"
    assert repr(find(calls([tasks.retrieve]), anything)) == "tasks.retrieve(id=0)"
    created = find(calls([projects.create]), anything)
    body = models.ProjectWriteRequest(name="0")
    assert created == Call(projects.create, {"project_write_request": body})
    assert repr(created) == "projects.create(project_write_request=ProjectWriteRequest(name='0'))"


@get("/api/dogs")
def dogs(
    *, filter: Filter[Tasks], sort: Order[Tasks], page: int | Unset = UNSET
) -> models.Label: ...


def test_an_endpoint_that_needs_a_filter_gets_one() -> None:
    least: dict[str, Any] = find(params(dogs), anything)
    assert least["sort"] == Order[Tasks](("id",)) or len(least["sort"].names) == 1
    assert isinstance(least["filter"], Filter)
    assert isinstance(prepare(dogs, **least), Success)
    assert repr(params(dogs)) == "params(dogs)"


def test_listings_are_asked_with_filters_and_with_texts() -> None:
    for kind in (str, Filter):
        wanted = st.just(kind)
        asked = drawn(
            st.tuples(wanted, params(tasks.list)),
            lambda pair: isinstance(pair[1].get("filter"), pair[0]),
        )
        assert Call(tasks.list, asked[1]).request.unwrap().target.startswith("/api/tasks?")


if TYPE_CHECKING:
    NotThere: TypeAlias = int  # for checkers: when it runs, there is no such name


@get("/api/cats")
def cats(*, of: NotThere) -> models.Label: ...


def test_no_annotation_is_read_before_the_first_draw() -> None:
    made: list[st.SearchStrategy[Any]] = [
        params(cats),
        calls([cats]),
        answers(cats),
        hostile_answers(cats),
    ]
    for strategy in made:
        assert "cats" in repr(strategy)
        with pytest.raises(NameError, match="NotThere"):
            drawn(strategy, anything)
