"""Answers that are taken piece by piece, and closed whatever happens."""

from __future__ import annotations

import gc
import gzip
from itertools import islice
from typing import Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import connect
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.errors import CallError, ConnectionLost, ForeignOrigin, InvalidParams, Rejected
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.streaming import Streamed, stream, stream_url
from tests.transfer.downloads import CONTENT, URL, Pieces, Shelf
from tests.transport.wire import Server, always, fields_of, ok, saying

MIB: Final = 1 << 20


def content_of(pieces: Streamed) -> bytes:
    return b"".join(piece.unwrap() for piece in pieces)


def test_an_endpoint_is_streamed() -> None:
    shelf = Shelf()
    with stream(shelf, tasks.retrieve_preview, 7).unwrap() as pieces:
        assert pieces.response.status == 200
        assert pieces.response.content_type == "application/zip"
        assert shelf.given == 0
        assert content_of(pieces) == CONTENT
    assert shelf.requests[0].path == "/api/tasks/7/preview"
    assert shelf.requests[0].streamed


def test_a_url_is_streamed() -> None:
    shelf = Shelf()
    assert content_of(stream_url(shelf, URL).unwrap()) == CONTENT
    assert shelf.requests[0].target == URL


def test_wrong_parameters_are_told_before_anything_is_sent() -> None:
    shelf = Shelf()
    wrong = stream(shelf, tasks.retrieve_preview, cast("int", "seven")).failure()
    assert isinstance(wrong, InvalidParams)
    assert isinstance(stream_url(shelf, "no url").failure(), InvalidParams)
    assert not shelf.requests


@given(st.integers(0, 3 * MIB))
def test_a_transport_that_gives_all_at_once_will_do(size: int) -> None:
    pieces = stream_url(lambda _: Success(Response(200, body=bytes(size))), URL).unwrap()
    sizes = [len(piece.unwrap()) for piece in pieces]
    assert sum(sizes) == size
    assert all(0 < each <= MIB for each in sizes)
    assert next(pieces, None) is None


def test_a_refusal_is_known_before_the_first_piece() -> None:
    refusal = Response(403, body=b'{"detail":"Not yours."}')
    for outcome in (
        stream(lambda _: Success(refusal), tasks.retrieve_preview, 7),
        stream_url(lambda _: Success(refusal), URL),
    ):
        error = outcome.failure()
        assert isinstance(error, Rejected)
        assert error.detail == "Not yours."


def test_a_fault_on_the_way_is_the_last_piece() -> None:
    shelf = Shelf(breaks=[150])
    first, second, third = stream(shelf, tasks.retrieve_preview, 7).unwrap()
    assert first == Success(CONTENT[:100])
    assert second == Success(CONTENT[100:150])
    assert isinstance(third, Failure)
    assert third.failure().endpoint == "tasks.retrieve_preview"


def test_it_is_closed_where_a_block_ends() -> None:
    shelf = Shelf()
    pieces = stream_url(shelf, URL).unwrap()

    def interrupted() -> None:
        with pieces:
            next(pieces)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert shelf.streams[0].closed
    assert list(pieces) == []
    pieces.close()


def test_what_was_given_whole_can_be_given_up_too() -> None:
    pieces = stream_url(lambda _: Success(Response(200, body=CONTENT)), URL).unwrap()
    pieces.close()
    assert list(pieces) == []


def test_memory_is_that_of_a_piece() -> None:
    piece = bytes(MIB)
    endless = Pieces(iter(lambda: piece, None))
    pieces = stream_url(lambda _: Success(Response(200, stream=endless)), URL).unwrap()
    assert sum(len(each.unwrap()) for each in islice(pieces, 500)) == 500 * MIB
    pieces.close()
    assert endless.closed


# On the wire.


def test_its_link_is_used_again_only_if_all_was_read() -> None:
    with Server(always(ok(CONTENT * 999))) as server, connect(server.url) as connection:
        for _ in range(3):
            assert content_of(stream_url(connection, URL).unwrap()) == CONTENT * 999
        assert server.connections == 1
        with stream_url(connection, URL).unwrap() as pieces:
            next(pieces)
        stream_url(connection, URL).unwrap().close()
        assert server.connections == 2
        del pieces
        dropped = stream_url(connection, URL).unwrap()
        del dropped
        gc.collect()
        assert content_of(stream_url(connection, URL).unwrap()) == CONTENT * 999
        assert server.connections == 4


def test_what_is_cut_is_not_taken_for_whole() -> None:
    with Server(saying(ok(CONTENT)[:-1])) as server, connect(server.url) as connection:
        *_, last = stream_url(connection, URL).unwrap()
        assert isinstance(last.failure(), ConnectionLost)


def test_gzip_is_undone_though_it_was_not_asked_for() -> None:
    coded = ok(gzip.compress(CONTENT), "Content-Encoding: gzip")
    with Server(saying(coded)) as server, connect(server.url) as connection:
        assert content_of(stream_url(connection, URL).unwrap()) == CONTENT
        assert fields_of(server.requests[0])["accept-encoding"] == "identity"


def test_elsewhere_nothing_is_sent() -> None:
    with (
        Server(saying(ok(b"stolen"))) as other,
        Server(saying(ok(b"", f"Location: {other.url}/", status="307 Elsewhere"))) as server,
        connect(server.url, auth=AccessToken("t0k3n")) as connection,
    ):
        foreign = stream_url(connection, f"{other.url}/f").failure()
        assert isinstance(foreign, ForeignOrigin)
        assert "t0k3n" not in f"{foreign} {foreign!r}"
        outcome: Outcome[Streamed, CallError] = stream_url(connection, "/f")
        assert isinstance(outcome, Failure)
        assert other.connections == 0


def test_requests_show_no_secrets_in_errors() -> None:
    def lost(request: Request) -> Failure[ConnectionLost]:
        return Failure(ConnectionLost(request, "gone"))

    failed = stream_url(lost, "/f?token=t0k3n&password=t0k3n").failure()
    assert "password=t0k3n" not in repr(failed)
