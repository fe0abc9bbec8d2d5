"""An upload that is stopped anywhere, and begun again with its journal, ends whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Transport, connect
from cvatfn.errors import Rejected, TransportError
from cvatfn.messages import Request, Response
from cvatfn.models import RqId
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox import serve
from cvatfn.transfer.errors import DiskError, TransferError
from cvatfn.transfer.journal import Journal, Line, Past, read_journal
from cvatfn.transfer.progress import Counting, Progress, silent
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.tus import Spot
from cvatfn.transfer.uploading import upload_data
from tests.transfer.uploads import ADA, HURRIED, Watched, contents, furnished, kind_of, received

SPOT: Final = Spot("/api/tasks/1/data/1_x", "a.zip", 4, 8)
FILES: Final = (
    File("a.jpg", b"a" * 30),
    File("b.jpg", b"b" * 30),
    File("c.jpg", b"c" * 30),
    File("folder/d.jpg", b"d" * 10),
    File("e.jpg", b"0123456789" * 9),
    File("empty.jpg", b""),
)
WHOLE: Final = sorted({**contents(FILES), "it.jpg": b"once only"}.items())
REQUESTS: Final = 10
"""The start, two files in pieces (2 and 4), two batches, the end."""


def files() -> list[File]:
    """The files, one of them as an iterator, which can be read once only."""
    return [*FILES, File("it.jpg", iter([b"once", b" only"]))]


def uploaded(
    transport: Transport,
    journal: Path,
    *,
    task: int = 1,
    given: Sequence[File] | None = None,
    parallel: int = 1,
    progress: Progress = silent,
) -> Outcome[RqId, TransferError]:
    options = Uploading(
        batch=64, piece=40, parallel=parallel, journal=journal, effort=HURRIED, progress=progress
    )
    return upload_data(transport, task, files() if given is None else given, None, options)


class Stop(BaseException):
    """As when someone pressed Ctrl-C."""


class Stopping:
    """From the n-th request on it stops: before it is sent, or after the server has done it."""

    def __init__(self, inner: Transport, number: int, *, after: bool) -> None:
        self.count = 0
        self._inner, self._number, self._after = inner, number, after

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        number, self.count = self.count, self.count + 1
        if number > self._number or (number == self._number and not self._after):
            raise Stop
        reply = self._inner(request)
        if number == self._number:
            raise Stop
        return reply


def stopped(transport: Transport, journal: Path, *, parallel: int = 1) -> bool:
    try:
        uploaded(transport, journal, parallel=parallel).unwrap()
    except Stop:
        return True
    return False


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_stopped_at_any_request_it_ends_whole(after: bool, parallel: int, tmp_path: Path) -> None:
    number = 0
    for number in count():
        sandbox, ada, task = furnished()
        journal = tmp_path / f"{number}"
        if not stopped(Stopping(ada, number, after=after), journal, parallel=parallel):
            assert not journal.exists()
            break
        watched, progress = Watched(ada), Counting()
        begun = uploaded(watched, journal, parallel=parallel, progress=progress).unwrap()
        assert received(sandbox, begun.rq_id) == WHOLE, number
        assert task == 1
        assert progress.done == progress.total == sum(len(content) for _, content in WHOLE)
        assert progress.finished
        assert not journal.exists()
    assert number == REQUESTS


def test_stopped_again_and_again_it_ends_whole(tmp_path: Path) -> None:
    sandbox, ada, _ = furnished()
    journal = tmp_path / "journal"
    runs = count(1)
    while stopped(Stopping(ada, 2, after=True), journal):
        assert next(runs) < 20
    assert next(runs) > 3
    assert received(sandbox, "action=create&target=task&target_id=1") == WHOLE


def test_what_was_sent_is_not_sent_again(tmp_path: Path) -> None:
    _, ada, _ = furnished()
    journal = tmp_path / "journal"
    first = Watched(ada)
    assert stopped(Stopping(first, 5, after=False), journal)
    second = Watched(ada)
    uploaded(second, journal).unwrap()
    assert first.kinds["start"] + second.kinds["start"] == 1
    _, ada, _ = furnished()
    once = Watched(ada)
    uploaded(once, tmp_path / "other").unwrap()
    both = first.kinds + second.kinds
    assert both["create"] == once.kinds["create"]
    assert both["batch"] == once.kinds["batch"]
    assert both["PATCH"] == once.kinds["PATCH"]
    assert both["HEAD"] == 1


@given(st.integers(0, REQUESTS), st.integers(1, 200))
def test_half_a_last_line_is_passed_over(number: int, cut: int) -> None:
    with TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        sandbox, ada, _ = furnished()
        stopped(Stopping(ada, number, after=False), journal)
        if journal.exists():
            written = journal.read_bytes()
            last = len(written) - written.rindex(b"\n") - 1
            journal.write_bytes(written[: len(written) - min(cut, last)])
        begun = uploaded(ada, journal).unwrap()
        assert received(sandbox, begun.rq_id) == WHOLE
        assert not journal.exists()


def test_a_start_that_was_refused_is_no_start(tmp_path: Path) -> None:
    sandbox, ada, _ = furnished()
    journal = tmp_path / "journal"
    refused = uploaded(ada, journal, task=2).failure()
    assert isinstance(refused, Rejected)
    watched = Watched(ada)
    assert isinstance(uploaded(watched, journal, task=2).failure(), Rejected)
    assert [kind_of(request) for request, _ in watched.seen] == ["start"]
    begun = uploaded(ada, journal).unwrap()  # nothing is in the journal yet
    assert received(sandbox, begun.rq_id) == WHOLE


def test_a_journal_of_another_task_is_refused(tmp_path: Path) -> None:
    _, ada, _ = furnished()
    journal = tmp_path / "journal"
    assert stopped(Stopping(ada, 5, after=True), journal)
    before, watched = journal.read_bytes(), Watched(ada)
    error = uploaded(watched, journal, task=2).failure()
    assert isinstance(error, DiskError)
    assert "no journal of an upload to task 2" in error.reason
    assert (watched.seen, journal.read_bytes()) == ([], before)


@pytest.mark.parametrize("content", [b"GIF89a\n\x00", b"{}", b"\n{}", b"7\n" * 9, b"x" * 200_000])
def test_what_is_no_journal_is_left_alone(content: bytes, tmp_path: Path) -> None:
    _, ada, _ = furnished()
    journal = tmp_path / "holiday.gif"
    journal.write_bytes(content)
    watched = Watched(ada)
    assert isinstance(uploaded(watched, journal).failure(), DiskError)
    assert (watched.seen, journal.read_bytes()) == ([], content)


@pytest.mark.parametrize("name", [".", "there/is/no/such/folder", "null\0byte"])
def test_a_journal_that_cannot_be_written_is_a_failure(name: str, tmp_path: Path) -> None:
    _, ada, _ = furnished()
    error = uploaded(ada, Path(f"{tmp_path}/{name}")).failure()
    assert isinstance(error, DiskError)
    assert error.reason


def test_a_journal_that_cannot_be_removed_harms_nothing(tmp_path: Path) -> None:
    sandbox, ada, _ = furnished()
    journal = tmp_path / "journal"

    def replaced(_: int, request: Request) -> None:
        if kind_of(request) == "finish":
            journal.unlink()
            journal.mkdir()

    begun = uploaded(Watched(ada, replaced), journal).unwrap()
    assert received(sandbox, begun.rq_id) == WHOLE


def on_disk(folder: Path) -> list[File]:
    for name, content in contents(FILES).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return [File(file.name, folder / file.name) for file in FILES]


@pytest.mark.parametrize("number", range(2, REQUESTS))
def test_files_that_changed_between_the_runs_are_refused_or_sent_anew(
    number: int, tmp_path: Path
) -> None:
    sandbox, ada, _ = furnished()
    journal, local = tmp_path / "journal", on_disk(tmp_path)
    with pytest.raises(Stop):
        uploaded(Stopping(ada, number, after=True), journal, given=local)
    before = sandbox.world
    for file in FILES:
        sandbox.world = before
        kept = (tmp_path / file.name).stat()
        (tmp_path / file.name).write_bytes(b"other")
        outcome = uploaded(ada, journal, given=local)
        (tmp_path / file.name).write_bytes(contents([file])[file.name])
        os.utime(tmp_path / file.name, ns=(kept.st_atime_ns, kept.st_mtime_ns))
        match outcome:
            case Failure(DiskError(path, reason)):
                assert path == file.name
                assert "changed since" in reason
            case Failure(error):  # its last piece had come, the journal did not know of it yet
                assert isinstance(error, Rejected)
                assert error.status == 409
            case Success(begun):
                expected = sorted({**contents(FILES), file.name: b"other"}.items())
                assert received(sandbox, begun.rq_id) == expected
                return  # the journal is gone


def test_a_file_that_was_sent_and_is_not_given_any_more_is_told(tmp_path: Path) -> None:
    _, ada, _ = furnished()
    journal = tmp_path / "journal"
    assert stopped(Stopping(ada, 7, after=True), journal)
    watched = Watched(ada)
    given_now = [file for file in files() if file.name != "e.jpg"]
    error = uploaded(watched, journal, given=given_now).failure()
    assert isinstance(error, DiskError)
    assert (error.path, watched.seen) == ("e.jpg", [])
    assert "not given now" in error.reason


CHILD: Final = """
import sys
from pathlib import Path
from cvatfn import connect
from tests.transfer.test_journal import uploaded
from tests.transfer.uploads import ADA
with connect(sys.argv[1], auth=ADA) as connection:
    uploaded(connection, Path(sys.argv[2])).unwrap()
