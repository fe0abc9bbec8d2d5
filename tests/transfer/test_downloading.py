"""Downloads: whole or not at all, from servers that break off, lie, or lead elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO, StringIO
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Final, TypeVar, cast
from zlib import crc32

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from cvatfn import connect
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.errors import (
    ConnectionLost,
    ForeignOrigin,
    InvalidParams,
    Rejected,
    TooLarge,
    UnexpectedStatus,
)
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.downloading import Download, Saving, download, download_url
from cvatfn.transfer.errors import DiskError, Implausible, TransferError
from cvatfn.transfer.names import safe_name
from cvatfn.transfer.partial import Writable
from cvatfn.transfer.progress import Counting, Progress, silent
from cvatfn.transport import Connection
from cvatfn.transport.types import Transport
from tests.transfer.downloads import CONTENT, TAG, URL, Pieces, Shelf, hurried, lost
from tests.transport.wire import Behaviour, Peer, Server, answering, fields_of, ok, saying

T = TypeVar("T")
SECRET: Final = "t0k3n-of-ada"
ETAG: Final = f"ETag: {TAG}"


def fetched(
    transport: Transport,
    to: Path | Writable,
    *,
    overwrite: bool = False,
    progress: Progress = silent,
    max_size: int = 1 << 40,
    attempts: int = 40,
    sleep: Callable[[float], object] = lambda _: None,
) -> Outcome[Download, TransferError]:
    effort = evolve(hurried(attempts), sleep=sleep)
    saving = Saving(to, overwrite=overwrite, progress=progress, max_size=max_size, effort=effort)
    return download_url(transport, URL, saving)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def error_of(outcome: Outcome[object, TransferError], kind: type[T]) -> T:
    error = outcome.failure()
    assert isinstance(error, kind), error
    return error


# Where it goes.


def test_to_a_file(tmp_path: Path) -> None:
    shelf = Shelf(fields={"Content-Disposition": 'attachment; filename="dogs.zip"'})
    found = fetched(shelf, tmp_path / "cats.zip").unwrap()
    assert found == Download(tmp_path / "cats.zip", len(CONTENT), "application/zip", "dogs.zip")
    assert (tmp_path / "cats.zip").read_bytes() == CONTENT
    assert names(tmp_path) == {"cats.zip"}
    assert shelf.streams[0].closed


def test_to_a_folder(tmp_path: Path) -> None:
    shelf = Shelf(fields={"Content-Disposition": 'attachment; filename="dogs.zip"'})
    found = download_url(shelf, URL, str(tmp_path)).unwrap()
    assert found.path == tmp_path / "dogs.zip"
    assert (tmp_path / "dogs.zip").read_bytes() == CONTENT
    assert names(tmp_path) == {"dogs.zip"}


def test_to_an_open_file() -> None:
    file = BytesIO(b"before")
    file.seek(6)
    found = download_url(Shelf(), URL, file).unwrap()
    assert found.path is None
    assert found.size == len(CONTENT)
    assert file.getvalue() == b"before" + CONTENT


def test_an_endpoint(tmp_path: Path) -> None:
    shelf = Shelf(b"a picture")
    found = download(shelf, tasks.retrieve_preview, tmp_path / "7.jpg", 7).unwrap()
    assert found.size == 9
    (asked,) = shelf.requests
    assert asked.path == "/api/tasks/7/preview"
    assert asked.streamed
    assert asked.headers.get("accept-encoding") == "identity"


def test_wrong_parameters_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    shelf, counting = Shelf(), Counting()
    broken = download(
        shelf,
        tasks.retrieve_preview,
        Saving(tmp_path, progress=counting),
        cast("int", "seven"),
    )
    error_of(broken, InvalidParams)
    error_of(download_url(shelf, "ftp://x/y", tmp_path), InvalidParams)
    assert not shelf.requests
    assert counting.finished
    assert not names(tmp_path)


HOSTILE = [
    "../../x",
    "/etc/passwd",
    "CON",
    "..",
    ".",
    "",
    " ",
    "a\0b",
    "a" * 300,
    "\u202egpj.exe",
    "C:\\windows\\x",
    "~/.bashrc",
    "-rf",
    "%2e%2e%2fx",
    "x/../../y",
    "\n",
    "é" * 300,
    ".cats.zip.part",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    quoted = name.replace("\\", "\\\\")
    for value in (f'attachment; filename="{quoted}"', f"attachment; filename={name}"):
        found = fetched(Shelf(fields={"Content-Disposition": value}), folder).unwrap()
        assert found.path is not None
        assert found.path.parent == folder
        assert found.path.is_file()
        assert not found.path.is_symlink()
        assert found.path.read_bytes() == CONTENT
        assert safe_name(found.path.name) == found.path.name
        assert names(folder) == {found.path.name}
        assert names(tmp_path) == {"in"}
        assert names(folder.parent) == {"here"}
        found.path.unlink()


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_not_even_one_nobody_thought_of(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    found = fetched(Shelf(fields={"Content-Disposition": f"attachment; filename={value}"}), folder)
    path = found.unwrap().path
    assert path is not None
    assert path.parent == folder
    assert names(folder) == {path.name}


def test_without_a_name_it_is_called_what_was_asked_for(tmp_path: Path) -> None:
    assert names_after(tmp_path, Shelf()) == {"download"}
    found = download(Shelf(), tasks.retrieve_preview, tmp_path, 7).unwrap()
    assert found.path == tmp_path / "tasks.retrieve_preview"


def names_after(folder: Path, shelf: Shelf) -> set[str]:
    fetched(shelf, folder).unwrap()
    return names(folder)


# What is there already.


def test_a_file_that_is_there_is_kept_and_nothing_asked(tmp_path: Path) -> None:
    (tmp_path / "cats.zip").write_bytes(b"mine")
    shelf, counting = Shelf(), Counting()
    error = error_of(fetched(shelf, tmp_path / "cats.zip", progress=counting), DiskError)
    assert "overwrite" in str(error)
    assert (tmp_path / "cats.zip").read_bytes() == b"mine"
    assert not shelf.requests
    assert counting.finished


def test_in_a_folder_too_and_the_content_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "download").write_bytes(b"mine")
    shelf = Shelf()
    error = error_of(fetched(shelf, tmp_path), DiskError)
    assert error.path == str(tmp_path / "download")
    assert names(tmp_path) == {"download"}
    assert shelf.given == 0
    assert shelf.streams[0].closed


@pytest.mark.parametrize("to_folder", [False, True])
def test_it_is_replaced_where_that_is_wanted(tmp_path: Path, to_folder: bool) -> None:
    (tmp_path / "download").write_bytes(b"mine")
    to = tmp_path if to_folder else tmp_path / "download"
    fetched(Shelf(), to, overwrite=True).unwrap()
    assert (tmp_path / "download").read_bytes() == CONTENT
    assert names(tmp_path) == {"download"}


def test_a_download_that_fails_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "download").write_bytes(b"mine")
    shelf = Shelf(breaks=[10] * 99, tag=None)
    error_of(fetched(shelf, tmp_path / "download", overwrite=True, attempts=3), ConnectionLost)
    assert (tmp_path / "download").read_bytes() == b"mine"
    assert names(tmp_path) == {"download"}


@pytest.mark.parametrize(("at", "rest"), [(500, 500), (1000, 1000), (1024, 1023)])
def test_a_file_that_appears_in_between_is_kept(tmp_path: Path, at: int, rest: int) -> None:
    final = tmp_path / "cats.zip"

    class Meanwhile(Counting):
        @override
        def advance(self, count: int, /) -> None:
            super().advance(count)
            if self.done == at:
                final.write_bytes(b"theirs")

    shelf = Shelf(breaks=[at] if at < len(CONTENT) else [])
    error = error_of(fetched(shelf, final, progress=Meanwhile()), DiskError)
    assert error.path == str(final)
    assert final.read_bytes() == b"theirs"
    final.unlink()
    fetched(shelf, final).unwrap()
    assert shelf.froms[-1] == f"bytes={rest}-"
    assert final.read_bytes() == CONTENT
    assert names(tmp_path) == {"cats.zip"}


# The disk.


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    counting = Counting()
    error = error_of(fetched(Shelf(), tmp_path / "no" / "x", progress=counting), DiskError)
    assert "no such file" in str(error).lower()
    assert counting.finished


@pytest.mark.parametrize("name", ["a\0b", "a" * 300, "x/y/z"])
def test_a_path_that_cannot_be(tmp_path: Path, name: str) -> None:
    error_of(fetched(Shelf(), tmp_path / name), DiskError)
    assert not names(tmp_path)


@pytest.mark.parametrize(
    "name", [os.fsdecode(b"caf\xe9.zip"), " ", "a" * 250, "ü" * 120, "\n", "-"]
)
def test_odd_names_of_ones_own_are_as_good_as_any(tmp_path: Path, name: str) -> None:
    for broken in (True, False):
        shelf = Shelf(breaks=[300] if broken else ())
        outcome = fetched(shelf, tmp_path / name, attempts=1)
        assert isinstance(outcome, Failure) is broken
        assert shelf.froms == ["bytes=300-" if not broken else None]
    assert (tmp_path / name).read_bytes() == CONTENT
    assert len(names(tmp_path)) == 1


class Full(BytesIO):
    @override
    def write(self, piece: object, /) -> int:
        if self.tell() >= 300:
            raise OSError(28, "No space left on device")
        return super().write(cast("bytes", piece))


def test_a_disk_that_is_full_under_an_open_file() -> None:
    counting = Counting()
    error = error_of(download_url(Shelf(), URL, Saving(Full(), progress=counting)), DiskError)
    assert error == DiskError("Full", "No space left on device")
    assert counting.finished


@pytest.mark.parametrize("tag", [TAG, None])
def test_a_disk_that_is_full(tmp_path: Path, tag: str | None) -> None:
    script = f"""
