"""Uploads over a bad network arrive whole; a server that lies gets no further than a failure."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from random import Random
from typing import Final

import pytest

from cvatfn import File, connect
from cvatfn.codecs.files import Content
from cvatfn.errors import ForeignOrigin, Rejected, UnexpectedStatus
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.schedule import exponential
from cvatfn.testing.sandbox import serve
from cvatfn.transfer.errors import Implausible, TransferError
from cvatfn.transfer.flows import Effort
from cvatfn.transfer.progress import Counting
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.uploading import AtUrls, upload_data
from cvatfn.transport import Connection
from cvatfn.transport.contents import pieces_of
from tests.hop.faults import DropAnswer, Fault, Faults, Pass, StatusAfter, plan
from tests.hop.hop import Hop
from tests.sandbox.kit import settle
from tests.transfer.uploads import (
    ADA,
    HURRIED,
    Watched,
    contents,
    furnished,
    kind_of,
    new_task,
    picture,
    received,
)
from tests.transport.wire import Peer, Server

UPLOADS: Final = 100
WHOLE: Final = 1 << 30
LATE: Final = StatusAfter(504)
KINDS: Final = (
    "Refuse",
    "CutRequest",
    "CutRequestUnseen",
    "CutAnswer",
    "DropAnswer",
    "Status",
    "StatusAfter",
    "Delay",
)


def bad(seed: int) -> Iterator[Fault]:
    faults = Faults(
        seed=seed,
        refuse=0.05,
        cut_requests=0.06,
        cut_requests_unseen=0.05,
        cut_answers=0.05,
        drop_answers=0.05,
        status=0.05,
        status_after=0.05,
        delay=0.02,
    )
    yield from plan(faults)


@contextmanager
def over(hop: Hop) -> Generator[Connection]:
    with hop as url, connect(url, auth=ADA) as connection:
        yield connection


def some_files(random: Random) -> list[File]:
    sizes = [random.randrange(400) for _ in range(5)] + [random.randrange(900, 3000), 0]
    folders = ["", "", "", "a/", "", "", "b/c/"]
    return [
        File(f"{folder}{index}.jpg", random.randbytes(size))
        for index, (folder, size) in enumerate(zip(folders, sizes, strict=True))
    ]


@pytest.mark.parametrize(("parallel", "uploads"), [(1, UPLOADS * 4 // 5), (4, UPLOADS // 5)])
def test_a_hundred_uploads_arrive_whole(parallel: int, uploads: int) -> None:
    sandbox, ada, _ = furnished()
    watched = Watched(sandbox)
    random = Random(parallel)  # noqa: S311 - the same files in each run
    counted: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    with serve(watched) as server:
        hop = Hop(server, bad(seed=parallel))
        with over(hop) as connection:
            for _ in range(uploads):
                task, files, progress = new_task(ada), some_files(random), Counting()
                del watched.seen[:]
                begun = upload_data(
                    connection,
                    task,
                    files,
                    {"sorting_method": "predefined"},
                    Uploading(
                        batch=600, piece=500, parallel=parallel, progress=progress, effort=HURRIED
                    ),
                ).unwrap()
                assert received(sandbox, begun.rq_id) == sorted(contents(files).items())
                assert accepted(watched) == 1
                assert progress.done == progress.total == sum(map(len, contents(files).values()))
                assert progress.finished
                asked += watched.kinds
        counted = hop.done
    assert all(counted[kind] >= uploads // 2 for kind in KINDS if kind != "Delay"), counted
    assert counted["Delay"]
    assert all(asked[kind] >= uploads for kind in ("start", "batch", "create", "PATCH", "finish"))
    assert asked["HEAD"] >= uploads // 2


def accepted(watched: Watched) -> int:
    """How often the server was told to go to work, and did."""
    answers = [reply.unwrap() for request, reply in watched.seen if kind_of(request) == "finish"]
    return sum(answer.status == 202 for answer in answers)


# Stopped by a failure: the other threads end too.


def test_a_failure_ends_the_other_parts() -> None:
    refused = threading.Event()
    most = 100_000

    def endless(request: Request) -> Response:
        """It takes a byte of each piece; it is told of the refusal of the other file."""
        kind = kind_of(request)
        if kind == "create":
            length = request.headers.get("upload-length")
            if length == "1":
                refused.set()
                return Response(403, {"Content-Type": "application/json"}, b'{"detail": "no"}')
            return Response(201, {"Location": "/api/tasks/1/data/x"})
        if kind == "PATCH":
            assert refused.wait(60)
            offset = int(request.headers.get("upload-offset") or 0)
            return Response(204, {"Upload-Offset": str(offset + 1)})
        return Response(202)

    watched = Watched(lambda request: Success(endless(request)))
    files = [File("long.bin", b"x" * most), File("a/small.bin", b"y")]
    options = Uploading(batch=1, piece=1, parallel=2, effort=HURRIED)
    error = upload_data(watched, 1, files, None, options).failure()
    assert isinstance(error, Rejected)
    assert error.status == 403
    assert watched.kinds["PATCH"] < most
    assert not watched.kinds["finish"]


def test_a_failure_breaks_off_what_the_other_parts_are_sending() -> None:
    most, read, refused = 1 << 33, [0], threading.Event()

    def huge() -> Iterator[bytes]:
        while read[0] < most:
            if read[0]:
                assert refused.wait(60)
            read[0] += 1 << 16
            yield bytes(1 << 16)

    class Endless:
        """A file that is read while it is sent, and known by its size."""

        def __init__(self) -> None:
            self._pieces = huge()

        def read(self, size: int = -1, /) -> bytes:
            return next(self._pieces)[:size]

        def seek(self, place: int, whence: int = 0, /) -> int:
            return most if whence == 2 else place

        def seekable(self) -> bool:
            return True

        def tell(self) -> int:
            return 0

    def answer(request: Request) -> Response:
        if kind_of(request) == "create":
            if request.headers.get("upload-length") == "1":
                return Response(403, {"Content-Type": "application/json"}, b'{"detail": "no"}')
            return Response(201, {"Location": "/api/tasks/1/data/x"})
        if isinstance(request.body, Content):
            for _ in pieces_of(request.body):
                pass
        return Response(202)

    def sending(request: Request) -> Success[Response]:
        reply = Success(answer(request))
        if reply.unwrap().status == 403:
            refused.set()
        return reply

    files = [File("long.bin", Endless()), File("a/small.bin", b"y")]
    options = Uploading(batch=1, piece=most, parallel=2, effort=HURRIED)
    assert isinstance(upload_data(sending, 1, files, None, options).failure(), Rejected)
    assert read[0] < most


# A server that lies.

LONE: Final = [File("a.bin", b"12345")]
ALONE: Final = Uploading(batch=1, piece=3, parallel=1, effort=HURRIED)


def saying(**answers: Response) -> Watched:
    """A server that says the same to each kind of request."""
    ordinary = {
        "start": Response(202),
        "create": Response(201, {"Location": "/api/tasks/1/data/1_x"}),
        "PATCH": Response(204, {"Upload-Offset": "3"}),
        "HEAD": Response(200, {"Upload-Offset": "0", "Upload-Length": "5"}),
        "batch": Response(200),
        "finish": Response(202, {"Content-Type": "application/vnd.cvat+json"}, b'{"rq_id":"7"}'),
    }
    replies = ordinary | answers
    return Watched(lambda request: Success(replies[kind_of(request)]))


def failed(watched: Watched) -> TransferError:
    return upload_data(watched, 1, LONE, None, ALONE).failure()


def test_credentials_go_to_no_other_place() -> None:
    def luring(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if b"upload-start" in request.lower():
                peer.send(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            else:
                where = f"{stranger.url}/api/tasks/1/data/1_x".encode()
                head = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: "
                peer.send(head + where + b"\r\n\r\n")

    with Server(listening) as stranger, Server(luring) as server:
        with connect(server.url, auth=ADA) as connection:
            error = upload_data(connection, 1, LONE, None, ALONE).failure()
        assert isinstance(error, ForeignOrigin)
        assert stranger.url in str(error)
        assert stranger.connections == 0
        assert len(server.requests) == 2


def listening(peer: Peer) -> None:
    peer.head()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("kind", [b"upload-start", b"upload-length", b"upload-offset"])
def test_what_brings_something_is_not_sent_on(kind: bytes, status: str) -> None:
    def redirecting(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if kind in request.lower():
                said = f"HTTP/1.1 {status}\r\nLocation: {{}}/elsewhere\r\n"
                peer.send(said.format(stranger.url).encode() + b"Content-Length: 0\r\n\r\n")
            else:
                peer.send(
                    b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n"
                    b"Location: /api/tasks/1/data/1_x\r\n\r\n"
                )

    with Server(listening) as stranger, Server(redirecting) as server:
        with connect(server.url, auth=ADA) as connection:
            error = upload_data(connection, 1, LONE, None, ALONE).failure()
        assert isinstance(error, UnexpectedStatus)
        assert str(error.status) == status[:3]
        assert stranger.connections == 0
        assert not any(b"/elsewhere" in request for request in server.requests)


@pytest.mark.parametrize(
    "location",
    [
        "http://[half",
        "ftp://cvat.example/x",
        "javascript:alert(1)",
        "http://ada:s3cret@cvat.example/x",
        "http://",
        "mailto:ada@cvat.example",
    ],
)
def test_an_upload_that_is_nowhere(location: str) -> None:
    error = failed(saying(create=Response(201, {"Location": location})))
    assert isinstance(error, Implausible)
    assert "which is no place" in error.said


def test_a_long_tale_is_cut_short() -> None:
    error = failed(saying(create=Response(201, {"Location": "ftp://" + "x" * 100_000})))
    assert len(str(error)) < 500


@pytest.mark.parametrize("said", ["4", "99999999999999999999", "-1", "x", ""])
def test_an_offset_that_cannot_be(said: str) -> None:
    watched = saying(PATCH=Response(204, {"Upload-Offset": said}))
    error = failed(watched)
    assert isinstance(error, Implausible)
    assert str(error).startswith("tasks.create_data: the server contradicts itself")
    assert watched.kinds["PATCH"] == 1


def test_a_server_that_never_takes_anything_is_left() -> None:
    watched = saying(PATCH=Response(204, {"Upload-Offset": "0"}))
    error = failed(watched)
    assert isinstance(error, Implausible)
    assert watched.kinds["PATCH"] == 40


def test_an_upload_that_is_forgotten_each_time_is_given_up() -> None:
    watched = saying(PATCH=Response(404), HEAD=Response(404))
    assert isinstance(failed(watched), Implausible)
    assert watched.kinds["create"] == 4


def test_a_file_that_is_refused_is_told_with_the_servers_words() -> None:
    said = Response(400, {"Content-Type": "application/json"}, b'["File name is not allowed"]')
    error = failed(saying(create=said))
    assert isinstance(error, Rejected)
    assert error.detail == "File name is not allowed"


# A batch.


@pytest.mark.parametrize("parallel", [1, 3])
def test_a_batch_too_large_goes_one_by_one(parallel: int) -> None:
    sandbox, ada, task = furnished()
    files = [picture(f"{number}.bmp", number) for number in range(5)]

    def small_ones_only(request: Request) -> Response:
        if kind_of(request) == "batch":
            return Response(413)
        return ada(request).unwrap()

    watched = Watched(lambda request: Success(small_ones_only(request)))
    progress = Counting()
    options = Uploading(parallel=parallel, progress=progress, effort=HURRIED)
    begun = upload_data(watched, task, files, None, options).unwrap()
    assert received(sandbox, begun.rq_id) == sorted(contents(files).items())
    assert watched.kinds["batch"] == 1
    assert progress.done == progress.total


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
@pytest.mark.parametrize("acted", [False, True])
def test_a_batch_that_may_have_come_is_not_sent_twice(status: int, acted: bool) -> None:
    sandbox, ada, task = furnished()
    files = [picture(f"{number}.bmp", number) for number in range(3)]
    left = [status]

    def losing(request: Request) -> Response:
        if kind_of(request) == "batch" and left:
            if acted and status != 429:
                ada(request).unwrap()
            return Response(left.pop())
        return ada(request).unwrap()

    watched = Watched(lambda request: Success(losing(request)))
    begun = upload_data(watched, task, files, None, Uploading(effort=HURRIED)).unwrap()
    assert received(sandbox, begun.rq_id) == sorted(contents(files).items())
    assert watched.kinds["batch"] == (2 if status == 429 else 1)
    assert watched.kinds["PATCH"] == (0 if status == 429 or acted else 3)


def unwell(status: int, wait: str) -> tuple[Watched, list[float], Uploading]:
    """A server that refuses a batch and says how long to wait."""
    _, ada, _ = furnished()
    waits: list[float] = []

    def refusing(request: Request) -> Response:
        if kind_of(request) == "batch":
            return Response(status, {"Retry-After": wait})
        return ada(request).unwrap()

    effort = Effort(sleep=waits.append, clock=lambda: 0.0, schedule=exponential(attempts=3))
    return Watched(lambda request: Success(refusing(request))), waits, Uploading(effort=effort)


@pytest.mark.parametrize("status", [408, 502, 503, 504])
def test_files_of_a_batch_go_one_by_one_after_as_long_as_the_server_asks(status: int) -> None:
    watched, waits, options = unwell(status, "7")
    files = [picture(f"{number}.bmp", number) for number in range(3)]
    upload_data(watched, 1, files, None, options).unwrap()
    assert waits == [7.0]
    assert watched.kinds["PATCH"] == 3


def test_a_server_that_asks_for_too_long_is_not_asked_again() -> None:
    watched, waits, options = unwell(503, "9999999")
    error = upload_data(watched, 1, [picture("a.bmp")], None, options).failure()
    assert isinstance(error, Rejected)
    assert waits == []
    assert watched.kinds["create"] == 0


# The end: the work is begun once.


def test_a_lost_answer_of_the_end_is_found_again() -> None:
    for fault in ("DropAnswer", "StatusAfter"):
        sandbox, _, task = furnished()
        watched = Watched(sandbox)
        # The start, a batch, the end; then what asks for the end again, or for its work.
        drawn: list[Fault] = [Pass(), Pass(), DropAnswer() if fault == "DropAnswer" else LATE]
        with serve(watched) as server, over(Hop(server, drawn)) as connection:
            options = Uploading(effort=HURRIED)
            begun = upload_data(connection, task, LONE, None, options).unwrap()
        assert begun.rq_id == f"action=create&target=task&target_id={task}"
        assert accepted(watched) == 1
        assert watched.kinds["finish"] == 2
        assert received(sandbox, begun.rq_id) == sorted(contents(LONE).items())


def test_an_end_that_was_reached_before_it_is_asked_again_is_looked_up() -> None:
    _, ada, task = furnished()
    lost = [True]

    def slow(request: Request) -> Response:
        reply = ada(request).unwrap()
        if kind_of(request) == "finish" and lost:
            lost.clear()
            settle(ada, f"action=create&target=task&target_id={task}")
            return Response(504)
        return reply

    watched = Watched(lambda request: Success(slow(request)))
    files = [picture("a.bmp")]
    begun = upload_data(watched, task, files, None, Uploading(effort=HURRIED)).unwrap()
    assert begun.rq_id == f"action=create&target=task&target_id={task}"
    assert accepted(watched) == 0
    assert [reply.unwrap().status for _, reply in watched.seen[-2:]] == [400, 200]


def test_work_that_runs_already_is_joined() -> None:
    _, ada, task = furnished()
    web = AtUrls(["http://web.example/a.bmp"])
    said = Response(409, {"Content-Type": "application/json"}, b'{"rq_id": "it"}')
    watched = Watched(lambda _: Success(said))
    assert upload_data(watched, task, web, None, Uploading(effort=HURRIED)).unwrap().rq_id == "it"
    assert len(watched.seen) == 1
    other = Response(409, {"Content-Type": "application/json"}, b'"no"')
    refused = upload_data(lambda _: Success(other), task, web).failure()
    assert isinstance(refused, Rejected)
    assert refused.status == 409
    del ada


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_end_that_is_never_heard_of_is_a_failure(status: int) -> None:
    watched = saying(
        PATCH=Response(204, {"Upload-Offset": "5"}), finish=Response(status), GET=Response(status)
    )
    effort = Effort(sleep=lambda _: None, schedule=exponential(attempts=5))
    options = Uploading(batch=1, piece=5, effort=effort)
    error = upload_data(watched, 1, LONE, None, options).failure()
    assert isinstance(error, Rejected)
    assert error.status == status
    assert (watched.kinds["finish"], watched.kinds["GET"]) == (5, 5)


def test_an_end_that_was_refused_is_no_doubt() -> None:
    said = Response(400, {"Content-Type": "application/json"}, b'{"detail": "no"}')
    watched = saying(PATCH=Response(204, {"Upload-Offset": "5"}), finish=said)
    options = Uploading(batch=1, piece=5, effort=HURRIED)
    assert isinstance(upload_data(watched, 1, LONE, None, options).failure(), Rejected)
    assert not watched.kinds["GET"]


def test_an_end_without_an_id_is_a_failure() -> None:
    for body in (b"", b"{}", b"[]"):
        answer = Response(202, {"Content-Type": "application/vnd.cvat+json"}, body)
        watched = saying(
            PATCH=Response(204, {"Upload-Offset": "5"}), finish=answer, GET=Response(404)
        )
        options = Uploading(batch=1, piece=5, effort=HURRIED)
        assert isinstance(upload_data(watched, 1, LONE, None, options), Failure)
