"""How large an answer may be: what the request says, what the connection says, and refusals."""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import at_most, call, in_memory, lenient, prepare, raw, with_response
from cvatfn.api import jobs, requests, server, tasks
from cvatfn.auth import AccessToken
from cvatfn.errors import ConnectionLost, Rejected, TooLarge
from cvatfn.finding import catalogue
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.plans import MODEST, plan_of
from cvatfn.schedule import constant
from cvatfn.testing.conformance.checks.bodies import peak_of
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated, in_organization, retrying, with_headers, with_timeout
from cvatfn.transport.settings import LARGEST_REFUSAL, Settings, read_host
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import always, answering, error_of, ok, saying, value_of

pytestmark = pytest.mark.every_loop
GET = Request("GET", "/x")
CHUNKED = b"HTTP/1.1 %b\r\nTransfer-Encoding: chunked\r\n\r\n"
MIB = 1 << 20
LIMIT = 4 * MIB
TIMES = 16
"""How many times its limit an answer is larger, where memory is looked at."""
BESIDES = 6 * MIB
"""What is taken beside the content: pieces, and what buffers grow by."""


def _bomb(size: int, status: str = "200 OK") -> bytes:
    return ok(gzip.compress(bytes(size), mtime=0), "Content-Encoding: gzip", status=status)


