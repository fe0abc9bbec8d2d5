"""Imports: in pieces, over a bad network, by several processes; the work is started once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, cast

import pytest
from attrs import evolve

from cvatfn import File, Transport, call, connect, models
from cvatfn.api import jobs, projects, requests, tasks
from cvatfn.codecs.files import Content, FileLike
from cvatfn.errors import ConnectionLost, InvalidParams, Rejected, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox import serve
from cvatfn.transfer.downloading import Saving
from cvatfn.transfer.errors import DiskError, TransferError
from cvatfn.transfer.exporting import export
from cvatfn.transfer.importing import (
    Importing,
    import_annotations,
    import_dataset,
    restore_project,
    restore_task,
)
from cvatfn.transfer.progress import Counting, Progress, silent
from tests.hop.faults import Faults
from tests.hop.hop import Hop
from tests.sandbox.kit import settle
from tests.transfer.downloads import ADA, Place, furnished, hurried
from tests.transfer.uploads import Watched, kind_of

T = TypeVar("T")
FORMAT: Final = "CVAT for images 1.1"
IMPORT: Final = "CVAT 1.1"
IMPORTS: Final = 30

Reply: TypeAlias = Outcome[Response, TransportError]


@pytest.fixture
def place() -> Place:
    return furnished()


@pytest.fixture
def backup(place: Place) -> bytes:
    file = BytesIO()
    export(place.ada, tasks.create_backup_export, quick(file), place.task).unwrap()
    return file.getvalue()


def quick(file: BytesIO) -> Saving:
    return Saving(file, effort=hurried())


def importing(
    file: FileLike, *, progress: Progress = silent, journal: Path | None = None
) -> Importing:
    return Importing(file, piece=512, progress=progress, journal=journal, effort=hurried())


def error_of(outcome: Outcome[object, TransferError], kind: type[T]) -> T:
    error = outcome.failure()
    assert isinstance(error, kind), error
    return error


def ended(place: Place, outcome: Outcome[models.RqId, TransferError]) -> models.Request:
    request = settle(place.ada, outcome.unwrap().rq_id)
    assert request.status is models.RequestStatus.FINISHED, request.message
    return request


def shapes(place: Place, task: int | None = None) -> list[tuple[object, ...]]:
    found = call(place.ada, tasks.retrieve_annotations, task or place.task).unwrap()
    return [(each.type, each.frame, each.points) for each in found.shapes]


def pictures(place: Place, task: int) -> list[bytes]:
    return [
        call(
            place.ada, tasks.retrieve_data, task, type="frame", number=number, quality="original"
        ).unwrap()
        for number in range(3)
    ]


def count(place: Place) -> int:
    return call(place.ada, tasks.list).unwrap().count


def in_pieces(watched: Watched, size: int, piece: int = 512) -> None:
    """Whether an upload went as it should, with not one request too much."""
    pieces = -(-size // piece)
    kinds = watched.kinds
    assert kinds["PATCH"] >= 2
    assert kinds == Counter(start=1, create=1, PATCH=pieces, GET=1, finish=1)


# There and back again.


def exported(place: Place) -> bytes:
    file = BytesIO()
    export(place.ada, tasks.create_dataset_export, quick(file), place.task, format=FORMAT).unwrap()
    return file.getvalue()


@pytest.mark.parametrize("into_job", [True, False])
def test_annotations_come_back(place: Place, *, into_job: bool) -> None:
    before, file = shapes(place), exported(place)
    call(place.ada, tasks.destroy_annotations, place.task).unwrap()
    assert not shapes(place)
    watched, counting = Watched(place.ada), Counting()
    endpoint = jobs.create_annotations if into_job else tasks.create_annotations
    how = importing(File("cats.zip", file), progress=counting)
    ended(
        place,
        import_annotations(
            watched, endpoint, how, place.job if into_job else place.task, format=IMPORT
        ),
    )
    assert shapes(place) == before != []
    in_pieces(watched, len(file))
    assert (counting.what, counting.total, counting.done) == ("cats.zip", len(file), len(file))
    assert counting.finished


def test_the_server_is_told_its_own_name_of_the_file(place: Place) -> None:
    watched = Watched(place.ada)
    how = importing(exported(place))
    ended(
        place,
        import_annotations(
            watched,
            tasks.create_annotations,
            how,
            place.task,
            format=IMPORT,
            filename="mine.zip",
        ),
    )
    last, reply = watched.seen[-1]
    created = next(reply for asked, reply in watched.seen if kind_of(asked) == "create")
    given = created.unwrap().headers.get("upload-filename")
    assert reply.unwrap().status == 202
    assert [value for name, value in last.query if name == "filename"] == [given]


def test_annotations_are_added_or_replaced(place: Place) -> None:
    before, file = shapes(place), exported(place)
    for mode, times in (("append", 2), ("append", 3), ("replace", 1)):
        ended(
            place,
            import_annotations(
                place.ada,
                tasks.create_annotations,
                importing(file),
                place.task,
                format=IMPORT,
                import_mode="append" if mode == "append" else "replace",
            ),
        )
        assert shapes(place) == before * times


def test_a_dataset_comes_back(place: Place) -> None:
    file = BytesIO()
    export(
        place.ada,
        projects.create_dataset_export,
        quick(file),
        place.project,
        format=FORMAT,
        save_images=True,
    ).unwrap()
    body: models.ProjectWriteRequestDict = {"name": "more", "labels": [{"name": "cat"}]}
    project = call(place.ada, projects.create, body).unwrap().id
    watched = Watched(place.ada)
    how = importing(File("pets.zip", file.getvalue()))
    ended(place, import_dataset(watched, project, how, IMPORT))
    in_pieces(watched, len(file.getvalue()))
    (task,) = call(place.ada, tasks.list, project_id=project).unwrap().results
    assert shapes(place, task.id) == shapes(place)
    assert pictures(place, task.id) == pictures(place, place.task)


def test_a_task_comes_back(place: Place, backup: bytes) -> None:
    watched = Watched(place.ada)
    request = ended(place, restore_task(watched, importing(backup)))
    assert request.result_id not in (None, place.task)
    task = request.result_id or 0
    in_pieces(watched, len(backup))
    assert shapes(place, task) == shapes(place)
    assert pictures(place, task) == pictures(place, place.task)


def test_a_project_comes_back(place: Place) -> None:
    file = BytesIO()
    export(place.ada, projects.create_backup_export, quick(file), place.project).unwrap()
    watched = Watched(place.ada)
    request = ended(place, restore_project(watched, importing(file.getvalue())))
    in_pieces(watched, len(file.getvalue()))
    project = request.result_id or 0
    assert project not in (0, place.project)
    (task,) = call(place.ada, tasks.list, project_id=project).unwrap().results
    assert shapes(place, task.id) == shapes(place)
    assert pictures(place, task.id) == pictures(place, place.task)


# Files of all kinds.


class Pipe:
    """Can be read once, and not from another place."""

    def __init__(self, content: bytes) -> None:
        self._left = BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self._left.read(min(size, 100))


@pytest.mark.parametrize("kind", ["path", "bytes", "file", "open", "middle", "pipe", "plain"])
def test_a_file_of_any_kind(tmp_path: Path, place: Place, backup: bytes, kind: str) -> None:
    path = tmp_path / "cats and dögs.zip"
    path.write_bytes(b"not this" + backup if kind == "middle" else backup)
    with path.open("rb") as file:
        if kind == "middle":
            file.seek(8)
        chosen: dict[str, FileLike] = {
            "path": path,
            "bytes": backup,
            "file": File("x.zip", path),
            "open": file,
            "middle": file,
            "pipe": Pipe(backup),
        }
        stood = file.tell()
        how = place.ada, chosen.get(kind, backup)
        outcome = (
            restore_task(*how)
            if kind == "plain"
            else restore_task(place.ada, importing(chosen[kind]))
        )
        ended(place, outcome)
        assert file.tell() == stood
    assert count(place) == 2


def test_a_file_that_is_not_there(tmp_path: Path, place: Place) -> None:
    watched, counting = Watched(place.ada), Counting()
    how = importing(tmp_path / "missing", progress=counting)
    error = error_of(restore_task(watched, how), DiskError)
    assert "missing" in str(error)
    closed = BytesIO()
    closed.close()
    error_of(restore_task(watched, importing(closed)), DiskError)
    assert not watched.seen
    assert counting.finished


def test_a_file_that_changes_is_not_imported(tmp_path: Path, place: Place, backup: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(backup)

    def changing(number: int, _: Request) -> None:
        if number == 4:
            path.write_bytes(backup[:-1] + b"?!")

    watched = Watched(place.ada, changing)
    error_of(restore_task(watched, importing(path)), DiskError)
    assert not watched.kinds["finish"]
    assert count(place) == 1


# What is wrong.


def test_wrong_parameters_are_told_before_anything_is_sent(place: Place, backup: bytes) -> None:
    watched, counting = Watched(place.ada), Counting()
    how = importing(backup, progress=counting)
    annotating = tasks.create_annotations
    form: models.AnnotationFileRequestDict = {"annotation_file": File("x.zip", backup)}
    error_of(import_annotations(watched, annotating, how, cast("int", "x")), InvalidParams)
    assert counting.finished
    error_of(import_annotations(watched, annotating, backup, 1, form), InvalidParams)
    error_of(
        import_annotations(watched, annotating, backup, 1, location="cloud_storage"),
        InvalidParams,
    )
    error_of(import_dataset(watched, cast("int", None), backup, IMPORT), InvalidParams)
    error_of(restore_task(watched, cast("bytes", 7)), InvalidParams)
    error_of(restore_task(watched, File("../x", backup)), InvalidParams)
    assert not watched.seen


def test_what_the_server_refuses(place: Place) -> None:
    file = exported(place)
    wrong = import_annotations(
        place.ada, tasks.create_annotations, importing(file), place.task, format="Cats 9"
    )
    assert "Cats 9" in (error_of(wrong, Rejected).detail or "")
    missing = import_annotations(
        place.ada, tasks.create_annotations, importing(file), 99, format=IMPORT
    )
    assert error_of(missing, Rejected).status == 404


def test_work_that_fails_says_why(place: Place) -> None:
    begun = restore_task(place.ada, importing(b"no archive" * 99)).unwrap()
    request = settle(place.ada, begun.rq_id)
    assert request.status is models.RequestStatus.FAILED
    assert request.message


# Lost answers.


def losing(place: Place, lost: Callable[[str, int], bool], *, acted: bool = True) -> Watched:
    """A transport that loses answers, told by kind and number of the request."""
    seen: Counter[str] = Counter()

    def transport(request: Request) -> Reply:
        kind = kind_of(request)
        number, seen[kind] = seen[kind], seen[kind] + 1
        if not lost(kind, number):
            return place.ada(request)
        if acted:
            place.ada(request)
        return Failure(ConnectionLost(request, "reset", acted))

    return Watched(transport)


@pytest.mark.parametrize("acted", [True, False])
@pytest.mark.parametrize("lost", ["start", "create", "PATCH", "HEAD", "finish"])
def test_an_answer_that_is_lost_starts_the_work_once(
    place: Place, backup: bytes, lost: str, *, acted: bool
) -> None:
    # A HEAD comes only after a PATCH that came to nothing.
    losses = [(lost, 0), ("PATCH", 1)] if lost == "HEAD" else [(lost, 0)]
    watched = losing(place, lambda kind, number: (kind, number) in losses, acted=acted)
    ended(place, restore_task(watched, importing(backup)))
    assert count(place) == 2
    assert watched.kinds["finish"] == (2 if lost == "finish" else 1)


def test_the_answer_to_the_last_piece_is_lost(place: Place, backup: bytes) -> None:
    last = -(-len(backup) // 512) - 1
    watched = losing(place, lambda kind, number: (kind, number) == ("PATCH", last))
    request = ended(place, restore_task(watched, importing(backup)))
    heads = [reply.unwrap().status for asked, reply in watched.seen if asked.method == "HEAD"]
    assert heads == [404]
    assert watched.kinds["finish"] == watched.kinds["create"] == 1
    assert count(place) == 2
    assert request.result_id == 2


def test_the_server_loses_the_file_at_the_last_moment(place: Place, backup: bytes) -> None:
    last = -(-len(backup) // 512) - 1
    inner = losing(place, lambda kind, number: (kind, number) == ("PATCH", last))

    def forgetful(request: Request) -> Reply:
        reply = inner(request)
        if request.method == "HEAD" and inner.kinds["HEAD"] == 1:
            place.sandbox.world = evolve(place.sandbox.world, received={})
        return reply

    ended(place, restore_task(forgetful, importing(backup)))
    assert inner.kinds["finish"] == inner.kinds["create"] == 2
    assert count(place) == 2


def test_a_server_that_loses_it_each_time_is_given_up(place: Place, backup: bytes) -> None:
    def forgetful(request: Request) -> Reply:
        if kind_of(request) == "finish":
            place.sandbox.world = evolve(place.sandbox.world, received={})
        return place.ada(request)

    watched = Watched(forgetful)
    error_of(restore_task(watched, importing(backup)), Rejected)
    assert watched.kinds["finish"] == 1


def test_one_that_loses_it_at_the_last_moment_each_time_too(place: Place, backup: bytes) -> None:
    pieces = -(-len(backup) // 512)
    inner = losing(place, lambda kind, number: kind == "PATCH" and (number + 1) % pieces == 0)

    def forgetful(request: Request) -> Reply:
        assert len(inner.seen) < 99
        reply = inner(request)
        place.sandbox.world = evolve(place.sandbox.world, received={})
        return reply

    error_of(restore_task(forgetful, importing(backup)), Rejected)
    assert inner.kinds["finish"] == 2
    assert count(place) == 1


@pytest.mark.parametrize("looks", [0, 3])
def test_the_answer_to_the_end_is_lost_and_the_work_is_over(
    place: Place, backup: bytes, looks: int
) -> None:
    def slowly(request: Request) -> Reply:
        if kind_of(request) == "finish" and not over:
            over.append(True)
            place.ada(request)
            for _ in range(looks):  # each moves the world's clock on
                call(place.ada, requests.list)
            return Failure(ConnectionLost(request, "reset"))
        return place.ada(request)

    over: list[bool] = []
    watched = Watched(slowly)
    request = ended(place, restore_task(watched, importing(backup)))
    refused = [
        reply.unwrap().status
        for asked, reply in watched.seen
        if kind_of(asked) == "finish" and isinstance(reply, Success)
    ]
    assert refused == [400]  # the file is gone: the list of requests has the work
    assert request.result_id == 2
    assert count(place) == 2


# Over a bad network.


def test_thirty_imports_arrive_whole(place: Place, backup: bytes) -> None:
    faults = Faults(
        seed=3,
        refuse=0.05,
        cut_requests=0.06,
        cut_requests_unseen=0.05,
        cut_answers=0.06,
        drop_answers=0.06,
        status=0.05,
        status_after=0.06,
        delay=0.02,
        in_a_row=5,
    )
    files = exported(place)
    before, images = shapes(place), pictures(place, place.task)
    with serve(place.sandbox) as url:
        hop = Hop(url, faults)
        with hop as address, connect(address, auth=ADA) as ada:
            for number in range(IMPORTS // 2):
                counting = Counting()
                request = ended(place, restore_task(ada, importing(backup, progress=counting)))
                assert counting.done == len(backup)
                assert request.result_id is not None
                assert shapes(place, request.result_id) == before
                assert pictures(place, request.result_id) == images
                assert count(place) == number + 2
            for times in range(2, IMPORTS // 2 + 2):
                ended(
                    place,
                    import_annotations(
                        ada,
                        tasks.create_annotations,
                        importing(files),
                        place.task,
                        format=IMPORT,
                        import_mode="append",
                    ),
                )
                assert shapes(place) == before * times  # once each, not twice
    done = hop.done
    for kind in (
        "Refuse",
        "CutRequest",
        "CutRequestUnseen",
        "CutAnswer",
        "DropAnswer",
        "Status",
        "StatusAfter",
    ):
        assert done[kind] >= 5, done


# Stopped, and taken up again by another process.


@pytest.mark.parametrize("after", [True, False])
def test_stopped_at_any_request_the_same_call_ends_it(
    tmp_path: Path, backup: bytes, *, after: bool
) -> None:
    path, journal = tmp_path / "cats.zip", tmp_path / "journal"
    path.write_bytes(backup)
    requests_needed = 3 + -(-len(backup) // 512)
    for stop in range(requests_needed):
        place = furnished()
        how = importing(path, journal=journal)
        sent = Watched(place.ada)
        with pytest.raises(KeyboardInterrupt):
            restore_task(stopping(sent, stop, after=after), how)
        request = ended(place, restore_task(sent, how))
        assert not journal.exists()
        assert count(place) == 2
        assert shapes(place, request.result_id) == shapes(place)
        assert sum(map(size_of, sent.seen)) <= len(backup) + 512
        assert sent.kinds["create"] <= 2
        if stop == requests_needed - 1:  # all had been sent
            assert not sent.kinds["HEAD"]


def stopping(inner: Transport, stop: int, *, after: bool) -> Transport:
    left = iter(range(stop, -1, -1))

    def transport(request: Request) -> Reply:
        last = next(left) == 0
        if last and not after:
            raise KeyboardInterrupt
        reply = inner(request)
        if last:
            raise KeyboardInterrupt
        return reply

    return transport


def size_of(seen: tuple[Request, Reply]) -> int:
    """Bytes of a piece."""
    request, _ = seen
    body = request.body
    if request.method != "PATCH" or not isinstance(body, Content):
        return 0
    return sum(len(part) if isinstance(part, bytes) else part.size or 0 for part in body.parts)


def test_stopped_at_every_request_it_ends_nevertheless(
    tmp_path: Path, place: Place, backup: bytes
) -> None:
    path, journal = tmp_path / "cats.zip", tmp_path / "journal"
    path.write_bytes(backup)
    sent = Watched(place.ada)
    for _ in range(200):
        try:
            outcome = restore_task(stopping(sent, 2, after=True), importing(path, journal=journal))
        except KeyboardInterrupt:
            continue
        ended(place, outcome)
        break
    assert count(place) == 2
    assert not journal.exists()


def test_a_journal_of_something_else_is_not_touched(
    tmp_path: Path, place: Place, backup: bytes
) -> None:
    journal = tmp_path / "journal"
    for content in (b'"POST elsewhere"\n', b"my diary\n"):
        journal.write_bytes(content)
        watched = Watched(place.ada)
        error_of(restore_task(watched, importing(backup, journal=journal)), DiskError)
        assert journal.read_bytes() == content
        assert not watched.seen


def test_another_file_of_the_same_name_is_sent_anew(
    tmp_path: Path, place: Place, backup: bytes
) -> None:
    path, journal = tmp_path / "cats.zip", tmp_path / "journal"
    path.write_bytes(b"x" * len(backup))
    with pytest.raises(KeyboardInterrupt):
        restore_task(stopping(place.ada, 4, after=True), importing(path, journal=journal))
    path.unlink()
    path.write_bytes(backup + b"")
    ended(place, restore_task(place.ada, importing(path, journal=journal)))
    assert count(place) == 2


def test_where_no_journal_can_be_written(tmp_path: Path, place: Place, backup: bytes) -> None:
    for journal in (tmp_path / "no" / "journal", tmp_path):
        error_of(restore_task(place.ada, importing(backup, journal=journal)), DiskError)
    assert count(place) == 1


def test_pieces_of_nothing() -> None:
    for piece in (0, -1):
        with pytest.raises(ValueError, match="at least 1"):
            Importing(b"1", piece=piece)


def test_what_is_sent_twice_is_taken_back_once(place: Place, backup: bytes) -> None:
    counting, finishes = Counting(), 0

    def losing_it(request: Request) -> Reply:
        nonlocal finishes
        kind = kind_of(request)
        reply = Success(Response(400)) if kind == "finish" and not finishes else place.ada(request)
        if kind == "PATCH" and not finishes:
            return Failure(ConnectionLost(request, "reset by peer"))
        finishes += kind == "finish"
        return reply

    how = Importing(backup, effort=hurried(), progress=counting)
    restore_task(losing_it, how).unwrap()
    assert finishes == 2
    assert counting.done == len(backup)
