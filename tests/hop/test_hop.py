"""A hop does what its plan says, and nothing where it says nothing."""

from __future__ import annotations

import gc
import socket
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import islice
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hop.faults import (
    CutAnswer,
    CutRequest,
    CutRequestUnseen,
    Delay,
    DropAnswer,
    Fault,
    Faults,
    Pass,
    Refuse,
    Share,
    Status,
    StatusAfter,
    kind_of,
    place_in,
    plan,
)
from tests.hop.framing import UNKNOWN_BODY
from tests.hop.hop import Happened, Hop
from tests.transport.wire import Behaviour, Peer, Server, always, ok, saying, silent

POST = b"POST /api/tasks HTTP/1.1\r\nHost: cvat.example\r\nContent-Length: 4\r\n\r\ncats"
GET = b"GET /api/server/about HTTP/1.1\r\nHost: cvat.example\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")
CHUNKED_POST = (
    b"POST /api/tasks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncats\r\n0\r\n\r\n"
)
CHUNKED_ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncats\r\n0\r\n\r\n"
RESETS = pytest.mark.parametrize("reset", [True, False], ids=["reset", "closed"])

EVERY_FAULT = Faults(
    seed=7,
    refuse=0.1,
    cut_requests=0.1,
    cut_requests_unseen=0.1,
    cut_answers=0.1,
    drop_answers=0.1,
    status=0.1,
    status_after=0.1,
    delay=0.1,
)


def opened(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def all_from(client: socket.socket) -> tuple[bytes, bool]:
    """What comes until the connection ends, and whether it was reset."""
    came = b""
    try:
        while data := client.recv(1 << 16):
            came += data
    except ConnectionError:
        return came, True
    return came, False


def exactly(client: socket.socket, size: int) -> bytes:
    came = b""
    while len(came) < size and (data := client.recv(size - len(came))):
        came += data
    return came


def said(url: str, request: bytes) -> tuple[bytes, bool]:
    """What a request gets on a connection of its own, and whether that was reset."""
    with opened(url) as client:
        with suppress(ConnectionError):
            client.sendall(request)
        return all_from(client)


class Heard:
    """A server that tells requests apart by their lengths alone, which are told to it."""

    def __init__(self, exchanges: Sequence[tuple[bytes, bytes]]) -> None:
        self.came = b""
        self._exchanges = exchanges

    def __call__(self, peer: Peer) -> None:
        due = 0
        for request, answer in self._exchanges:
            due += len(request)
            while len(self.came) < due:
                peer.pull()
                before, self.came = self.came, peer.head()
                if self.came == before:
                    return
            peer.send(answer)


# Nothing goes wrong: byte for byte.

pieces = st.lists(st.binary(min_size=1, max_size=40), max_size=4)


def chunked(body: list[bytes]) -> bytes:
    return b"".join(b"%x;x=1\r\n%s\r\n" % (len(each), each) for each in body) + b"0\r\nT: 1\r\n\r\n"


def framed(body: list[bytes], in_chunks: bool) -> bytes:
    if in_chunks:
        return b"transfer-encoding: Chunked\r\n\r\n" + chunked(body)
    whole = b"".join(body)
    return b"Content-length:%d\r\n\r\n%s" % (len(whole), whole)


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[bytes, bytes]:
    host = b"Host: cvat.example:8080\r\n"
    sent, given_back = draw(pieces), draw(pieces)
    answer = b"HTTP/1.1 201 Created\r\nX-Odd:  \xe9 \r\n" + framed(given_back, draw(st.booleans()))
    match draw(st.sampled_from(["GET", "HEAD", "POST", "204", "304", "103"])):
        case "HEAD":
            return b"HEAD / HTTP/1.1\r\n" + host + b"\r\n", answer.partition(b"\r\n\r\n")[0] + (
                b"\r\n\r\n"
            )
        case "GET":
            return b"GET /?a=%20b HTTP/1.1\r\n" + host + b"\r\n", answer
        case "103":
            return b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + answer
        case "204" | "304" as status:
            bare = f"HTTP/1.1 {status} Bare\r\nETag: x\r\n\r\n".encode()
            return b"PUT / HTTP/1.1\r\n" + framed(sent, draw(st.booleans())), bare
        case _:
            return b"POST / HTTP/1.1\r\n" + host + framed(sent, draw(st.booleans())), answer


@given(st.lists(exchanges(), min_size=1, max_size=4), st.integers(1, 60))
def test_what_passes_is_the_same_byte_for_byte(
    exchanged: list[tuple[bytes, bytes]], step: int
) -> None:
    heard = Heard(exchanged)
    with Server(heard) as server:
        hop = Hop(server.url)
        with hop as url, opened(url) as client:
            for request, answer in exchanged:
                for start in range(0, len(request), step):
                    client.sendall(request[start : start + step])
                assert exactly(client, len(answer)) == answer
    assert heard.came == b"".join(request for request, _ in exchanged)
    assert hop.done == {"Pass": len(exchanged), "requests": len(exchanged)}


def test_an_answer_that_ends_with_its_connection_passes() -> None:
    answer = b"HTTP/1.0 200 OK\r\n\r\ncats and dogs"
    with Server(saying(answer)) as server, Hop(server.url) as url:
        assert said(url, GET) == (answer, False)


def test_a_connection_that_is_not_to_be_kept_is_closed() -> None:
    closing_get = GET.replace(b"Host", b"Connection: close\r\nHost")
    with Server(always(ok(b"cats"))) as server, Hop(server.url) as url:
        assert said(url, closing_get) == (ok(b"cats"), False)


def test_the_path_of_the_server_stays() -> None:
    with Hop("http://127.0.0.1:1/cvat") as url:
        assert urlsplit(url).path == "/cvat"


def test_a_server_that_went_between_requests_is_connected_to_anew() -> None:
    gone = threading.Event()

    def once(peer: Peer) -> None:
        saying(ok(b"cats"))(peer)
        peer.close()
        gone.set()

    with Server(once) as server, Hop(server.url) as url, opened(url) as client:
        for _ in range(3):
            client.sendall(GET)
            assert exactly(client, len(ok(b"cats"))) == ok(b"cats")
            assert gone.wait(10)
            gone.clear()
        assert server.connections == 3


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200", b"SSH-2.0\r\n\r\n", CHUNKED_ANSWER[:-9], ok(b"cats")[:-1]],
    ids=["none", "cut head", "no HTTP", "cut chunks", "cut body"],
)
def test_a_fault_of_the_server_itself_is_a_fault_for_the_client(answer: bytes) -> None:
    with Server(saying(answer)) as server, Hop(server.url) as url:
        came, was_reset = said(url, GET)
        assert was_reset
        assert answer.startswith(came)


