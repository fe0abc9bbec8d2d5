"""An answer is told as wrongly as was said, and in no other way."""

from __future__ import annotations

import gzip
import ssl
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPSConnection
from itertools import islice
from urllib.parse import urlsplit

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from tests.hop.faults import Deaf, Status
from tests.hop.framing import Source, answer_to, content_of
from tests.hop.hop import Hop
from tests.hop.retellings import (
    Answer,
    Chunks,
    CutBody,
    Drip,
    Ending,
    Fields,
    Gzip,
    Interim,
    Length,
    Nonsense,
    Retelling,
    Silence,
    Stall,
    Trickle,
    told,
)
from tests.hop.test_hop import all_from, opened, said
from tests.hop.thresholds import Handshake
from tests.transport.wire import Peer, Server, always, doing, ok

GET = b"GET /api/server/about HTTP/1.1\r\nHost: cvat.example\r\n\r\n"
POST = b"POST /api/tasks HTTP/1.1\r\nContent-Length: 4\r\n\r\ncats"
CATS = Answer(b"HTTP/1.1 200 OK", (b"X: y",), b"cats and dogs")
HEAD = b"HTTP/1.1 200 OK\r\nX: y\r\n"


class Bytes:
    """A socket that gives what there is."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, size: int, /) -> bytes:
        given, self._data = self._data[:size], self._data[size:]
        return given


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=4), st.binary(max_size=9))
def test_chunks_are_undone_and_what_follows_them_stays(parts: list[bytes], rest: bytes) -> None:
    chunks = b"".join(b"%x;x=1\r\n%s\r\n" % (len(part), part) for part in parts)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    source = Source(Bytes(head + chunks + b"0\r\nT: 1\r\n\r\n" + rest))
    assert b"".join(content_of(answer_to("GET", source))) == b"".join(parts)
    assert b"".join(source.rest()) == rest


SAID: dict[str, tuple[Retelling, list[object]]] = {
    "stall before": (Stall("before"), [Silence()]),
    "stall in the body": (
        Stall("body"),
        [HEAD + b"Content-Length: 13\r\n\r\ncats a", Silence()],
    ),
    "trickle": (
        Trickle("body"),
        [HEAD + b"Content-Length: 13\r\n\r\ncats a", Drip(b"nd dogs")],
    ),
    "cut by length": (
        CutBody("length", reset=True),
        [HEAD + b"Content-Length: 13\r\n\r\ncats a", Ending(reset=True)],
    ),
    "cut in chunks": (
        CutBody("chunked"),
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\nd\r\ncats a", Ending()],
    ),
    "cut until close": (
        CutBody("until close"),
        [HEAD + b"Connection: close\r\n\r\ncats a", Ending()],
    ),
    "too short": (Length(-5), [HEAD + b"Content-Length: 8\r\n\r\ncats and dogs", Ending()]),
    "no number": (Length("x"), [HEAD + b"Content-Length: x\r\n\r\ncats and dogs", Ending()]),
    "no size": (
        Chunks("no size"),
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n\r\ncats and dogs", Ending()],
    ),
    "no HTTP": (Nonsense(), [b"SSH-2.0-OpenSSH_9.6\r\n", Ending()]),
}


@pytest.mark.parametrize(("retelling", "steps"), SAID.values(), ids=SAID.keys())
def test_it_is_told_so(retelling: Retelling, steps: list[object]) -> None:
    assert list(told(retelling, CATS)) == steps


@pytest.mark.parametrize("framing", ["length", "chunked", "until close", "gzip"])
def test_what_is_cut_is_cut_where_there_is_no_content_too(framing: str) -> None:
    cut = CutBody(framing)  # type: ignore[arg-type] # one of them
    whole = b"".join(each for each in told(cut, Answer(CATS.line, (), b"")) if each != Ending())  # type: ignore[misc] # bytes
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert framing == "until close" or b": 0" not in whole


HARMLESS = [
    Fields(),
    Fields((b"X-Odd: y",) * 10),
    Fields((b"Transfer-Encoding: chunked",), chunked=True),
    *(Interim(code, 5) for code in (100, 102, 103)),
]


@pytest.mark.parametrize("retelling", HARMLESS, ids=repr)
def test_what_is_harmless_leaves_the_connection_there_for_more(retelling: Retelling) -> None:
    with (
        Server(always(ok(b"cats"))) as server,
        Hop(server.url, [retelling] * 3) as url,
        opened(url) as client,
    ):
        source = Source(client)
        for _ in range(3):
            client.sendall(GET)
            assert b"".join(content_of(answer_to("GET", source))) == b"cats"


def test_interim_answers_without_end_have_none() -> None:
    steps = list(islice(told(Interim(102, None), CATS), 1000))
    assert all(step.startswith(b"HTTP/1.1 102 ") for step in steps if isinstance(step, bytes))
    assert len(steps) == 1000
    with pytest.raises(ValueError, match="at least 1"):
        Interim(100, 0)


def test_a_bomb_is_small_and_comes_to_much() -> None:
    (step,) = told(Gzip("bomb"), CATS)
    assert isinstance(step, bytes)
    content = step.partition(b"\r\n\r\n")[2]
    assert len(content) < 10_000
    assert len(gzip.decompress(content)) > 1_000_000


def test_what_was_packed_is_told_anew() -> None:
    packed = ok(gzip.compress(b"cats"), "Content-Encoding: gzip")
    with Server(always(packed)) as server, Hop(server.url, [Length(0)]) as url:
        assert said(url, GET)[0] == ok(b"cats")


def test_the_server_acts_on_what_is_told_wrongly_and_not_on_what_is_not_read() -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, [Nonsense(), Deaf()])
        with hop as url:
            assert said(url, POST)[0].startswith(b"SSH")
            deaf = opened(url)
            deaf.sendall(POST)
            while len(hop.record) < 2:
                hop.pause(0.001)
        with closing(deaf):
            all_from(deaf)  # comes to an end with the hop
        assert server.requests == [POST]
    assert hop.done == {"Nonsense": 1, "Deaf": 1, "requests": 2}


def test_a_plan_may_be_for_some_requests_only() -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, [Status(503)], only=lambda head: head.words[0] == "POST")
        with hop as url, closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as client:
            statuses: list[int] = []
            for method in ("GET", "POST", "GET", "POST"):
                client.request(method, "/")
                answer = client.getresponse()
                answer.read()
                statuses.append(answer.status)
    assert statuses == [200, 503, 200, 200]


def test_a_hop_may_speak_tls() -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.tempfile() as chain:
        context.load_cert_chain(chain)
    trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    with Server(always(ok(b"cats"))) as server, Hop(server.url, threshold=context) as url:
        assert url.startswith("https://")
        where = urlsplit(url).netloc
        with closing(HTTPSConnection(where, timeout=10, context=trusting)) as client:
            client.request("GET", "/")
            assert client.getresponse().read() == b"cats"


@pytest.mark.parametrize("flaw", ["reset", "closed", "no TLS", "stall"])
def test_a_handshake_comes_to_nothing_and_nobody_is_asked(flaw: str) -> None:
    with Server(doing(Peer.linger)) as server:
        with Hop(server.url, threshold=Handshake(flaw)) as url:  # type: ignore[arg-type] # one of them
            client = opened(url)
            client.sendall(b"\x16\x03\x01")
            if flaw != "stall":
                came, was_reset = all_from(client)
                assert was_reset is (flaw == "reset")
                assert came.startswith(b"HTTP/1.1 400") is (flaw == "no TLS")
                client.close()
        with closing(client), suppress(OSError):
            all_from(client)
        assert server.connections == 0