import resource, sys
from pathlib import Path
from cvatfn.transfer.downloading import Saving, download_url
from tests.transfer.downloads import URL, Shelf, hurried
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
outcome = download_url(Shelf(tag={tag!r}), URL, Saving(Path(sys.argv[1]), effort=hurried()))
print(type(outcome.failure()).__name__, outcome.failure().reason)
"""
    command = [sys.executable, "-B", "-c", script, str(tmp_path / "cats.zip")]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own
    assert ran.stdout == "DiskError File too large\n"
    assert len(names(tmp_path)) == (0 if tag is None else 2)  # the part and its note
    shelf = Shelf(tag=tag)
    fetched(shelf, tmp_path / "cats.zip").unwrap()
    assert shelf.froms == [None if tag is None else "bytes=600-"]
    assert (tmp_path / "cats.zip").read_bytes() == CONTENT
    assert names(tmp_path) == {"cats.zip"}


def closed() -> IO[bytes]:
    file = BytesIO()
    file.close()
    return file


def test_what_takes_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    with (tmp_path / "x").open("rb") as reader:
        for to in (closed(), cast("IO[bytes]", StringIO()), reader):
            error_of(download_url(Shelf(), URL, to), DiskError)
    assert (tmp_path / "x").read_bytes() == b"mine"


def test_a_pipe_goes_on_where_it_stopped_but_not_from_the_beginning() -> None:
    taken: list[bytes] = []

    class Pipe:
        def write(self, piece: bytes, /) -> None:
            taken.append(piece)

    fetched(Shelf(breaks=[300, 1, 0]), Pipe()).unwrap()
    assert b"".join(taken) == CONTENT
    error = error_of(fetched(Shelf(breaks=[300], tag=None), Pipe()), DiskError)
    assert "begun anew" in str(error)
    error_of(fetched(Shelf(lengths=False), Pipe(), max_size=500), TooLarge)


# Broken off.


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    shelf = Shelf(breaks=[300, 0, 1, 23])
    fetched(shelf, tmp_path / "cats.zip").unwrap()
    assert shelf.froms == [None, "bytes=300-", "bytes=300-", "bytes=301-", "bytes=324-"]
    assert {request.headers.get("if-range") for request in shelf.requests[1:]} == {TAG}
    assert shelf.given == len(CONTENT)
    assert (tmp_path / "cats.zip").read_bytes() == CONTENT


@pytest.mark.parametrize("lengths", [True, False])
@pytest.mark.parametrize("anew", [True, False])
def test_broken_after_every_byte(tmp_path: Path, *, lengths: bool, anew: bool) -> None:
    content = bytes(range(20))
    shelf = Shelf(content, breaks=[1] * 19, lengths=lengths, size=1)
    to = tmp_path / "cats.zip"
    if anew:  # a process for each byte
        for _ in content[1:]:
            error_of(fetched(shelf, to, attempts=1), ConnectionLost)
            assert not to.exists()
    fetched(shelf, to, attempts=2).unwrap()
    assert shelf.froms == [None, *(f"bytes={at}-" for at in range(1, 20))]
    assert shelf.given == 20
    assert to.read_bytes() == content
    assert names(tmp_path) == {"cats.zip"}


@pytest.mark.parametrize(
    "shelf",
    [
        Shelf(tag=None, breaks=[300, 200]),
        Shelf(tag='W/"a1"', breaks=[300, 200]),
        Shelf(ranges=False, breaks=[300, 200]),
        Shelf(fields={"Accept-Ranges": "none"}, breaks=[300, 200]),
    ],
)
def test_where_the_server_cannot_go_on_it_is_begun_anew(tmp_path: Path, shelf: Shelf) -> None:
    fetched(shelf, tmp_path / "cats.zip").unwrap()
    assert len(shelf.requests) == 3
    assert shelf.given == 500 + len(CONTENT)
    assert (tmp_path / "cats.zip").read_bytes() == CONTENT


def test_a_file_that_has_changed_is_begun_anew(tmp_path: Path) -> None:
    first = Shelf(b"x" * 900, breaks=[300, 100])
    error_of(fetched(first, tmp_path / "cats.zip", attempts=1), ConnectionLost)
    second = Shelf(tag='"b2"')
    fetched(second, tmp_path / "cats.zip").unwrap()
    assert second.froms == ["bytes=300-"]  # answered with 200
    assert (tmp_path / "cats.zip").read_bytes() == CONTENT


def test_a_server_that_does_not_mind_if_range(tmp_path: Path) -> None:
    answers = iter(
        [
            Response(200, {"ETag": TAG}, stream=Pieces([b"old", lost(Request("GET", "/"))])),
            Response(206, {"ETag": '"b2"', "Content-Range": "bytes 3-5/6"}, b"new"),
            Response(200, {"ETag": '"b2"'}, b"newnew"),
        ]
    )
    counting = Counting()
    fetched(lambda _: Success(next(answers)), tmp_path / "cats.zip", progress=counting).unwrap()
    assert (tmp_path / "cats.zip").read_bytes() == b"newnew"
    assert counting.counts == [3, -3, 6]


def test_a_server_that_gets_no_further_is_given_up(tmp_path: Path) -> None:
    for shelf in (
        Shelf(tag=None, breaks=[300] * 99),
        Shelf(breaks=[300, *[0] * 99]),
        Shelf(breaks=[0] * 99),
    ):
        error_of(fetched(shelf, tmp_path / "x", attempts=5), ConnectionLost)
        assert 5 <= len(shelf.requests) <= 6
        assert shelf.given <= 6 * 300


def test_a_file_that_changes_each_time_is_given_up(tmp_path: Path) -> None:
    requests: list[Request] = []

    def changing(request: Request) -> Outcome[Response, ConnectionLost]:
        requests.append(request)
        assert len(requests) < 100
        fields = {"ETag": f'"{len(requests)}"'}
        if request.headers.get("range") is None:
            return Success(Response(200, fields, stream=Pieces([b"abc", lost(request)])))
        return Success(Response(206, {**fields, "Content-Range": "bytes 3-5/6"}, b"def"))

    fetched(changing, tmp_path / "x", attempts=7).failure()
    assert len(requests) < 16


def test_gateways_errors_pass_and_others_do_not(tmp_path: Path) -> None:
    answers = iter([Response(502), Response(503), Response(429), Response(200, body=b"whole")])
    fetched(lambda _: Success(next(answers)), tmp_path / "x").unwrap()
    for status in (400, 401, 403, 404, 410, 416, 500):
        asked: list[Request] = []

        def refusing(
            request: Request, status: int = status, asked: list[Request] = asked
        ) -> Success[Response]:
            asked.append(request)
            return Success(Response(status, body=b'{"detail":"No."}'))

        error = error_of(fetched(refusing, tmp_path / "y"), Rejected)
        assert (error.status, len(asked)) == (status, 1)
    assert names(tmp_path) == {"x"}


def test_the_wait_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    waits: list[float] = []
    answers = iter([Response(503, {"Retry-After": "77"}), Response(200, body=b"whole")])
    fetched(lambda _: Success(next(answers)), tmp_path / "x", sleep=waits.append).unwrap()
    assert waits == [77]


def test_less_is_there_than_before(tmp_path: Path) -> None:
    fetched(Shelf(breaks=[300]), tmp_path / "x", attempts=1).failure()
    shelf = Shelf(CONTENT[:200])
    fetched(shelf, tmp_path / "x").unwrap()  # 416, and from the beginning
    assert shelf.froms == ["bytes=300-", None]
    assert (tmp_path / "x").read_bytes() == CONTENT[:200]


# Lies.


def first_then(second: Response) -> Transport:
    answers = iter(
        [
            Response(
                200,
                {"ETag": TAG, "Content-Length": "9"},
                stream=Pieces([b"12345", lost(Request("GET", "/"))]),
            ),
            second,
        ]
    )
    return lambda _: Success(next(answers))


@pytest.mark.parametrize(
    "fields",
    [
        {"Content-Range": "bytes 4-8/9"},
        {"Content-Range": "bytes 5-8/10"},
        {"Content-Range": "bytes 5-9/9"},
        {"Content-Range": "bytes 5-8/9", "Content-Length": "3"},
        {},
    ],
)
def test_a_part_that_does_not_fit_is_a_lie(tmp_path: Path, fields: dict[str, str]) -> None:
    error = error_of(
        fetched(first_then(Response(206, fields, b"6789")), tmp_path / "x"), Implausible
    )
    assert "contradicts itself" in str(error)
    assert not names(tmp_path)  # lest the next process goes on with it


def test_a_part_where_all_was_asked_for_is_a_lie(tmp_path: Path) -> None:
    head = Response(206, {"Content-Range": "bytes 0-3/4", "ETag": TAG}, b"1234")
    error_of(fetched(lambda _: Success(head), tmp_path / "x"), Implausible)
    assert not names(tmp_path)


def test_more_than_was_announced_is_a_lie(tmp_path: Path) -> None:
    endless = Pieces(b"6" for _ in iter(int, 1))
    second = Response(206, {"Content-Range": "bytes 5-8/9"}, stream=endless)
    error_of(fetched(first_then(second), tmp_path / "x"), Implausible)
    assert endless.closed
    assert not names(tmp_path)


def test_a_shorter_part_is_gone_on_with(tmp_path: Path) -> None:
    answers = iter(
        [
            Response(200, {"ETag": TAG}, stream=Pieces([b"12345", lost(Request("GET", "/"))])),
            Response(206, {"Content-Range": "bytes 5-6/9"}, b"67"),
            Response(206, {"Content-Range": "bytes 7-8/9"}, b"89"),
        ]
    )
    fetched(lambda _: Success(next(answers)), tmp_path / "x").unwrap()
    assert (tmp_path / "x").read_bytes() == b"123456789"


def test_an_endless_body_is_too_large(tmp_path: Path) -> None:
    endless = Pieces(b"x" * 1000 for _ in iter(int, 1))
    head = Response(200, {"ETag": TAG}, stream=endless)
    error = error_of(fetched(lambda _: Success(head), tmp_path / "x", max_size=50_000), TooLarge)
    assert error.limit == 50_000
    assert endless.closed
    assert not names(tmp_path)


def test_an_announced_size_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    shelf = Shelf()
    error_of(fetched(shelf, tmp_path / "x", max_size=len(CONTENT) - 1), TooLarge)
    assert shelf.given == 0
    assert shelf.streams[0].closed
    assert not names(tmp_path)
    fetched(Shelf(), tmp_path / "x", max_size=len(CONTENT)).unwrap()


@pytest.mark.parametrize("head", [Response(204), Response(200, {"Content-Length": "0"})])
def test_nothing_is_a_file_too(tmp_path: Path, head: Response) -> None:
    assert fetched(lambda _: Success(head), tmp_path / "x").unwrap().size == 0
    assert (tmp_path / "x").read_bytes() == b""


# Digests.


def sha(content: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"


DIGESTS: list[Callable[[bytes], dict[str, str]]] = [
    lambda content: {"Repr-Digest": sha(content)},
    lambda content: {"X-Checksum": str(crc32(content))},
]


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("breaks", [[], [300], [300, 200]])
def test_digests_are_compared(
    tmp_path: Path, digest: Callable[[bytes], dict[str, str]], breaks: list[int]
) -> None:
    fetched(Shelf(fields=digest(CONTENT), breaks=breaks), tmp_path / "x").unwrap()
    wrong = Shelf(fields=digest(CONTENT + b"!"), breaks=breaks)
    error = error_of(fetched(wrong, tmp_path / "y"), Implausible)
    assert "what arrived" in str(error)
    assert wrong.froms.count(None) == 2  # once more from the beginning, and that is it
    assert names(tmp_path) == {"x"}


@pytest.mark.parametrize("digest", DIGESTS)
def test_also_of_what_another_process_left(
    tmp_path: Path, digest: Callable[[bytes], dict[str, str]]
) -> None:
    shelf = Shelf(fields=digest(CONTENT), breaks=[300, 300])
    fetched(shelf, tmp_path / "x", attempts=1).failure()
    (part,) = (path for path in tmp_path.iterdir() if path.suffix == ".part")
    with part.open("r+b") as file:
        file.write(b"spoiled")
    fetched(shelf, tmp_path / "x").unwrap()
    assert shelf.froms == [None, "bytes=300-", "bytes=600-", None]
    assert (tmp_path / "x").read_bytes() == CONTENT


@pytest.mark.parametrize("digest", DIGESTS)
def test_what_another_process_left_counts(
    tmp_path: Path, digest: Callable[[bytes], dict[str, str]]
) -> None:
    shelf = Shelf(fields=digest(CONTENT), breaks=[300, 300])
    fetched(shelf, tmp_path / "x", attempts=1).failure()
    fetched(shelf, tmp_path / "x").unwrap()
    assert shelf.froms == [None, "bytes=300-", "bytes=600-"]


def test_content_that_was_damaged_once_is_fetched_again(tmp_path: Path) -> None:
    answers = iter([CONTENT[:-1] + b"?", CONTENT])
    fields = {"X-Checksum": str(crc32(CONTENT))}
    fetched(lambda _: Success(Response(200, fields, next(answers))), tmp_path / "x").unwrap()
    assert (tmp_path / "x").read_bytes() == CONTENT


# Progress.


def test_progress_is_told(tmp_path: Path) -> None:
    counting = Counting()
    fetched(Shelf(), tmp_path / "x", progress=counting).unwrap()
    assert (counting.what, counting.total) == (URL.partition("?")[0], len(CONTENT))
    assert counting.done == len(CONTENT)
    assert counting.counts == [100] * 10 + [24]
    assert counting.finished


@given(st.lists(st.integers(0, 140), max_size=6), st.booleans(), st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_progress_is_told_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, breaks: list[int], tagged: bool, attempts: int
) -> None:
    to = tmp_path_factory.mktemp("progress") / "x"
    shelf = Shelf(breaks=breaks, tag=TAG if tagged else None)
    done = 0
    while not to.exists():
        counting = Counting()
        outcome = fetched(shelf, to, progress=counting, attempts=attempts)
        assert counting.finished
        assert isinstance(outcome, Success) is to.exists()
        done = counting.done
    assert done == len(CONTENT)
    assert to.read_bytes() == CONTENT
    if tagged:
        # Of a part that lacks nothing but the server's word for it, the last byte is asked for.
        assert len(CONTENT) <= shelf.given <= len(CONTENT) + len(breaks)


def test_progress_begins_with_what_was_here(tmp_path: Path) -> None:
    shelf = Shelf(breaks=[300])
    fetched(shelf, tmp_path / "x", attempts=1).failure()
    counting = Counting()
    fetched(shelf, tmp_path / "x", progress=counting).unwrap()
    assert counting.counts[0] == 300
    assert (counting.total, counting.done) == (len(CONTENT), len(CONTENT))


def test_a_progress_that_fails_is_not_hidden(tmp_path: Path) -> None:
    class Failing(Counting):
        @override
        def advance(self, count: int, /) -> None:
            raise RuntimeError(f"cannot draw {count}")

    with pytest.raises(RuntimeError, match="cannot draw"):
        fetched(Shelf(), tmp_path / "x", progress=Failing())


# Stopped in the middle.


@pytest.mark.parametrize("at", range(0, 1100, 100))
def test_stopped_at_any_piece_the_same_call_ends_it(tmp_path: Path, at: int) -> None:
    shelf = Shelf(breaks=[at], broken=lambda _: KeyboardInterrupt())
    counting = Counting()
    with pytest.raises(KeyboardInterrupt):
        fetched(shelf, tmp_path / "x", progress=counting)
    assert counting.finished
    assert not (tmp_path / "x").exists()
    assert shelf.streams[0].closed
    fetched(shelf, tmp_path / "x").unwrap()
    assert shelf.froms == [None, f"bytes={at}-" if at else None]
    assert shelf.given == len(CONTENT)
    assert names(tmp_path) == {"x"}
    assert (tmp_path / "x").read_bytes() == CONTENT


def test_stopped_before_an_answer(tmp_path: Path) -> None:
    shelf = Shelf(breaks=[300])
    fetched(shelf, tmp_path / "x", attempts=1).failure()

    def interrupted(_: Request) -> Outcome[Response, ConnectionLost]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetched(interrupted, tmp_path / "x")
    fetched(shelf, tmp_path / "x").unwrap()
    assert shelf.given == len(CONTENT)


SCRIPT: Final = """
import sys
from cvatfn import connect
from cvatfn.transfer.downloading import Saving, download_url
from cvatfn.transfer.progress import Counting, Progress, silent
class Loud(Counting):
    def advance(self, count, /):
        super().advance(count)
        print(self.done, flush=True)