def test_a_server_that_cannot_be_reached_is_a_reset() -> None:
    with Server(silent) as gone:
        pass
    with Hop(gone.url) as url:
        assert said(url, GET) == (b"", True)


def test_a_client_that_goes_within_its_request_is_seen_by_the_server() -> None:
    ended = threading.Event()
    came: list[bytes] = []

    def listening(peer: Peer) -> None:
        peer.linger()
        came.append(peer.head())
        ended.set()

    with Server(listening) as server, Hop(server.url) as url:
        with opened(url) as client:
            client.sendall(POST[:-1])
        assert ended.wait(10)
    assert came == [POST[:-1]]


def test_bodies_stream() -> None:
    block, blocks = b"0123456789abcdef" * (1 << 14), 80
    size = len(block) * blocks

    def long(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(blocks):
            peer.send(block)

    with Server(long) as server, Hop(server.url) as url, opened(url) as client:
        client.sendall(GET)
        tracemalloc.start()
        try:
            left = size
            while left > 0 and (data := client.recv(1 << 16)):
                left -= len(data)
            assert tracemalloc.get_traced_memory()[1] < size / 4
        finally:
            tracemalloc.stop()
        assert left <= 0


# Each fault does what it says.


@RESETS
def test_refuse_asks_nobody(reset: bool) -> None:
    with Server(always(ok())) as server:
        hop = Hop(server.url, [Refuse(reset)])
        with hop as url:
            assert said(url, GET) == (b"", reset)
        assert server.connections == 0
    assert hop.done == {"Refuse": 1, "requests": 0}


@RESETS
def test_refuse_breaks_a_kept_connection_at_the_next_request(reset: bool) -> None:
    with Server(always(ok(b"cats"))) as server:
        hop = Hop(server.url, [Pass(), Refuse(reset)])
        with hop as url, opened(url) as client:
            client.sendall(GET)
            assert exactly(client, len(ok(b"cats"))) == ok(b"cats")
            client.sendall(GET)
            assert all_from(client) == (b"", reset)
        assert server.requests == [GET]
    assert hop.done == {"Pass": 1, "Refuse": 1, "requests": 1}


@RESETS
@pytest.mark.parametrize("request_", [POST, CHUNKED_POST, GET], ids=["sized", "chunked", "bare"])
def test_cut_request_gives_the_server_so_many_bytes(request_: bytes, reset: bool) -> None:
    for at in range(len(request_) + 1):
        came: list[bytes] = []

        def listening(peer: Peer, came: list[bytes] = came) -> None:
            peer.linger()
            came.append(peer.head())

        with Server(listening) as server, Hop(server.url, [CutRequest(at, reset)]) as url:
            assert said(url, request_) == (b"", reset)
            # Once the client hears of it the server is done: no need to wait for its thread.
            assert came == [request_[:at]]


@RESETS
def test_a_server_acts_on_a_request_that_is_cut_at_its_end_and_on_no_other(reset: bool) -> None:
    with Server(always(ok(b"made"))) as server:
        plan_ = [CutRequest(at, reset) for at in range(len(POST) + 2)]
        with Hop(server.url, plan_) as url:
            for _ in plan_:
                assert said(url, POST) == (b"", reset)
                assert len(server.requests) == max(0, server.connections - len(POST))
        assert server.requests == [POST, POST]


@RESETS
@pytest.mark.parametrize("request_", [POST, CHUNKED_POST, GET], ids=["sized", "chunked", "bare"])
def test_cut_request_unseen_gives_the_server_nothing(request_: bytes, reset: bool) -> None:
    with Server(always(ok())) as server:
        plan_ = [CutRequestUnseen(at, reset) for at in range(len(request_) + 1)]
        hop = Hop(server.url, plan_)
        with hop as url:
            for _ in plan_:
                assert said(url, request_) == (b"", reset)
        assert server.connections == 0
    assert hop.done == {"CutRequestUnseen": len(plan_), "requests": len(plan_)}


@RESETS
def test_a_client_is_cut_off_while_it_still_sends(reset: bool) -> None:
    begun = POST.replace(b"Length: 4", b"Length: 400")
    cut: Fault
    for cut in (CutRequest(len(begun), reset), CutRequestUnseen(len(begun), reset)):
        with Server(silent) as server, Hop(server.url, [cut]) as url:
            assert said(url, begun) == (b"", reset)


@RESETS
@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (POST, ok(b"made")),
        (POST, CHUNKED_ANSWER),
        (HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        (POST, b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
    ids=["sized", "chunked", "of HEAD", "without content"],
)
def test_cut_answer_gives_the_client_so_many_bytes_and_never_the_last(
    request_: bytes, answer: bytes, reset: bool
) -> None:
    with Server(always(answer)) as server:
        plan_ = [CutAnswer(at, reset) for at in range(len(answer) + 2)]
        hop = Hop(server.url, plan_)
        with hop as url:
            for cut in plan_:
                assert said(url, request_) == (answer[: min(place(cut), len(answer) - 1)], reset)
        assert server.requests == [request_] * len(plan_)
    assert hop.done == {"CutAnswer": len(plan_), "requests": len(plan_)}


def place(cut: CutAnswer) -> int:
    assert isinstance(cut.at, int)
    return cut.at


@RESETS
def test_drop_answer_lets_the_server_act(reset: bool) -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, [DropAnswer(reset)])
        with hop as url:
            assert said(url, POST) == (b"", reset)
            assert server.requests == [POST]
    assert hop.record == (Happened(DropAnswer(reset), "POST /api/tasks"),)


def test_status_answers_and_never_asks() -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, [Status(503, 7), Status(502), Pass()])
        with hop as url, closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as client:
            for code, retry_after in ((503, "7"), (502, None)):
                client.request("POST", "/api/tasks", iter([b"ca", b"ts"]), encode_chunked=True)
                answer = client.getresponse()
                assert (answer.status, answer.headers["Retry-After"]) == (code, retry_after)
                assert answer.headers["Content-Type"] == "text/html"
                assert answer.read().startswith(b"<html>")
            assert server.connections == 0
            client.request("POST", "/api/tasks", b"cats")
            assert client.getresponse().read() == b"made"
    assert hop.done == {"Status": 2, "Pass": 1, "requests": 3}


