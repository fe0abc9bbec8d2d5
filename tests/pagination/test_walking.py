"""Every item once and in order, however the pages are cut, fetched and counted."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import (
    UNSET,
    Endpoint,
    Request,
    Response,
    Transport,
    Unset,
    call,
    collect,
    in_memory,
    in_pages_of,
    lenient,
    limited,
    pages,
    paginate,
    prefetching,
    prepare,
    raw,
    unvalidated,
)
from cvatfn.api import auth, tasks
from cvatfn.auth import Basic
from cvatfn.endpoints import get
from cvatfn.errors import (
    CallError,
    ConnectionLost,
    ForeignOrigin,
    InvalidParams,
    Rejected,
    TransportError,
    Undecodable,
)
from cvatfn.models import Page
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from cvatfn.walking import Asked, begun, turned
from tests.pagination.listings import HOME, Listing, letters, numbered, numbers, said

SIZES = st.integers(1, 7)
AHEAD = st.integers(0, 4)


def _values(outcomes: list[Outcome[int, CallError]]) -> list[int]:
    return [outcome.unwrap() for outcome in outcomes]


def _problem(error: CallError) -> str:
    assert isinstance(error, Undecodable)
    (problem,) = error.problems
    return str(problem)


@given(st.integers(0, 40), SIZES, SIZES, AHEAD)
def test_all_items_come_once_and_in_order(items: int, size: int, most: int, ahead: int) -> None:
    server = Listing(list(range(items)), most=most)
    walk = paginate(server.send, prefetching(numbers, ahead), page_size=size)
    assert _values(list(walk)) == server.items
    needed = max(1, -(-items // min(size, most)))
    assert sorted(server.pages_asked) == list(range(1, needed + 1))


@given(st.integers(0, 40), SIZES, AHEAD)
def test_pages_and_items_are_the_same_walk(items: int, size: int, ahead: int) -> None:
    server = Listing(list(range(items)))
    endpoint = in_pages_of(prefetching(numbers, ahead), size)
    walked = [page.unwrap() for page in pages(server.send, endpoint)]
    assert [item for page in walked for item in page.results] == server.items
    assert {page.count for page in walked} == {items}
    assert all(len(page.results) == size for page in walked[:-1])


@given(st.integers(0, 40), SIZES, AHEAD, st.integers(1, 45))
def test_no_more_items_come_than_are_wanted_and_no_page_is_asked_for_them(
    items: int, size: int, ahead: int, wanted: int
) -> None:
    server = Listing(list(range(items)))
    endpoint = limited(prefetching(numbers, ahead), wanted)
    assert _values(list(paginate(server.send, endpoint, page_size=size))) == server.items[:wanted]
    needed = max(1, -(-min(items, wanted) // size))
    assert sorted(server.pages_asked) == list(range(1, needed + 1))
    cut = [page.unwrap().results for page in pages(server.send, endpoint, page_size=size)]
    assert [item for page in cut for item in page] == server.items[:wanted]


@given(
    st.integers(0, 30),
    SIZES,
    AHEAD,
    st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=40),
)
def test_a_listing_that_changes_meanwhile_neither_loops_nor_breaks(
    items: int, size: int, ahead: int, changes: list[tuple[bool, int]]
) -> None:
    server = Listing(list(range(items)))
    fresh, plan = count(items), iter(changes)

    def change(_: Request) -> None:
        created, at = next(plan, (True, -1))
        if created and at >= 0:
            server.items = [*server.items, next(fresh)]
        elif server.items and not created:
            server.items = [item for index, item in enumerate(server.items) if index != at]

    server.before = change
    outcomes = list(paginate(server.send, prefetching(numbers, ahead), page_size=size))
    assert all(isinstance(outcome, Success) for outcome in outcomes)
    assert len(server.asked) <= len(changes) + items + ahead + 2
    if all(created for created, _ in changes):  # in the order of their making, none is passed over
        found = _values(outcomes)
        assert found[:items] == list(range(items))
        assert found == sorted(set(found))


def test_nothing_is_sent_before_the_first_item_is_asked_for_and_then_one_page() -> None:
    server = Listing(list(range(30)))
    walk = paginate(server.send, prefetching(numbers, 8), page_size=10)
    assert server.asked == []
    assert next(walk) == Success(0)
    assert server.pages_asked == [1]


def test_without_prefetching_the_next_page_is_asked_for_when_it_is_needed() -> None:
    server = Listing(list(range(30)))
    walk = paginate(server.send, numbers, page_size=10)
    assert len(list(islice(walk, 10))) == 10
    assert server.pages_asked == [1]
    next(walk)
    assert server.pages_asked == [1, 2]


def test_pages_have_a_hundred_items_unless_somebody_said_otherwise() -> None:
    server = Listing(list(range(150)))
    twenty, five = in_pages_of(numbers, 20), limited(numbers, 5)
    for walk, size in (
        (paginate(server.send, numbers), "100"),
        (paginate(server.send, twenty), "20"),
        (paginate(server.send, twenty, page_size=30), "30"),
        (paginate(server.send, five), "5"),
        (paginate(server.send, limited(numbers, 500)), "100"),
        (paginate(server.send, limited(twenty, 5)), "20"),
        (paginate(server.send, numbers, page=2), None),
        (paginate(server.send, twenty, page=2), "20"),
    ):
        next(walk)
        assert dict(server.asked[-1].query).get("page_size") == size


def test_a_walk_may_begin_at_any_page() -> None:
    server = Listing(list(range(30)))
    assert _values(list(paginate(server.send, prefetching(numbers, 2), page=3))) == [*range(20, 30)]
    assert server.pages_asked == [3]


@get("/api/boxes/{id}/numbers")
def in_box(id: int, *, page: int | Unset = UNSET) -> Page[int]:
    """A listing of a part."""
    raise NotImplementedError


def test_a_listing_may_be_one_of_a_part() -> None:
    listing = Listing(list(range(25)))
    assert _values(list(paginate(listing.send, in_box, 7))) == listing.items
    assert {request.path for request in listing.asked} == {"/api/boxes/7/numbers"}
    walked = [outcome.unwrap().results for outcome in pages(listing.send, in_box, 7)]
    assert walked == [tuple(range(10)), tuple(range(10, 20)), tuple(range(20, 25))]


def test_the_other_parameters_go_with_each_page() -> None:
    server = Listing(list(range(30)))
    list(paginate(server.send, prefetching(numbers, 2), search="cat & dog", page_size=10))
    assert {dict(request.query)["search"] for request in server.asked} == {"cat & dog"}
    assert len({request.headers for request in server.asked}) == 1


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_a_failure_is_the_last_outcome(ahead: int) -> None:
    server = Listing(list(range(100)))
    lost = Failure(ConnectionLost(Request("GET", "/api/numbers"), "cut"))

    def send(request: Request) -> Outcome[Response, ConnectionLost]:
        reply = server.send(request)
        return lost if ("page", "4") in request.query else Success(reply.unwrap())

    outcomes = list(paginate(send, prefetching(numbers, ahead), page_size=10))
    assert _values(outcomes[:-1]) == list(range(30))
    error = outcomes[-1].failure()
    assert isinstance(error, ConnectionLost)
    assert error.endpoint == "listings.numbers"
    assert collect(paginate(send, numbers, page_size=10)) == outcomes[-1]


def test_wrong_parameters_are_the_only_outcome_and_nothing_is_sent() -> None:
    server = Listing([1])
    (outcome,) = paginate(server.send, numbers, page_size="many")  # type: ignore[arg-type] # what it is about
    assert isinstance(outcome.failure(), InvalidParams)
    assert server.asked == []


def test_a_first_page_that_is_not_there_is_a_failure_and_a_later_one_the_end() -> None:
    (outcome,) = paginate(Listing(list(range(5))).send, numbers, page=7)
    assert isinstance(outcome.failure(), Rejected)
    server = Listing(list(range(30)))
    walk = paginate(server.send, numbers, page_size=10)
    taken = list(islice(walk, 10))
    server.items = server.items[:10]
    assert _values([*taken, *walk]) == list(range(10))
    assert server.pages_asked == [1, 2]


@pytest.mark.parametrize("next_", ["https://evil.example/api/numbers?page=2", "javascript:x", "\0"])
def test_where_pages_have_numbers_nobody_goes_where_next_leads(next_: str) -> None:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        following = next_ if len(asked) < 3 else None
        return said([len(asked)], following, count=3)

    assert _values(list(paginate(in_memory(handler, origin=HOME), numbers))) == [1, 2, 3]
    assert [(request.path, dict(request.query).get("page", "1")) for request in asked] == [
        ("/api/numbers", number) for number in ("1", "2", "3")
    ]


def test_the_same_page_twice_is_an_error() -> None:
    always = said([1, 2], f"{HOME}/api/numbers?page=2", count=9)
    outcomes = list(islice(paginate(lambda _: Success(always), numbers), 50))
    assert _values(outcomes[:-1]) == [1, 2]
    assert _problem(outcomes[-1].failure()).startswith("$: is the page before once more")


def test_a_page_that_brings_nothing_is_the_last_one() -> None:
    empty = said([], f"{HOME}/api/numbers?page=2", count=10**30)
    asked: list[Request] = []

    def send(request: Request) -> Success[Response]:
        asked.append(request)
        return Success(empty)

    assert list(paginate(send, prefetching(numbers, 3))) == []
    assert len(asked) == 1


def test_a_count_that_is_too_high_makes_no_difference() -> None:
    for told in (3, 7, 10**30):
        sent = [
            said([1], "more", count=told),
            said([2], "more", count=told),
            said([3], None, count=told),
        ]

        def send(request: Request, sent: list[Response] = sent) -> Success[Response]:
            number = int(dict(request.query).get("page", 1))
            return Success(sent[number - 1] if number < 4 else Response(404))

        assert _values(list(paginate(send, prefetching(numbers, 2)))) == [1, 2, 3]


@given(st.integers(1, 5), st.integers(0, 40), AHEAD)
def test_a_server_that_passes_over_the_number_of_a_page_is_left_when_its_count_is_over(
    size: int, items: int, ahead: int
) -> None:
    """It answers with its first page, and not in the same bytes, as often as it is asked."""
    turn, total = count(), size + 1 + items

    def send(_: Request) -> Success[Response]:
        return Success(said([next(turn)] * size, "more", count=total))

    *before, last = islice(paginate(send, prefetching(numbers, ahead)), 1000)
    assert len(before) == size * -(-total // size)
    error = last.failure()
    assert _problem(error).startswith(f"$.count: is {total}, and yet there are items behind")
    assert "ask for single pages with `call`" in str(error)
    assert "lenient" not in str(error)


def test_a_last_page_behind_its_own_count_is_the_last_one() -> None:
    sent = [said([1], "more", count=2), said([2], None, count=0)]
    assert _values(list(paginate(lambda _: Success(sent.pop(0)), numbers))) == [1, 2]


@pytest.mark.parametrize(
    "gone",
    [
        Response(404),
        Response(404, {"Content-Type": "text/html"}, b"<h1>Not Found</h1>"),
        Response(404, {"Content-Type": "application/json"}, b'{"detail":"Not found."}'),
    ],
    ids=["empty", "a gateway's", "of what is listed"],
)
def test_a_404_that_is_not_about_the_page_is_a_failure_and_no_end(gone: Response) -> None:
    server = Listing(list(range(30)))

    def send(request: Request) -> Outcome[Response, TransportError]:
        return Success(gone) if ("page", "2") in request.query else server.send(request)

    outcomes = list(paginate(send, numbers, page_size=10))
    assert _values(outcomes[:-1]) == list(range(10))
    assert isinstance(outcomes[-1].failure(), Rejected)


def _lettered(*following: str | None) -> tuple[Transport, list[Request]]:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        return said([f"{len(asked)}"], following[len(asked) - 1])

    return in_memory(handler, origin=HOME), asked


def test_pages_without_numbers_are_asked_for_where_next_leads() -> None:
    to = f"{HOME}/api/letters?cursor=b%26c&x=1"
    transport, asked = _lettered(to, "/api/more?cursor=d", None)
    walk = paginate(transport, prefetching(letters, 3), cursor="a")
    assert [outcome.unwrap() for outcome in walk] == ["1", "2", "3"]
    assert [request.query for request in asked] == [
        (("cursor", "a"),),
        (("cursor", "b&c"), ("x", "1")),
        (("cursor", "d"),),
    ]
    assert [request.path for request in asked] == ["/api/letters", "/api/letters", "/api/more"]
    assert len({request.headers for request in asked}) == 1


def test_next_is_not_followed_to_another_origin() -> None:
    transport, asked = _lettered("https://evil.example/api/letters?cursor=b")
    first, second = paginate(transport, letters)
    assert first == Success("1")
    assert isinstance(second.failure(), ForeignOrigin)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("following", "told"),
    [
        ("javascript:alert(1)", "$.next: is no http or https URL"),
        ("https://me:s3cret@cvat.example/", "$.next: is no http or https URL"),
        (f"{HOME}/api/letters", "$.next: leads back to a page before: the walk would never end"),
    ],
)
def test_a_next_that_leads_nowhere_is_an_error(following: str, told: str) -> None:
    transport, _ = _lettered(following)
    first, second = paginate(transport, letters)
    assert first == Success("1")
    assert _problem(second.failure()) == told


@given(st.integers(0, 20), st.integers(1, 20))
def test_a_next_that_leads_in_a_circle_is_an_error(before: int, around: int) -> None:
    def send(request: Request) -> Success[Response]:
        at = int(dict(request.query).get("cursor", 0))
        to = at + 1 if at + 1 < before + around else before
        return Success(said([f"{at}"], f"/api/letters?cursor={to}"))

    outcomes = list(islice(paginate(send, letters, cursor="0"), 200))
    assert _problem(outcomes[-1].failure()).startswith("$.next: leads back")
    assert len(outcomes) <= 4 * (before + around) + 1
    assert len({outcome.unwrap() for outcome in outcomes[:-1]}) == before + around


def test_empty_pages_that_lead_on_and_on_are_an_error_at_last() -> None:
    turn = count()

    def send(_: Request) -> Success[Response]:
        return Success(said([], f"{HOME}/api/letters?cursor={next(turn)}"))

    (outcome,) = paginate(send, letters)
    assert _problem(outcome.failure()) == "$.results: is empty, as on 1000 pages in a row before"
    assert next(turn) == 1001


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"nothing", b'{"results": {"a": 1}, "next": 5}', b'{"results": null}']
)
def test_a_lenient_reading_of_what_is_no_page_is_an_error(body: bytes) -> None:
    (outcome,) = paginate(lambda _: Success(Response(200, body=body)), lenient(numbers))
    assert _problem(outcome.failure()) == "$.results: is no list"


def test_a_lenient_reading_follows_no_next_that_is_no_text() -> None:
    body = b'{"count": 2, "next": 5, "previous": null, "results": ["a"]}'
    first, second = paginate(lambda _: Success(Response(200, body=body)), lenient(letters))
    assert first == Success("a")
    assert _problem(second.failure()) == "$.next: is no http or https URL"


@given(st.integers(0, 40), st.integers(1, 9), st.integers(0, 9), st.integers(1, 40) | st.none())
def test_the_pages_to_come_are_known_from_the_first(
    items: int, size: int, skipped: int, most: int | None
) -> None:
    endpoint = numbers if most is None else limited(numbers, most)
    first = begun(endpoint, prepare(numbers, page_size=size).unwrap())
    shown = list(range(min(size, items)))
    reply = Success(said(shown, "more" if items > size else None, count=items))
    following = turned(endpoint, first, reply).unwrap().following
    wanted = items if most is None else min(items, most)
    if wanted <= size:
        assert following is None
        return
    assert isinstance(following, Asked)
    pages = [dict(asked.query)["page"] for asked in (following.request, *following.coming())]
    assert pages == [f"{number}" for number in range(2, -(-wanted // size) + 1)]
    assert [dict(asked.query)["page"] for asked in following.coming(skipped)] == pages[
        1 + skipped :
    ]


def test_a_lenient_reading_walks_on_whatever_the_items_are() -> None:
    sent = [said(["x", 1], "more", count="many"), said([None], None)]
    walk = paginate(lambda _: Success(sent.pop(0)), prefetching(lenient(numbers), 2))
    assert [outcome.unwrap() for outcome in walk] == ["x", 1, None]


def test_a_page_that_is_no_number_can_be_asked_for_and_ends_there() -> None:
    server = Listing([1])
    walk = paginate(
        lambda _: Success(numbered(server.items, 1, 10)),
        unvalidated(numbers),
        page="x",  # type: ignore[arg-type] # what it is about
    )
    assert _values(list(walk)) == [1]


def test_how_a_listing_is_walked_is_part_of_the_endpoint() -> None:
    endpoint = limited(in_pages_of(prefetching(tasks.list, 8), 50), 70)
    assert repr(endpoint).endswith("PaginatedTaskReadList ahead=8 page_size=50 most=70>")
    again: object = pickle.loads(pickle.dumps(endpoint))  # noqa: S301 - our own pickle
    assert again == endpoint != tasks.list
    assert lenient(endpoint).walking == endpoint.walking
    assert unvalidated(endpoint).walking == endpoint.walking
    assert raw(endpoint) == raw(tasks.list)
    assert len({endpoint, tasks.list}) == 2


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: prefetching(numbers, -1), "pages must be at least 0, not -1"),
        (lambda: in_pages_of(numbers, 0), "items must be at least 1, not 0"),
        (lambda: limited(numbers, 0), "items must be at least 1, not 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(make: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()


def test_a_call_is_none_of_its_business() -> None:
    server = Listing(list(range(30)))
    endpoint: Endpoint[..., Page[int]] = limited(in_pages_of(prefetching(numbers, 8), 5), 3)
    assert call(server.send, endpoint).unwrap().results == tuple(range(10))
    assert server.asked[0].query == ()


def test_a_listing_that_the_server_is_too_old_for_says_so() -> None:
    about = b'{"name":"","description":"","version":"2.40.1","logo_url":"","subtitle":""}'

    def handler(request: Request) -> Response:
        asks_for_version = request.path == "/api/server/about"
        return Response(200, body=about) if asks_for_version else Response(404)

    (outcome,) = paginate(in_memory(handler), auth.list_access_tokens)
    assert str(outcome.failure()).endswith("needs CVAT 2.48.1, the server is 2.40.1")


def test_in_the_sandbox() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    for number in range(23):
        call(ada, tasks.create, {"name": f"cats {number % 2}"}).unwrap()
    endpoint = in_pages_of(prefetching(tasks.list, 3), 5)
    every = collect(paginate(ada, endpoint, sort="id")).unwrap()
    assert [task.id for task in every] == list(range(1, 24))
    even = collect(paginate(ada, endpoint, sort="-id", search="cats 0")).unwrap()
    assert [task.id for task in even] == list(range(23, 0, -2))