with connect(sys.argv[1]) as connection:
    download_url(connection, "/f", Saving(sys.argv[2], progress=Loud()))
"""


def test_killed_in_the_middle(tmp_path: Path) -> None:
    to, sent = tmp_path / "cats.zip", 3 * MIB

    def most(peer: Peer) -> None:
        peer.request()
        peer.send(ok(LARGE, ETAG)[: -len(LARGE) + sent])
        peer.linger()  # until the client is dead

    with Server(most) as server:
        command = [sys.executable, "-B", "-c", SCRIPT, server.url, str(to)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603 - our own
            assert child.stdout is not None
            while int(child.stdout.readline()) < sent:
                pass
            child.kill()
    assert child.returncode == -signal.SIGKILL
    assert not to.exists()
    with Server(ranged(LARGE, None)) as server, connect(server.url) as connection:
        download_url(connection, "/f", to).unwrap()
        assert begins(server.requests) == [sent]
    assert to.read_bytes() == LARGE
    assert names(tmp_path) == {"cats.zip"}


# On the wire.


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "cats.zip"


def over(
    behaviour: Behaviour, to: Path, *, attempts: int = 40, max_size: int = 1 << 40
) -> tuple[Outcome[Download, TransferError], list[bytes]]:
    with Server(behaviour) as server, connect(server.url, auth=AccessToken(SECRET)) as connection:
        outcome = fetched(connection, to, attempts=attempts, max_size=max_size)
        return outcome, server.requests


def chunked(content: bytes, *fields: str, size: int = 100, end: bytes = b"0\r\n\r\n") -> bytes:
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", *fields))
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + body + end


CODED: Final = gzip.compress(CONTENT)


@pytest.mark.parametrize(
    "answer",
    [
        ok(CONTENT),
        chunked(CONTENT),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + CONTENT,
        b"HTTP/1.0 200 OK\r\n\r\n" + CONTENT,
        ok(CODED, "Content-Encoding: gzip"),  # though `identity` was asked for
        chunked(CODED, "Content-Encoding: gzip"),
    ],
    ids=["length", "chunks", "until close", "HTTP/1.0", "gzip, length", "gzip, chunks"],
)
def test_however_it_is_framed(to: Path, answer: bytes) -> None:
    outcome, (asked,) = over(saying(answer), to)
    assert outcome.unwrap().size == len(CONTENT)
    assert to.read_bytes() == CONTENT
    assert fields_of(asked)["accept-encoding"] == "identity"
    assert fields_of(asked)["authorization"] == f"Bearer {SECRET}"


MIB: Final = 1 << 20
LARGE: Final = b"".join(hashlib.sha256(bytes([n])).digest() * (MIB // 32) for n in range(4)) + b"!"


def begins(requests: list[bytes]) -> list[int]:
    """From which byte on requests ask."""
    return [int(fields_of(each).get("range", "bytes=0-")[6:-1]) for each in requests]


def ranged(content: bytes, cut: int | None) -> Behaviour:
    """Serve ranges, and break off after so many bytes of each answer, head and all."""

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            (first,) = begins([asked])
            status, total = ("206 Partial Content" if first else "200 OK"), len(content)
            fields = [ETAG]
            if first:
                fields.append(f"Content-Range: bytes {first}-{total - 1}/{total}")
            answer = ok(content[first:], *fields, status=status)
            head, _, _ = answer.partition(b"\r\n\r\n")
            if cut is not None and len(answer) > len(head) + 4 + cut:
                peer.send(answer[: len(head) + 4 + cut])
                return
            peer.send(answer)

    return behaviour


@pytest.mark.parametrize("cut", [MIB, MIB + 1, 2 * MIB - 1, 3 * MIB + 500])
def test_cut_on_the_wire(to: Path, cut: int) -> None:
    outcome, asked = over(ranged(LARGE, cut), to)
    assert outcome.unwrap().size == len(LARGE)
    assert to.read_bytes() == LARGE
    steps = [after - before for before, after in pairwise(begins(asked))]
    assert len(steps) >= len(LARGE) // cut
    assert all(cut - MIB < step <= cut for step in steps)  # a piece may be lost with its end


def test_cut_in_each_byte_of_the_head_and_the_body(tmp_path: Path) -> None:
    answer = ok(b"12345", "X-Y: z")
    for cut in range(len(answer)):
        left = iter([answer[:cut]])
        to = tmp_path / str(cut)

        def behaviour(peer: Peer, left: Iterator[bytes] = left) -> None:
            peer.request()
            peer.send(next(left, answer))

        outcome, asked = over(behaviour, to)
        outcome.unwrap()
        assert to.read_bytes() == b"12345"
        assert len(asked) == 2


def test_a_body_shorter_than_announced_is_not_taken_for_whole(to: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + CONTENT[:500]
    outcome, asked = over(saying(answer), to, attempts=3)
    error_of(outcome, ConnectionLost)
    assert len(asked) >= 3
    assert not names(to.parent)


def test_chunks_without_an_end_are_not_taken_for_whole(to: Path) -> None:
    outcome, _ = over(saying(chunked(CONTENT, end=b"")), to, attempts=3)
    error_of(outcome, ConnectionLost)
    assert not names(to.parent)


def test_endless_chunks_on_the_wire(to: Path) -> None:
    def endless(peer: Peer) -> None:
        peer.request()
        peer.send(chunked(b"", ETAG, end=b""))
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        for _ in range(1 << 14):  # a GiB, were it taken
            peer.send(piece)
            if not sent_on(peer):
                return

    outcome, asked = over(endless, to, max_size=1 << 20)
    error_of(outcome, TooLarge)
    assert len(asked) == 1
    assert not names(to.parent)


def sent_on(peer: Peer) -> bool:
    """Whether the client is still there."""
    return peer.quiet_for(0.000_001)


def test_gzip_that_is_a_bomb(to: Path) -> None:
    bomb = gzip.compress(bytes(20 << 20))
    outcome, _ = over(saying(ok(bomb, "Content-Encoding: gzip")), to, max_size=1 << 20)
    error_of(outcome, TooLarge)
    assert not names(to.parent)


def test_elsewhere_nothing_is_sent(to: Path) -> None:
    with (
        Server(saying(ok(b"stolen"))) as other,
        Server(saying(ok(b"", f"Location: {other.url}/x", status="302 Found"))) as server,
        connect(server.url, auth=AccessToken(SECRET)) as connection,
    ):
        error = error_of(download_url(connection, "/f", to), UnexpectedStatus)
        assert SECRET not in repr(error)
        foreign = error_of(download_url(connection, f"{other.url}/f?a=b", to), ForeignOrigin)
        assert SECRET not in repr(foreign)
        assert SECRET not in str(foreign)
        hidden = f"http://127.0.0.1:{server.port}@127.0.0.1:{other.port}/f"
        assert isinstance(download_url(connection, hidden, to), Failure)
        assert other.requests == []
        assert other.connections == 0
        assert len(server.requests) == 1
    assert not names(to.parent)


def test_a_redirect_within_the_server_is_followed(to: Path) -> None:
    behaviour = answering(ok(b"", "Location: /g", status="302 Found"), ok(CONTENT))
    outcome, asked = over(behaviour, to)
    assert outcome.unwrap().size == len(CONTENT)
    assert [request.split()[1] for request in asked] == [URL.encode(), b"/g"]


# Sizes.


def test_memory_stays_as_it_is(to: Path) -> None:
    piece, count = bytes(1 << 20), 200

    def large(_: Request) -> Success[Response]:
        fields = {"Content-Length": str(count << 20), "ETag": TAG}
        return Success(
            Response(200, fields, stream=Pieces(islice(iter(lambda: piece, None), count)))
        )

    class Nowhere:
        size = 0

        def write(self, piece: bytes, /) -> int:
            self.size += len(piece)
            return len(piece)

    nowhere = Nowhere()
    tracemalloc.start()
    try:
        download_url(large, URL, nowhere).unwrap()
        download_url(large, URL, to).unwrap()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert nowhere.size == to.stat().st_size == count << 20
    assert peak < 5 << 20
    to.unlink()


def test_a_connection_serves_one_download_after_another(tmp_path: Path) -> None:
    with Server(ranged(CONTENT, None)) as server, closing(connect(server.url)) as connection:
        assert isinstance(connection, Connection)
        for number in range(5):
            download_url(connection, URL, tmp_path / str(number)).unwrap()
        assert server.connections == 1


def test_different_questions_have_different_parts(tmp_path: Path) -> None:
    name = "a" * 240  # the part's name has no room for all of it
    for number in (1, 2):
        shelf = Shelf(b"%d" % number * 900, breaks=[300, 300], fields={})
        download_url(shelf, f"/f/{number}", Saving(tmp_path / name, effort=hurried(1))).failure()
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".part"]) == 2


def test_a_path_that_ends_as_a_folder_does(tmp_path: Path) -> None:
    shelf = Shelf()
    for overwrite in (False, True):
        to = Saving(f"{tmp_path}/missing/", overwrite=overwrite)
        error_of(download_url(shelf, URL, to), DiskError)
    assert not shelf.requests
    assert not names(tmp_path)


@pytest.mark.parametrize("to", [None, b"bytes", 5])
def test_what_is_no_place(to: object) -> None:
    error_of(download_url(Shelf(), URL, cast("Writable", to)), DiskError)


@pytest.mark.parametrize("raised", [BrokenPipeError(), ValueError(), TypeError()])
@pytest.mark.parametrize("open_file", [False, True])
def test_what_a_progress_raises_is_no_fault_of_the_disk(
    tmp_path: Path, raised: Exception, *, open_file: bool
) -> None:
    class Broken(Counting):
        @override
        def advance(self, count: int, /) -> None:
            raise raised

    with pytest.raises(type(raised)):
        fetched(Shelf(), BytesIO() if open_file else tmp_path / "x", progress=Broken())
    assert open_file or "x" not in names(tmp_path)


def test_what_was_coded_is_not_gone_on_with(to: Path) -> None:
    """Its ranges count the bytes as they were coded; here are others."""
    large = os.urandom(3 << 20)
    coded = gzip.compress(large)
    answer = ok(coded, "Content-Encoding: gzip", ETAG)
    ranges: list[str | None] = []

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            ranges.append(fields_of(asked).get("range"))
            if len(ranges) == 1:
                peer.send(answer[: len(answer) - 1000])
                return
            peer.send(answer)

    outcome, _ = over(behaviour, to)
    outcome.unwrap()
    assert to.read_bytes() == large
    assert ranges == [None, None]


def test_a_coding_that_nobody_asked_for_is_no_file(to: Path) -> None:
    shelf = Shelf(fields={"Content-Encoding": "br"})
    assert "'br'" in str(error_of(download_url(shelf, URL, to), Implausible))
    assert not to.exists()