"""


@pytest.mark.parametrize("number", [0, 3, 6, REQUESTS - 1])
def test_a_process_that_was_killed(number: int, tmp_path: Path) -> None:
    sandbox, _, _ = furnished()
    journal = tmp_path / "journal"
    reached, killed, acted = Event(), Event(), Event()
    counted = count()

    def held_up(request: Request) -> Outcome[Response, TransportError]:
        if next(counted) != number:
            return sandbox(request)
        reached.set()
        killed.wait(60)
        reply = sandbox(request)  # it is done all the same, when nobody waits for it any more
        acted.set()
        return reply

    with serve(held_up) as url:
        command = [sys.executable, "-c", CHILD, url, str(journal)]
        paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        child = subprocess.Popen(command, env=paths)  # noqa: S603 - our own words
        try:
            assert reached.wait(60)
        finally:
            child.kill()
            child.wait()
            killed.set()
        assert acted.wait(60)
        assert journal.exists() == bool(number)
        with connect(url, auth=ADA) as connection:
            begun = uploaded(connection, journal).unwrap()
    assert child.returncode < 0
    assert received(sandbox, begun.rq_id) == WHOLE
    assert not journal.exists()


# The file itself.


def test_a_journal_tells_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, "task 1")
    lines = [
        Line("started"),
        Line("sending", {"a.png": "1", "ü\n.png": "2"}),
        Line("sent", {"a.png": "1"}),
        Line("standing", {"a.zip": "3"}, SPOT),
    ]
    for line in lines:
        assert journal.write(line) is None
    past = read_journal(path, "task 1").unwrap()
    assert past.started
    assert past.sent == {"a.png": "1"}
    assert past.doubted == {"a.png": "1", "ü\n.png": "2"}
    assert past.standing == {"a.zip": ("3", SPOT)}
    journal.close()
    assert read_journal(path, "task 1") == Success(Past())
    journal.close()


def test_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, "task 1")
    journal.write(Line("started"))
    for part in (b'\n{"done":"sent","marks":{"a', b"\n\xff\x00", b"\n[]", b'\n{"done":"eaten"}'):
        with path.open("ab") as file:
            file.write(part)
    journal.write(Line("sent", {"b": "2"}))
    past = read_journal(path, "task 1").unwrap()
    assert (past.started, past.sent) == (True, {"b": "2"})


def test_a_long_journal_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, "task 1")
    marks = {f"{number:09}" * 12: "m" * 32 for number in range(50_000)}
    for _ in range(10):
        journal.write(Line("sending", marks))
    journal.write(Line("sent", {"last": "1"}))
    assert path.stat().st_size > 1 << 26
    assert read_journal(path, "task 1").unwrap().sent == {"last": "1"}


def test_without_a_path_nothing_is_noted() -> None:
    journal = Journal(None, "task 1")
    assert journal.write(Line("started")) is None
    journal.close()
    assert read_journal(None, "task 1") == Success(Past())