def test_status_after_replaces_the_answer() -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, [StatusAfter(504)])
        with hop as url, closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as client:
            for expected in ((504, True), (200, False)):
                client.request("POST", "/api/tasks", b"cats")
                answer = client.getresponse()
                assert (answer.status, answer.read().startswith(b"<html>")) == expected
        assert len(server.requests) == 2
    assert hop.done == {"StatusAfter": 1, "Pass": 1, "requests": 2}


@pytest.mark.parametrize("fault", [Status(503), StatusAfter(503)], ids=kind_of)
def test_a_replaced_answer_to_head_has_no_body(fault: Fault) -> None:
    head = HEAD.replace(b"Host", b"Connection: close\r\nHost")
    with Server(always(b"HTTP/1.1 200 OK\r\n\r\n")) as server, Hop(server.url, [fault]) as url:
        came, was_reset = said(url, head)
    assert came.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert came.endswith(b"Connection: close\r\n\r\n")
    assert not was_reset


def test_delay_passes() -> None:
    with Server(always(ok(b"cats"))) as server:
        hop = Hop(server.url, [Delay(0.001)])
        with hop as url, opened(url) as client:
            client.sendall(GET)
            assert exactly(client, len(ok(b"cats"))) == ok(b"cats")
    assert hop.done == {"Delay": 1, "requests": 1}