def _chunks(size: int, status: bytes = b"200 OK") -> bytes:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    return CHUNKED % status + piece * (size // 0x10000) + b"0\r\n\r\n"


BOMBS: dict[str, Callable[[int], bytes]] = {
    "gzip": _bomb,
    "gzip in many members": lambda size: ok(
        gzip.compress(bytes(size // 64), mtime=0) * 64, "Content-Encoding: gzip"
    ),
    "length": lambda size: ok(bytes(size)),
    "chunks": _chunks,
    "until the end": lambda size: b"HTTP/1.1 200 OK\r\n\r\n" + bytes(size),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_takes_no_more_memory_than_it_may(
    connect: Connect, serve: Serve, bomb: Callable[[int], bytes]
) -> None:
    with connect(serve(always(bomb(TIMES * LIMIT))).url) as transport:
        asked = evolve(GET, max_body=LIMIT)
        error_of(transport(asked))  # what is made once for all requests is made now
        outcomes = list[object]()
        peak = peak_of(lambda: outcomes.append(transport(asked)))
    assert outcomes == [Failure(TooLarge(asked, LIMIT))]
    assert peak < LIMIT + BESIDES, f"{peak} bytes were taken for an answer of at most {LIMIT}"


@pytest.mark.parametrize("times", [2, 5, 100])
def test_gzip_in_gzip_is_not_undone(connect: Connect, serve: Serve, times: int) -> None:
    content = bytes(1000)
    for _ in range(times):
        content = gzip.compress(content, mtime=0)
    said = ok(content, f"Content-Encoding: {', '.join(['gzip'] * times)}")
    with connect(serve(saying(said)).url) as transport:
        match transport(GET):
            case Success(response):
                assert response.body == content
                assert response.headers.get("content-encoding") is not None
            case Failure(error):  # urllib3 minds more than five
                assert times > 5
                assert isinstance(error, ConnectionLost)


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress"])
def test_other_codings_are_not_asked_for_nor_undone(
    connect: Connect, serve: Serve, coding: str
) -> None:
    server = serve(saying(ok(b"coded", f"Content-Encoding: {coding}")))
    with connect(server.url) as transport:
        response = value_of(transport(GET))
    assert (response.body, response.headers.get("content-encoding")) == (b"coded", coding)
    assert b"accept-encoding: gzip\r\n" in server.requests[0].lower()


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_smaller_of_two_limits_counts(serve_size: int, wanted: int, accepted: int) -> None:
    settings = Settings(url=read_host("cvat.example"), max_body=accepted)
    assert settings.accepted(wanted) == min(wanted, accepted)
    assert settings.accepted(None) == accepted
    assert settings.largest_refusal == accepted
    answer = in_memory(lambda _: Response(200, body=bytes(serve_size)))
    outcome = answer(evolve(GET, max_body=wanted))
    assert isinstance(outcome, Success) == (serve_size <= wanted)


@pytest.mark.parametrize(("wanted", "accepted"), [(10, 1000), (1000, 10)])
def test_neither_limit_lifts_the_other(
    connect: Connect, serve: Serve, wanted: int, accepted: int
) -> None:
    with connect(serve(always(ok(bytes(11)))).url, max_body=accepted) as transport:
        asked = evolve(GET, max_body=wanted)
        error = error_of(transport(asked))
        assert error == TooLarge(asked, 10)
        assert "at_most(endpoint, bytes)" in str(error)
        assert "10 bytes" in str(error)


def test_the_length_of_what_a_head_stands_for_is_no_matter(connect: Connect, serve: Serve) -> None:
    server = serve(always(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"))
    with connect(server.url, max_body=10) as transport:
        for _ in range(2):
            assert value_of(transport(Request("HEAD", "/x"))).body == b""
    assert server.connections == 1


def test_a_negative_limit_is_not_sent(connect: Connect, serve: Serve) -> None:
    server = serve(saying(ok(b"")))
    with connect(server.url) as transport:
        assert "max_body" in str(error_of(transport(evolve(GET, max_body=-1))))
    assert not server.requests
    with pytest.raises(ValueError, match="at least no bytes"):
        at_most(tasks.retrieve, -1)


REFUSALS: dict[str, Callable[[int], bytes]] = {
    "length": lambda size: ok(b"x" * size, status="503 Later"),
    "chunks": lambda size: _chunks(size, b"503 Later"),
    "gzip": lambda size: _bomb(size, "503 Later"),
    "until the end": lambda size: b"HTTP/1.1 503 Later\r\n\r\n" + b"x" * size,
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_beyond_its_limit_keeps_its_status(
    connect: Connect, serve: Serve, refusal: Callable[[int], bytes]
) -> None:
    with connect(serve(always(refusal(LARGEST_REFUSAL + MIB))).url) as transport:
        outcome = call(transport, server.retrieve_about)
    match outcome:
        case Failure(Rejected() as error):
            assert error.status == 503
            assert error.response.cut
            assert len(error.response.body) == LARGEST_REFUSAL
            assert "more was said" in str(error)
            assert len(str(error)) < 2000
        case other:
            raise AssertionError(repr(other)[:500])


def test_a_refusal_within_its_limit_is_whole_whatever_was_asked_for(
    connect: Connect, serve: Serve
) -> None:
    with connect(serve(always(ok(b"why not", status="404 No"))).url) as transport:
        match call(transport, at_most(tasks.retrieve, 1), 7):
            case Failure(Rejected() as error):
                assert (error.detail, error.response.cut) == ("why not", False)
            case other:
                raise AssertionError(other)


def test_half_a_secret_is_not_left_where_a_refusal_is_cut(connect: Connect, serve: Serve) -> None:
    login = "hunter2-correct-horse"
    said = b"you sent Authorization: Bearer " + login.encode()
    for size in range(30, 30 + len(login)):
        with connect(
            serve(saying(ok(said, status="500 No"))).url, auth=AccessToken(login), max_body=size
        ) as transport:
            response = value_of(transport(GET))
        assert b"hunt" not in response.body


def test_a_busy_server_that_says_too_much_is_asked_again(connect: Connect, serve: Serve) -> None:
    busy = ok(bytes(2000), status="503 Later")
    with connect(serve(always(busy)).url, max_body=1000, retry=constant(0, attempts=3)) as cvat:
        assert value_of(cvat(GET)).status == 503


@pytest.mark.parametrize("status", [301, 302, 307])
def test_the_limit_goes_along_where_a_request_is_led(
    connect: Connect, serve: Serve, status: int
) -> None:
    led = ok(b"", "Location: /y", status=f"{status} There")
    with connect(serve(answering(led, ok(bytes(11)))).url) as transport:
        asked = evolve(GET, max_body=10)
        assert error_of(transport(asked)) == TooLarge(asked, 10)


def test_wrappers_pass_the_limit_on() -> None:
    seen = list[int | None]()

    def note(request: Request) -> Success[Response]:
        seen.append(request.max_body)
        return Success(Response(503 if len(seen) == 1 else 200))

    send = retrying(
        with_timeout(
            with_headers(
                in_organization(
                    authenticated(note, AccessToken("s3cret"), "http://localhost"), "acme"
                ),
                {"X": "y"},
            ),
            5,
        ),
        constant(0, attempts=2),
        sleep=lambda _: None,
    )
    send(evolve(GET, max_body=7)).unwrap()
    assert seen == [7, 7]


def test_an_answer_of_a_few_fields_has_a_limit_of_its_own() -> None:
    limits = {each.name: plan_of(each.declaration).max_body for each in catalogue()}
    assert limits["server.retrieve_about"] == MODEST
    assert limits["requests.retrieve"] is None  # `result_url`, but `operation` holds open data
    for open_ended in ("tasks.list", "jobs.retrieve_annotations", "tasks.retrieve_preview"):
        assert limits[open_ended] is None
    assert {*limits.values()} == {MODEST, None}


def test_at_most_composes_with_all_other_ways_to_read() -> None:
    asked = at_most(with_response(lenient(raw(jobs.retrieve))), 5)
    assert prepare(asked, 7).unwrap().max_body == 5
    assert prepare(lenient(at_most(jobs.retrieve, 5)), 7).unwrap().max_body == 5
    assert prepare(at_most(at_most(jobs.retrieve, 5), 6), 7).unwrap().max_body == 6
    assert "max_body=6" in repr(at_most(at_most(jobs.retrieve, 5), 6))
    assert pickle.loads(pickle.dumps(asked)) == asked  # noqa: S301 - pickled here
    assert "max_body=5" in repr(prepare(asked, 7).unwrap())
    assert requests.retrieve != at_most(requests.retrieve, 5)


def test_the_sandbox_holds_to_a_limit() -> None:
    sandbox = Sandbox(World.empty())
    match call(sandbox, at_most(server.retrieve_about, 10)):
        case Failure(TooLarge(limit=limit, endpoint=endpoint)):
            assert (limit, endpoint) == (10, "server.retrieve_about")
        case other:
            raise AssertionError(other)
    assert call(sandbox, server.retrieve_about).unwrap().version
