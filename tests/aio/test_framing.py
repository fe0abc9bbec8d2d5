"""What an answer says of itself is taken as the synchronous connection takes it."""

from __future__ import annotations

import gzip

import pytest

from cvatfn.errors import ConnectionLost, TooLarge
from cvatfn.messages import Request
from tests.aio.conftest import Serve
from tests.aio.test_limits import awaited
from tests.transport.wire import Peer, always, doing, error_of, ok, value_of

GET = Request("GET", "/x")


def _heading(*fields: str) -> bytes:
    return ("\r\n".join(("HTTP/1.1 200 OK", *fields)) + "\r\n\r\n").encode()


@pytest.mark.parametrize("coded", [False, True])
def test_what_says_that_it_is_too_large_is_not_waited_for(
    serve: Serve, backend: str, coded: bool
) -> None:
    said = _heading("Content-Length: 1000000000000", *(["Content-Encoding: gzip"] * coded))
    server = serve(doing(Peer.request, lambda peer: peer.send(said), Peer.linger))
    with awaited(server.url, backend) as transport:
        assert isinstance(error_of(transport(GET)), TooLarge)


def test_the_length_of_what_does_not_come_is_no_content(serve: Serve, backend: str) -> None:
    server = serve(always(_heading("Content-Length: 1000000000000")))
    with awaited(server.url, backend) as transport:
        assert value_of(transport(Request("HEAD", "/x"))).body == b""


def test_a_length_beside_chunks_counts_for_nothing(serve: Serve, backend: str) -> None:
    head = _heading("Content-Length: 1000000000000", "Transfer-Encoding: chunked")
    with awaited(serve(always(head + b"1\r\nx\r\n0\r\n\r\n")).url, backend) as transport:
        assert value_of(transport(GET)).body == b"x"


def test_what_does_not_compress_may_be_as_large_as_the_limit(serve: Serve, backend: str) -> None:
    content = bytes(range(256))
    packed = gzip.compress(content, 0)
    assert len(packed) > len(content)
    server = serve(always(ok(packed, "Content-Encoding: gzip")))
    with awaited(server.url, backend, max_body=len(content)) as transport:
        assert value_of(transport(GET)).body == content


def test_one_coding_around_another_is_not_half_undone(serve: Serve, backend: str) -> None:
    packed = gzip.compress(gzip.compress(b"x"))
    server = serve(always(ok(packed, "Content-Encoding: gzip", "Content-Encoding: gzip")))
    with awaited(server.url, backend) as transport:
        response = value_of(transport(GET))
    assert response.body == packed
    assert response.headers.get("content-encoding") is not None


@pytest.mark.parametrize("more", [0, 1])
def test_a_head_has_a_hundred_fields_at_most(serve: Serve, backend: str, more: int) -> None:
    fields = [f"X-{number}: y" for number in range(99 + more)]
    with awaited(serve(always(_heading("Content-Length: 0", *fields))).url, backend) as transport:
        outcome = transport(GET)
    if more:
        error = error_of(outcome)
        assert isinstance(error, ConnectionLost)
        assert "too many fields" in error.reason
    else:
        assert value_of(outcome).status == 200