# Plans.


def test_the_same_seed_is_the_same_plan() -> None:
    def of(seed: int) -> list[Fault]:
        return list(islice(plan(Faults(seed=seed, cut_answers=0.3, status=0.3)), 200))

    assert of(1) == of(1)
    assert of(1) != of(2)


def test_every_kind_is_drawn_both_ways_about_as_often_as_asked() -> None:
    drawn = list(islice(plan(EVERY_FAULT), 4000))
    counted = Counter(kind_of(each) for each in drawn)
    assert counted.keys() == {kind.__name__ for kind in get_args(Fault)}
    del counted["Pass"]
    assert all(200 < each < 450 for each in counted.values())
    resets = [each.reset for each in drawn if isinstance(each, CutAnswer)]
    assert 0.4 < sum(resets) / len(resets) < 0.6
    codes = {each.code for each in drawn if isinstance(each, Status | StatusAfter)}
    assert codes == {502, 503, 504}
    assert {each.retry_after for each in drawn if isinstance(each, Status)} == {None, 0}


@given(st.integers(), st.integers(0, 5))
def test_no_more_failures_in_a_row_than_allowed(seed: int, most: int) -> None:
    row = 0
    for fault in islice(plan(Faults(seed=seed, refuse=0.5, status=0.5, in_a_row=most)), 30):
        row = 0 if isinstance(fault, Pass) else row + 1
        assert row <= most


def test_without_probabilities_all_pass() -> None:
    assert set(islice(plan(Faults(seed=1)), 100)) == {Pass()}


def test_cuts_are_uniform_over_all_places_with_the_first_and_the_last() -> None:
    cuts = list(islice(plan(Faults(seed=3, cut_answers=1, in_a_row=6000)), 6000))
    places = Counter(place_in(each.at, 10) for each in cuts if isinstance(each, CutAnswer))
    assert places.keys() == set(range(10))
    assert all(500 < each < 700 for each in places.values())


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 1 << 40))
def test_a_share_is_a_place_in_the_message(of: float, choices: int) -> None:
    assert 0 <= place_in(Share(of), choices) < choices


def test_impossible_faults_are_refused() -> None:
    makers = (
        lambda: Faults(seed=1, refuse=0.6, status=0.6),
        lambda: Faults(seed=1, refuse=-0.1),
        lambda: Faults(seed=1, in_a_row=-1),
        lambda: Faults(seed=1, statuses=()),
        lambda: Faults(seed=1, statuses=(200,)),
        lambda: Delay(0.03),
        lambda: Status(200),
        lambda: Share(1.0),
    )
    for make in makers:
        with pytest.raises(ValueError, match=r"must be|above 1"):
            make()


