"""An upload that is stopped anywhere, and begun again with its journal, ends whole."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import IO, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Transport, connect
from cvatfn.errors import Rejected, TransportError
from cvatfn.messages import Request, Response
from cvatfn.models import RqId
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import serve
from cvatfn.transfer import holding
from cvatfn.transfer import journal as journal_module
from cvatfn.transfer.errors import DiskError, TransferError
from cvatfn.transfer.journal import Journal, Line, Past, journal_at
from cvatfn.transfer.progress import Counting, Progress, silent
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.tus import Spot
from cvatfn.transfer.uploading import upload_data
from cvatfn.transport import retrying
from cvatfn.transport.whom import server_of
from tests.concurrency.processes import forking, forks
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
        self.origin = server_of(inner)
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
        assert journal.exists()
        with connect(url, auth=ADA) as connection:
            begun = uploaded(connection, journal).unwrap()
    assert child.returncode < 0
    assert received(sandbox, begun.rq_id) == WHOLE
    assert not journal.exists()


# The file itself.


def opened(path: Path | None, subject: str = "task 1", origin: str | None = None) -> Journal:
    return journal_at(path, subject, origin).unwrap()


def past_of(path: Path | None, subject: str = "task 1") -> Past:
    with opened(path, subject) as journal:
        return journal.past


def refusal(path: Path, subject: str = "task 1", origin: str | None = None) -> str:
    error = journal_at(path, subject, origin).failure()
    assert error.path == str(path)
    return error.reason


def test_a_journal_tells_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    lines = [
        Line("started"),
        Line("sending", {"a.png": "1", "ü\n.png": "2"}),
        Line("sent", {"a.png": "1"}),
        Line("standing", {"a.zip": "3"}, SPOT),
    ]
    with opened(path) as journal:
        assert journal.past == Past()
        for line in lines:
            assert journal.write(line) is None
    with opened(path) as journal:
        past = journal.past
        assert past.started
        assert past.sent == {"a.png": "1"}
        assert past.doubted == {"a.png": "1", "ü\n.png": "2"}
        assert past.standing == {"a.zip": ("3", SPOT)}
        journal.over()
    assert not path.exists()


def test_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        journal.write(Line("started"))
        for part in (
            b'\n{"done":"sent","marks":{"a',
            b"\n\xff\x00",
            b"\n[]",
            b'\n{"done":"eaten"}',
        ):
            with path.open("ab") as file:
                file.write(part)
        journal.write(Line("sent", {"b": "2"}))
    past = past_of(path)
    assert (past.started, past.sent) == (True, {"b": "2"})


def test_a_long_journal_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    marks = {f"{number:09}" * 12: "m" * 32 for number in range(50_000)}
    with opened(path) as journal:
        for _ in range(10):
            journal.write(Line("sending", marks))
        journal.write(Line("sent", {"last": "1"}))
    assert path.stat().st_size > 1 << 26
    assert past_of(path).sent == {"last": "1"}


def test_without_a_path_nothing_is_noted() -> None:
    with opened(None) as journal:
        assert journal.write(Line("started")) is None
    assert past_of(None) == Past()


def test_a_journal_in_which_nothing_was_done_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path):
        written = path.read_bytes()
    assert not path.exists()
    path.write_bytes(written)  # as when the process was killed
    with opened(path, "task 2", "https://other.example") as journal:
        journal.write(Line("started"))
    assert "task 1" in refusal(path)


def test_a_journal_of_a_former_release_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b'"task 1"\n{"done":"started","marks":{},"spot":null}')
    assert "task 2" in refusal(path, "task 2")
    with opened(path, origin="https://cvat.example") as journal:
        assert journal.resumed
        journal.write(Line("sent", {"b": "2"}))
    assert past_of(path).sent == {"b": "2"}


def test_what_a_request_does_is_in_the_journal_on_the_disk_before_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, synced = tmp_path / "journal", os.fsync
    on_disk = [b""]

    def fsync(number: int) -> None:
        synced(number)
        on_disk.append(journal.read_bytes())

    def announced(_: int, request: Request) -> None:
        match kind_of(request):
            case "batch":
                assert b'"sending"' in on_disk[-1].rpartition(b"\n")[2]
            case "PATCH":
                last = on_disk[-1].rpartition(b"\n")[2]
                assert b'"standing"' in last
                assert f'"offset":{request.headers.get("upload-offset")}'.encode() in last
            case _:
                pass

    _, ada, _ = furnished()
    monkeypatch.setattr(os, "fsync", fsync)
    watched = Watched(ada, announced)
    uploaded(watched, journal).unwrap()
    assert watched.kinds["batch"]
    assert watched.kinds["PATCH"]


# One upload to one server, and one process at a time.


def test_a_journal_of_another_server_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path, origin="https://a.example") as journal:
        journal.write(Line("started"))
    written = path.read_bytes()
    reason = refusal(path, origin="https://b.example")
    assert "an upload to https://a.example, and this one is to https://b.example" in reason
    assert path.read_bytes() == written
    with opened(path, origin="https://a.example") as journal:
        assert journal.resumed
    with opened(path) as journal:  # who does not say whom it speaks to cannot be compared
        assert journal.resumed


def test_two_servers_with_the_same_task_do_not_mix(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    sandboxes = [furnished()[0] for _ in range(2)]
    with serve(sandboxes[0]) as first, serve(sandboxes[1]) as second:
        with connect(first, auth=ADA) as connection:
            assert stopped(Stopping(connection, 5, after=True), journal)
        with connect(second, auth=ADA) as connection:
            error = uploaded(retrying(connection, constant(1)), journal).failure()
        assert isinstance(error, DiskError)
        assert first in error.reason
        assert second in error.reason
        with connect(first, auth=ADA) as connection:
            begun = uploaded(connection, journal).unwrap()
    assert received(sandboxes[0], begun.rq_id) == WHOLE
    assert not sandboxes[1].world.uploads


def test_a_second_upload_with_the_same_journal_is_told_who_has_it(tmp_path: Path) -> None:
    sandbox, ada, _ = furnished()
    journal = tmp_path / "journal"
    told: list[DiskError] = []
    watched = Watched(ada)

    def meanwhile(number: int, _: Request) -> None:
        if number == 3:
            error = uploaded(watched, journal).failure()
            assert isinstance(error, DiskError)
            told.append(error)

    begun = uploaded(Watched(ada, meanwhile), journal).unwrap()
    [error] = told
    assert f"process {os.getpid()} on " in error.reason
    assert watched.seen == []
    assert received(sandbox, begun.rq_id) == WHOLE
    assert not journal.exists()


HOLDING: Final = """
import sys
from pathlib import Path
from cvatfn.transfer.journal import Line, journal_at
journal = journal_at(Path(sys.argv[1]), "task 1", None).unwrap()
journal.write(Line("started"))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_journal_is_let_go_by_the_end_of_its_process_however_that_comes(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    command = [sys.executable, "-c", HOLDING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"ready\n"
            assert f"process {other.pid} on " in refusal(path)
        finally:
            other.kill()
            other.wait()
    assert past_of(path).started


def test_a_journal_that_was_finished_while_somebody_opened_it_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"another upload's, which is over in a moment")
    locks = holding.held

    def removed(file: IO[bytes]) -> bool | None:
        path.unlink(missing_ok=True)
        monkeypatch.setattr(journal_module, "held", locks)
        return locks(file)

    monkeypatch.setattr(journal_module, "held", removed)
    with opened(path) as journal:
        journal.write(Line("started"))
    assert past_of(path).started


def test_where_files_cannot_be_locked_uploads_go_on_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with opened(tmp_path / "journal") as journal, opened(tmp_path / "journal"):
        assert journal.write(Line("started")) is None


@forks
def test_a_forked_process_has_nothing_of_its_parents_journal(tmp_path: Path) -> None:
    path, refused, leave = tmp_path / "journal", multiprocessing.Event(), multiprocessing.Event()
    journal = opened(path)

    def child() -> None:
        with journal:
            assert journal.write(Line("started")) is None
        assert "in use by" in refusal(path)
        refused.set()
        leave.wait(60)

    with forking(child):
        assert journal.write(Line("sent", {"b": "2"})) is None
        refused.wait(60)
        with journal:
            pass
        assert past_of(path) == Past(sent={"b": "2"})  # though the child lives
        leave.set()
