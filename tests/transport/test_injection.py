"""Nothing that a caller gives can become another line, another field or another request."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import SKIP_HEADER

from cvatfn.errors import Unsendable
from cvatfn.messages import Headers, Request
from cvatfn.outcome import Failure, Success
from tests.transport.conftest import Connect
from tests.transport.wire import Server, always, ok

HOSTILE = st.text(
    st.sampled_from("aZ0:/?#&= \t\r\n\0\x7f\x85\xe9\u2028\ud800,;\"'\\%"), max_size=12
)
ANY = st.one_of(HOSTILE, st.text(max_size=12))


def test_a_request_is_sent_as_one_or_not_at_all(connect: Connect) -> None:
    with Server(always(ok())) as server, connect(server.url) as transport:

        @given(
            st.one_of(st.sampled_from(["GET", "POST"]), ANY),
            st.one_of(ANY, ANY.map(lambda path: f"/{path}")),
            st.lists(st.tuples(ANY, ANY), max_size=3),
            st.lists(st.tuples(st.one_of(ANY, st.just("X-A")), ANY), max_size=3),
            st.one_of(st.none(), st.binary(max_size=9)),
        )
        @example("GET", "/", [], [("X-A", "b\r\n c")], None)
        @example("GET", "/", [], [("X-A", "b"), ("X-B", "c"), ("X-A", "b")], None)
        @example("GET", "/", [], [("X-A", SKIP_HEADER)], None)
        @example("GET", "/", [], [("User-Agent", SKIP_HEADER)], None)
        @example("GET", "/", [], [("X-A", "b\r\n\r\nGET / HTTP/1.1\r\n\r\n")], None)
        @example("POST", "/", [], [("Content-Length", "0")], b"GET / HTTP/1.1\r\n\r\n")
        def check(
            method: str,
            path: str,
            query: list[tuple[str, str]],
            fields: list[tuple[str, str]],
            body: bytes | None,
        ) -> None:
            server.requests.clear()
            request = Request(method, path, tuple(query), Headers(tuple(fields)), body)
            match transport(request):
                case Failure(error):
                    assert isinstance(error, Unsendable)
                    assert server.requests == []
                case Success():
                    [sent] = server.requests
                    head, _, content = sent.partition(b"\r\n\r\n")
                    lines = head.decode("latin-1").split("\r\n")
                    assert lines[0] == f"{method} {request.target} HTTP/1.1"
                    own = [(n, v) for n, v in fields if n.lower() != "content-length"]
                    told = Counter((name.lower(), value) for name, value in own)
                    seen = (line.partition(": ") for line in lines[1:])
                    assert told <= Counter((name.lower(), value) for name, _, value in seen)
                    assert content == (body or b"")
                    assert len(lines) <= 1 + 4 + len(own) + 1

        check()