@pytest.mark.parametrize(
    ("of", "answer_size"),
    [(0.0, 0), (0.999999, len(ok(b"made")) - 1), (0.5, len(ok(b"made")) // 2)],
)
def test_a_share_of_an_answer_is_of_its_length(of: float, answer_size: int) -> None:
    with Server(always(ok(b"made"))) as server, Hop(server.url, [CutAnswer(Share(of))]) as url:
        assert len(said(url, POST)[0]) == answer_size


def test_a_share_of_an_answer_without_a_length_is_of_a_guess() -> None:
    share = Share(20 / UNKNOWN_BODY)
    with Server(always(CHUNKED_ANSWER)) as server, Hop(server.url, [CutAnswer(share)]) as url:
        assert said(url, POST)[0] == CHUNKED_ANSWER[:20]


# A run with everything in it.


def tried(url: str, body: bytes) -> str:
    """What a simple client makes of one attempt."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as client:
        try:
            client.request("POST", "/api/tasks", body)
            answer = client.getresponse()
            return f"{answer.status} {len(answer.read())}"
        except (HTTPException, OSError):
            return "lost"


def ran(faults: Faults) -> tuple[tuple[Happened, ...], list[str], list[bytes]]:
    with Server(always(ok(b"made" * 30))) as server:
        hop = Hop(server.url, faults)
        with hop as url:
            seen = [tried(url, b"%d" % index) for index in range(120)]
        bodies = [request.partition(b"\r\n\r\n")[2] for request in server.requests]
        return hop.record, seen, bodies


def test_the_same_seed_is_the_same_run() -> None:
    first = ran(EVERY_FAULT)
    assert first == ran(EVERY_FAULT)
    assert len({kind_of(each.fault) for each in first[0]}) == 9


def test_a_client_that_tries_once_more_than_allowed_in_a_row_always_gets_its_answer() -> None:
    _, seen, _ = ran(EVERY_FAULT)
    for start in range(len(seen) - EVERY_FAULT.in_a_row):
        assert "200 120" in seen[start : start + EVERY_FAULT.in_a_row + 1]


def test_counts_are_whole_with_many_clients_at_once() -> None:
    with Server(always(ok(b"made"))) as server:
        hop = Hop(server.url, EVERY_FAULT)
        with hop as url:

            def work() -> None:
                for _ in range(30):
                    tried(url, b"cats")

            workers = [threading.Thread(target=work) for _ in range(4)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
    done = hop.done
    assert done["requests"] + done["Refuse"] == 120
    assert sum(done.values()) - done["requests"] == 120


# Nothing is left.


def stuck(faults: Iterable[Fault], behaviour: Behaviour, request: bytes) -> None:
    """End a hop that is in the middle of something."""
    with Server(behaviour) as server, Hop(server.url, faults) as url:
        client = opened(url)
        client.sendall(request)
        with opened(url):  # one that never asks
            pass
    with closing(client):
        all_from(client)  # comes to an end


@pytest.mark.parametrize(
    ("faults", "behaviour", "request_"),
    [
        ([], silent, GET),
        ([], silent, POST[:-1]),
        ([], silent, POST[:9]),
        ([], always(ok(b"kept")), GET),
        ([Refuse(False)], silent, GET),
        ([CutRequest(9, False)], always(ok()), POST),
        ([DropAnswer(False)], always(ok()), POST),
        ([Delay(0.02)], silent, GET),
    ],
    ids=["waiting", "body", "head", "kept", "refused", "cut", "dropped", "delayed"],
)
def test_no_thread_and_no_socket_is_left(
    faults: list[Fault], behaviour: Behaviour, request_: bytes
) -> None:
    gc.collect()
    threads, files = set(threading.enumerate()), set(Path("/dev/fd").iterdir())
    stuck(faults, behaviour, request_)
    assert set(threading.enumerate()) == threads
    assert set(Path("/dev/fd").iterdir()) == files


def test_a_hop_that_ended_takes_no_connection() -> None:
    with Server(silent) as server, Hop(server.url) as url:
        pass
    with pytest.raises(ConnectionRefusedError):
        opened(url)
