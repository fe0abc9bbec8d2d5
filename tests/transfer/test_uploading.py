"""`upload_data` against the sandbox: however files come and go, the task is the same."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, cast

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from cvatfn import File, call, models
from cvatfn.api import tasks
from cvatfn.codecs.files import Content, FileLike
from cvatfn.errors import InvalidParams, Rejected, TransportError, Unsendable
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.progress import Counting
from cvatfn.transfer.sending import MOST_FILES, Uploading
from cvatfn.transfer.uploading import AtUrls, InCloud, Media, OnShare, upload_data
from cvatfn.transport.contents import pieces_of
from tests.sandbox.kit import settle
from tests.transfer.uploads import (
    HURRIED,
    Watched,
    content_of,
    contents,
    frames,
    furnished,
    kind_of,
    new_task,
    picture,
    received,
)

NAMES: Final = ("b.bmp", "a.bmp", "c/b.bmp", "c/a.bmp", "10.bmp", "9.bmp", "ü ñ'\".bmp")
PICTURES: Final = [picture(name, number) for number, name in enumerate(NAMES)]
PREDEFINED: Final[models.DataRequestDict] = {"sorting_method": "predefined"}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_every_kind_of_file_becomes_a_frame(tmp_path: Path, temporary: Path) -> None:
    sandbox, ada, task = furnished()
    path, opened_path = tmp_path / "path.bmp", tmp_path / "opened.bmp"
    pictures = [content_of(picture("", number)) for number in range(6)]
    path.write_bytes(pictures[0])
    opened_path.write_bytes(pictures[1])
    standing = BytesIO(b"..." + pictures[2])
    standing.seek(3)
    pieces = [pictures[3][start : start + 5] for start in range(0, len(pictures[3]), 5)]
    with opened_path.open("rb") as opened:
        begun = upload_data(
            ada,
            task,
            [
                path,
                opened,
                File("standing.bmp", standing),
                File("deep/in/folders.bmp", iter(pieces)),
                File("bytes.bmp", pictures[4]),
                pictures[5],
            ],
            PREDEFINED,
        ).unwrap()
        assert (opened.closed, opened.tell(), standing.tell()) == (False, 0, 3)
    names = [
        "path.bmp",
        "opened.bmp",
        "standing.bmp",
        "deep/in/folders.bmp",
        "bytes.bmp",
        "file",
    ]
    assert received(sandbox, begun.rq_id) == sorted(zip(names, pictures, strict=True))
    assert frames(ada, task, begun.rq_id) == list(zip(names, pictures, strict=True))
    assert list(temporary.iterdir()) == []


def test_temporary_files_go_after_a_failure_too(temporary: Path) -> None:
    _, ada, _ = furnished()
    files = [File("a", iter([b"1"])), File("b/c", iter([b"2"]))]
    kept: list[int] = []
    watched = Watched(ada, lambda _n, _request: kept.append(len(list(temporary.iterdir()))))
    assert isinstance(upload_data(watched, 99, files).failure(), Rejected)
    assert kept == [2]
    assert list(temporary.iterdir()) == []


@given(
    st.integers(1, 400),
    st.integers(1, 200),
    st.integers(1, 5),
    st.permutations(PICTURES),
)
def test_however_it_is_cut_the_task_is_the_same(
    batch: int, piece: int, parallel: int, given_files: Sequence[File]
) -> None:
    _, ada, task = furnished()
    progress = Counting()
    options = Uploading(batch=batch, piece=piece, parallel=parallel, progress=progress)
    begun = upload_data(ada, task, given_files, PREDEFINED, options).unwrap()
    expected = [(file.name, content_of(file)) for file in given_files]
    assert frames(ada, task, begun.rq_id) == expected
    assert progress.done == progress.total == sum(len(content) for _, content in expected)
    assert (progress.what, progress.finished) == (f"task {task}", True)


def test_an_order_of_ones_own_stays() -> None:
    sandbox, ada, task = furnished()
    order = sorted(file.name for file in PICTURES)
    spec = models.DataRequest(
        image_quality=50, sorting_method=models.SortingMethod.PREDEFINED, upload_file_order=order
    )
    begun = upload_data(ada, task, PICTURES, spec).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == order
    media = sandbox.world.tasks[task].media
    assert media is not None
    assert media.image_quality == 50


def test_without_an_order_the_server_sorts_and_keeps_at_70() -> None:
    sandbox, ada, task = furnished()
    begun = upload_data(ada, task, PICTURES).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == sorted(NAMES)
    media = sandbox.world.tasks[task].media
    assert media is not None
    assert media.image_quality == 70


def test_many_small_files_go_in_few_requests() -> None:
    sandbox, ada, task = furnished()
    files = [picture(f"{number:04}.bmp", number) for number in range(1500)]
    watched = Watched(ada)
    begun = upload_data(watched, task, files).unwrap()
    assert watched.kinds == {"start": 1, "batch": 2, "finish": 1}
    assert received(sandbox, begun.rq_id) == sorted(contents(files).items())
    assert len(files) > MOST_FILES


def test_what_goes_how() -> None:
    _, ada, task = furnished()
    watched = Watched(ada)
    files = [File("small", b"1" * 10), File("large", b"2" * 101), File("empty", b"")]
    upload_data(watched, task, files, None, Uploading(batch=100, piece=50)).unwrap()
    assert watched.kinds == {"start": 1, "create": 1, "PATCH": 3, "batch": 1, "finish": 1}
    assert kind_of(watched.seen[0][0]) == "start"
    assert kind_of(watched.seen[-1][0]) == "finish"


def test_a_file_of_nothing() -> None:
    for options in (Uploading(), Uploading(batch=1)):
        for name in ("empty.jpg", "folder/empty.jpg"):
            sandbox, ada, task = furnished()
            progress = Counting()
            files = [File(name, b"")]
            options = evolve(options, progress=progress)
            begun = upload_data(ada, task, files, PREDEFINED, options).unwrap()
            assert received(sandbox, begun.rq_id) == [(name, b"")]
            assert (progress.total, progress.done, progress.finished) == (0, 0, True)


def test_files_of_the_spec_come_after_the_others() -> None:
    _, ada, task = furnished()
    first, *rest = PICTURES
    spec: models.DataRequestDict = {**PREDEFINED, "client_files": rest}
    begun = upload_data(ada, task, [first], spec).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == list(NAMES)
    other = new_task(ada)
    begun = upload_data(ada, other, (), spec).unwrap()
    assert [name for name, _ in frames(ada, other, begun.rq_id)] == list(NAMES[1:])


def test_files_may_be_generated() -> None:
    sandbox, ada, task = furnished()
    begun = upload_data(ada, task, (file for file in PICTURES)).unwrap()
    assert received(sandbox, begun.rq_id) == sorted(contents(PICTURES).items())


def test_what_no_form_can_say_is_said() -> None:
    sandbox, ada, task = furnished()
    mapping = [["9.bmp", "b.bmp"], ["c/a.bmp"], ["a.bmp", "10.bmp", "c/b.bmp", NAMES[-1]]]
    begun = upload_data(ada, task, PICTURES, {"job_file_mapping": mapping}).unwrap()
    order = [name for job in mapping for name in job]
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == order
    jobs = [(job.start, job.stop) for job in sandbox.world.jobs.values()]
    assert jobs == [(0, 1), (2, 2), (3, 6)]


# What the server itself can reach.


def test_media_on_the_share() -> None:
    sandbox, ada, task = furnished()
    sandbox.world = evolve(sandbox.world, share=contents(PICTURES))
    begun = upload_data(ada, task, OnShare(["c/", "a.bmp"], exclude=["c/b.bmp"])).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == ["a.bmp", "c/a.bmp"]


def test_media_in_the_web() -> None:
    sandbox, ada, task = furnished()
    urls = {f"https://web.example/{file.name}": content_of(file) for file in PICTURES[:2]}
    sandbox.world = evolve(sandbox.world, web=urls)
    watched = Watched(ada)
    begun = upload_data(watched, task, AtUrls(list(urls)), {"image_quality": 40}).unwrap()
    assert len(watched.seen) == 1
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == ["a.bmp", "b.bmp"]


def test_media_in_a_cloud_storage() -> None:
    sandbox, ada, task = furnished()
    sandbox.world = evolve(sandbox.world, clouds={7: contents(PICTURES)})
    begun = upload_data(ada, task, InCloud(7, ["b.bmp", "c/a.bmp"]), PREDEFINED).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == ["b.bmp", "c/a.bmp"]
    work = sandbox.world.backgrounds[begun.rq_id].work
    assert isinstance(work, CreateData)
    assert work.settings.cloud_storage_id == 7


def test_media_that_the_server_refuses() -> None:
    sandbox, ada, task = furnished()
    sandbox.world = evolve(sandbox.world, share={"a": b""})
    for media in (AtUrls(["ftp://web.example/a"]), InCloud(9, ["a"])):
        error = upload_data(ada, task, media).failure()
        assert isinstance(error, Rejected)
        assert error.status == 400
    begun = upload_data(ada, task, OnShare(["b"])).unwrap()
    assert settle(ada, begun.rq_id).status is models.RequestStatus.FAILED


def test_the_share_may_be_named_beside_local_files() -> None:
    sandbox, ada, task = furnished()
    sandbox.world = evolve(sandbox.world, share={"s.bmp": content_of(PICTURES[0])})
    begun = upload_data(ada, task, PICTURES[1:2], {"server_files": ["s.bmp"]}).unwrap()
    assert [name for name, _ in frames(ada, task, begun.rq_id)] == ["a.bmp", "s.bmp"]


# Nothing is sent.


FINE: Final = [File("a", b"1")]


@pytest.mark.parametrize(
    ("media", "spec", "said"),
    [
        ((), None, "files: are none"),
        (OnShare(()), None, "files: are none"),
        (AtUrls(()), None, "files: are none"),
        (InCloud(1, ()), None, "files: are none"),
        (FINE, {"sorting": "natural"}, "did you mean 'sorting_method'"),
        (FINE, {"image_quality": "high"}, "image_quality"),
        (FINE, {"image_quality": 101}, "image_quality"),
        (FINE, {"client_files": [File("a", b"2")]}, "same name as files[0]"),
        (FINE, {"client_files": ["a.png"]}, "client_files[0]"),
        (FINE, [], "expected DataRequest"),
        ([File("../a", b"")], None, "files[0]"),
        ([File("", b"")], None, "files[0]"),
        (["a.png"], None, "a path is given as `Path(...)`"),
        (Path("a.png"), None, "give one file as `[file]`"),
        (b"123", None, "give one file as `[file]`"),
        (BytesIO(b"1\n2\n"), None, "give one file as `[file]`"),
        (File("a", b""), None, "give one file as `[file]`"),
        (None, None, "give one file as `[file]`"),
        (AtUrls("https://web.example/a"), None, "remote_files"),
        (OnShare("share"), None, "server_files"),
        (InCloud("7", ["a"]), None, "cloud_storage_id"),  # type: ignore[arg-type]  # on purpose
    ],
)
def test_what_is_wrong_is_known_before(
    media: Media, spec: models.DataRequestLike | None, said: str
) -> None:
    _, ada, task = furnished()
    watched, progress = Watched(ada), Counting()
    error = upload_data(watched, task, media, spec, Uploading(progress=progress)).failure()
    assert isinstance(error, InvalidParams)
    assert said in str(error)
    assert watched.seen == []
    assert (progress.what, progress.finished) == (None, True)


def test_a_path_that_is_not_there_is_known_before(tmp_path: Path) -> None:
    _, ada, task = furnished()
    watched = Watched(ada)
    for wrong in (tmp_path / "missing", File("b", tmp_path)):
        files: list[FileLike] = [*FINE, wrong]
        assert isinstance(upload_data(watched, task, files).failure(), DiskError)
    assert watched.seen == []


def test_a_task_of_another_type_is_known_before() -> None:
    _, ada, _ = furnished()
    watched = Watched(ada)
    error = upload_data(watched, "1", FINE).failure()  # type: ignore[arg-type]  # on purpose
    assert isinstance(error, InvalidParams)
    assert watched.seen == []


def test_numbers_that_are_not_positive() -> None:
    makers: tuple[Callable[[], Uploading], ...] = (
        lambda: Uploading(batch=0),
        lambda: Uploading(piece=0),
        lambda: Uploading(parallel=-1),
    )
    for make in makers:
        with pytest.raises(ValueError, match="at least 1"):
            make()


# Failures.


def test_a_failure_is_told_and_progress_ends() -> None:
    for files in (PICTURES, FINE):
        _, ada, task = furnished()
        call(ada, tasks.destroy, task).unwrap()
        progress = Counting()
        error = upload_data(ada, task, files, None, Uploading(progress=progress)).failure()
        assert isinstance(error, Rejected)
        assert error.status == 404
        assert (progress.done, progress.finished) == (0, True)


def test_a_task_that_has_media_is_refused() -> None:
    _, ada, task = furnished()
    begun = upload_data(ada, task, PICTURES).unwrap()
    settle(ada, begun.rq_id)
    error = upload_data(ada, task, FINE).failure()
    assert isinstance(error, Rejected)
    assert error.status == 400


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 3)


def replace(path: Path) -> None:
    stood = path.stat()
    path.write_bytes(b"?" * stood.st_size)
    os.utime(path, ns=(stood.st_atime_ns, stood.st_mtime_ns + 1))


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("options", [Uploading(), Uploading(batch=1, piece=4)], ids=["", "pieces"])
@pytest.mark.parametrize("change", [grow, shrink, replace, remove])
def test_a_file_that_changes_on_the_way_is_a_failure(
    change: Callable[[Path], None], options: Uploading, tmp_path: Path
) -> None:
    path = tmp_path / "cats.bin"
    path.write_bytes(b"0123456789")
    _, ada, task = furnished()

    def changing(number: int, _: Request) -> None:
        if not number:
            change(path)

    watched, progress = Watched(ada, changing), Counting()
    options = evolve(options, progress=progress, effort=HURRIED)
    error = upload_data(watched, task, [path], None, options).failure()
    assert isinstance(error, DiskError | Unsendable)
    assert "cats.bin" in str(error)
    assert any(word in str(error) for word in ("has changed", "ended", "No such file"))
    assert progress.finished
    assert not watched.kinds["finish"]


def test_a_file_that_grew_is_not_sent_beyond_its_size(tmp_path: Path) -> None:
    path = tmp_path / "cats.bin"
    path.write_bytes(b"0123456789")
    sandbox, ada, task = furnished()
    watched = Watched(ada, lambda number, _: None if number else grow(path))
    upload_data(watched, task, [path], None, Uploading(effort=HURRIED)).failure()
    assert [file.content for file in sandbox.world.uploads[task].files] == [b"0123456789"]


def test_what_a_progress_raises_is_its_own() -> None:
    class Full(Counting):
        def advance(self, count: int, /) -> None:
            raise OSError(f"no paper for {count}")

    _, ada, task = furnished()
    progress = Full()
    with pytest.raises(OSError, match="no paper"):
        upload_data(ada, task, FINE, None, Uploading(progress=progress))
    assert progress.finished


@pytest.mark.parametrize("batch", [1, 1 << 30], ids=["pieces", "batch"])
def test_a_large_file_takes_little_memory(batch: int, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(24 << 20)

    def swallowing(request: Request) -> Outcome[Response, TransportError]:
        came = 0
        if isinstance(request.body, Content):
            came = sum(len(piece) for piece in pieces_of(request.body))
        offset = int(request.headers.get("upload-offset") or 0) + came
        said = {"Location": "/x", "Upload-Offset": str(offset), "Content-Type": "application/json"}
        return Success(
            Response(201, said, b'{"rq_id":"1"}' if kind_of(request) == "finish" else b"")
        )

    upload_data(swallowing, 1, [path], None, Uploading(batch=batch)).unwrap()
    tracemalloc.start()
    try:
        upload_data(swallowing, 1, [path], None, Uploading(batch=batch)).unwrap()
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_an_id_that_is_none_is_known_before() -> None:
    _, ada, _ = furnished()
    watched = Watched(ada)
    error = upload_data(watched, cast("int", "1"), [PICTURES[0]]).failure()
    assert isinstance(error, InvalidParams)
    assert not watched.seen


def test_a_list_of_files_that_breaks_is_no_exception() -> None:
    def listed() -> Iterator[FileLike]:
        yield PICTURES[0]
        raise PermissionError("not yours")

    _, ada, task = furnished()
    watched = Watched(ada)
    error = upload_data(watched, task, listed()).failure()
    assert isinstance(error, InvalidParams)
    assert "not yours" in str(error)
    assert not watched.seen


@pytest.mark.parametrize("parallel", [1, 2])
def test_what_was_never_sent_is_not_doubted(tmp_path: Path, parallel: int) -> None:
    _, ada, task = furnished()
    many = [picture(f"{number}.bmp", number) for number in range(20)]
    journal = tmp_path / "journal"

    def refusing(request: Request) -> Outcome[Response, TransportError]:
        refused = kind_of(request) == "batch"
        return Success(Response(400)) if refused else ada(request)

    options = Uploading(effort=HURRIED, batch=100, parallel=parallel, journal=journal)
    assert isinstance(upload_data(refusing, task, many, None, options), Failure)
    assert journal.read_bytes().count(b'"sending"') <= parallel
    watched = Watched(ada)
    upload_data(watched, task, many, None, options).unwrap()
    assert watched.kinds["batch"] >= len(many) - parallel


def test_what_a_progress_raises_in_the_midst_of_a_file_is_its_own(tmp_path: Path) -> None:
    class Broken(Counting):
        @override
        def advance(self, count: int, /) -> None:
            raise BrokenPipeError

    path = tmp_path / "large"
    path.write_bytes(bytes(1 << 20))
    _, ada, task = furnished()
    with pytest.raises(BrokenPipeError):
        upload_data(ada, task, [path], None, Uploading(effort=HURRIED, progress=Broken()))
