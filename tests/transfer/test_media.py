"""Frames, chunks, contextual images and previews: from the sandbox, and from servers that lie."""

from __future__ import annotations

import json
import struct
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import assert_type
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from cvatfn import CallError, File, Outcome, Request, Response, Transport, call, in_memory
from cvatfn.api import cloudstorages, jobs, projects, tasks
from cvatfn.auth import Basic
from cvatfn.errors import InvalidParams, TransportError
from cvatfn.outcome import Failure, Success, collect
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transfer.media import (
    Corrupt,
    FramesError,
    FrameSource,
    Quality,
    chunk,
    context_images,
    frame,
    frames,
    of_job,
    of_task,
    preview,
)
from cvatfn.transfer.pictures import BadArchive, Chunk, Limits, NotAnImage, image, unpacked
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, status_of

SOURCES = pytest.mark.parametrize("source", [of_task(1), of_job(1)], ids=str)
SMALL = Limits(entries=8, total=4096)
NOTHING: Mapping[str, bytes] = {}
META: dict[str, object] = {
    "chunks_updated_date": "2026-01-01T00:00:00Z",
    "chunk_size": 2,
    "size": 3,
    "start_frame": 0,
    "stop_frame": 2,
    "frame_filter": "",
    "frames": None,
    "deleted_frames": [],
    "included_frames": None,
}


def drawn(width: int, height: int, kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "#2f6fde").save(written, kind)
    return written.getvalue()


PICTURES = [drawn(40 + index, 30) for index in range(5)]


@pytest.fixture
def cvat() -> Transport:
    """A sandbox with task 1: five frames in chunks of two, jobs 1 (frames 0 to 2) and 2 (3, 4)."""
    sandbox = Sandbox(World.with_user("admin", "s3cret"))
    admin = authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)
    files = [File(f"{index}.png", content) for index, content in enumerate(PICTURES)]
    assert make_task(admin, files, {"chunk_size": 2}, segment_size=3).jobs.count == 2
    return admin


def counted(transport: Transport, seen: list[Request]) -> Transport:
    def send(request: Request) -> Outcome[Response, TransportError]:
        seen.append(request)
        return transport(request)

    return send


def instead(transport: Transport, lie: Callable[[Request], Response | None]) -> Transport:
    """A server that answers some requests in its own way."""

    def send(request: Request) -> Outcome[Response, TransportError]:
        answer = lie(request)
        return transport(request) if answer is None else Success(answer)

    return send


def answering(body: bytes, content_type: str, headers: Mapping[str, str]) -> Transport:
    return in_memory(lambda _: Response(200, {"Content-Type": content_type, **headers}, body))


def sending_zip(files: Sequence[tuple[str, bytes]]) -> Transport:
    return answering(zipped(files), "application/zip", {})


def described(transport: Transport, **changed: object) -> Transport:
    """A server that says other things about its data."""
    said = json.dumps({**META, **changed}).encode()
    headers = {"Content-Type": "application/vnd.cvat+json"}
    return instead(
        transport,
        lambda asked: Response(200, headers, said) if asked.path.endswith("/data/meta") else None,
    )


def zipped(files: Sequence[tuple[str, bytes]], method: int = ZIP_STORED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that comes twice is meant
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def claiming(archive: bytes, size: int, checksum: int) -> bytes:
    """An archive of one file, with another size and CRC-32 written beside it, in both places."""
    local, central = archive.index(b"PK\x03\x04"), archive.index(b"PK\x01\x02")
    lying = bytearray(archive)
    for place, crc, length in ((local, 14, 22), (central, 16, 24)):
        struct.pack_into("<I", lying, place + crc, checksum)
        struct.pack_into("<I", lying, place + length, size)
    return bytes(lying)


def size_of(data: bytes) -> tuple[int, int]:
    return image(data).unwrap().size


# One frame


@SOURCES
def test_a_frame_is_as_uploaded_or_as_jpeg(cvat: Transport, source: FrameSource) -> None:
    assert frame(cvat, source, 2, quality="original").unwrap() == PICTURES[2]
    shown = image(frame(cvat, source, 2).unwrap()).unwrap()
    assert (shown.format, shown.size) == ("JPEG", (42, 30))


def test_a_job_has_its_own_frames_under_the_tasks_numbers(cvat: Transport) -> None:
    assert frame(cvat, of_job(2), 4, quality="original").unwrap() == PICTURES[4]
    assert status_of(frame(cvat, of_job(2), 0).failure()) == 400
    assert status_of(frame(cvat, of_task(1), 5).failure()) == 400
    assert status_of(frame(cvat, of_task(2), 0).failure()) == 404


def test_a_wrong_quality_is_not_sent(cvat: Transport) -> None:
    wrong: Quality = "fine"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    assert isinstance(frame(cvat, of_task(1), 0, quality=wrong).failure(), InvalidParams)


# A chunk


def test_a_chunk_holds_its_frames(cvat: Transport) -> None:
    for source, number, held in (
        (of_task(1), 1, (2, 3)),
        (of_job(1), 1, (2,)),
        (of_job(2), 0, (3, 4)),
    ):
        found = chunk(cvat, source, number, quality="original").unwrap()
        assert found.content_type == "application/zip"
        assert found.frames().unwrap() == tuple(PICTURES[index] for index in held)


def test_a_chunk_that_is_not_there(cvat: Transport) -> None:
    error = chunk(cvat, of_task(1), 3).failure()
    assert not isinstance(error, Corrupt)
    assert status_of(error) == 400


@given(content=st.binary(), other=st.binary())
def test_a_checksum_is_kept_or_the_chunk_refused(content: bytes, other: bytes) -> None:
    promised = crc32(other)
    transport = answering(content, "application/zip", {"X-Checksum": str(promised)})
    outcome = chunk(transport, of_job(9), 3)
    if crc32(content) == promised:
        assert outcome == Success(Chunk(content, "application/zip", promised))
    else:
        assert outcome == Failure(Corrupt(of_job(9), 3, promised, crc32(content)))
        assert str(outcome.failure()).startswith("chunk 3 of job 9: the server sent CRC-32 ")


@pytest.mark.parametrize("sent", ["", "f320adea", "-1", "1" * 5000, "²"])
def test_what_is_no_checksum_is_none(sent: str) -> None:
    found = chunk(answering(b"x", "application/zip", {"X-Checksum": sent}), of_task(1), 0)
    assert found.unwrap().checksum is None


def test_a_chunk_does_not_show_its_bytes() -> None:
    assert "secret" not in repr(Chunk(b"secret", "application/zip"))


def test_a_video_says_that_it_is_one() -> None:
    video = chunk(answering(b"...", "video/mp4", {}), of_task(7), 0).unwrap()
    assert "video/mp4" in video.frames().failure().reason
    # Even where its bytes would pass for an archive.
    assert isinstance(Chunk(zipped([("0", b"")]), "video/mp4").frames(), Failure)


# All frames


@SOURCES
def test_all_frames_cost_one_request_a_chunk(cvat: Transport, source: FrameSource) -> None:
    seen: list[Request] = []
    walk = frames(counted(cvat, seen), source, quality="original")
    assert seen == []
    last = 4 if source == of_task(1) else 2
    wanted = tuple((index, PICTURES[index]) for index in range(last + 1))
    assert collect(walk).unwrap() == wanted
    chunks = [request for request in seen if ("type", "chunk") in request.query]
    assert len(chunks) == last // 2 + 1
    assert len(seen) - len(chunks) == (1 if source == of_task(1) else 2)


def test_chunks_are_asked_for_when_they_are_needed(cvat: Transport) -> None:
    seen: list[Request] = []
    walk = frames(counted(cvat, seen), of_task(1))
    assert [next(walk).unwrap()[0] for _ in range(2)] == [0, 1]
    assert len(seen) == 2


def test_a_later_jobs_frames_have_the_tasks_numbers(cvat: Transport) -> None:
    found = collect(frames(cvat, of_job(2))).unwrap()
    assert [(number, size_of(data)) for number, data in found] == [(3, (43, 30)), (4, (44, 30))]


def test_a_ground_truth_job_has_the_frames_that_it_includes(cvat: Transport) -> None:
    files = zipped([("000000.jpeg", b"a"), ("000001.jpeg", b"b"), ("000002.jpeg", b"c")])
    said = described(
        cvat,
        chunk_size=72,
        start_frame=2,
        stop_frame=97,
        frame_filter="step=5",
        included_frames=[52, 37, 97],
    )
    transport = instead(
        said, lambda asked: Response(200, body=files) if asked.path.endswith("/data") else None
    )
    assert collect(frames(transport, of_job(1))).unwrap() == ((7, b"a"), (10, b"b"), (19, b"c"))


@pytest.mark.parametrize("path", ["/data/meta", "/jobs/1", "index=1"])
def test_nothing_comes_after_a_failure(cvat: Transport, path: str) -> None:
    failing = instead(
        cvat,
        lambda asked: (
            Response(503) if asked.target.partition("&quality")[0].endswith(path) else None
        ),
    )
    seen: list[Request] = []
    came = list(frames(counted(failing, seen), of_job(1)))
    assert [isinstance(outcome, Success) for outcome in came[:-1]] == [True] * (len(came) - 1)
    assert isinstance(came[-1], Failure)
    assert seen[-1].target.partition("&quality")[0].endswith(path)
    assert len(came) == (3 if path == "index=1" else 1)


def test_a_chunk_with_other_frames_than_said_is_a_failure(cvat: Transport) -> None:
    (error,) = [outcome.failure() for outcome in frames(described(cvat, chunk_size=3), of_task(1))]
    assert str(error) == "chunk 0 of task 1 holds 2 frames, not 3"


def test_a_video_and_a_bomb_end_the_walk(cvat: Transport) -> None:
    (outcome,) = frames(cvat, of_task(1), limits=Limits(total=10))
    assert str(outcome.failure()) == "chunk 0 of task 1 unpacks to more than 10 bytes"
    filmed = instead(
        cvat,
        lambda asked: (
            Response(200, {"Content-Type": "video/mp4"}, b"...")
            if ("type", "chunk") in asked.query
            else None
        ),
    )
    (outcome,) = frames(filmed, of_task(1))
    assert str(outcome.failure()) == "chunk 0 of task 1 is video/mp4, not a zip archive"


NUMBERS = st.integers(-3, 7) | st.integers(-(2**70), 2**70)


@given(
    size=NUMBERS,
    chunk_size=st.none() | NUMBERS,
    start_frame=NUMBERS,
    frame_filter=st.sampled_from(["", "step=2", "step=0", "step=" + "9" * 5000]) | st.text(),
    included_frames=st.none() | st.lists(NUMBERS, max_size=4),
)
@example(size=2**63, chunk_size=None, start_frame=0, frame_filter="", included_frames=None)
@example(size=2**70, chunk_size=2**63, start_frame=1, frame_filter="step=2", included_frames=None)
def test_what_a_server_says_of_its_data_raises_nothing_and_ends(**said: object) -> None:
    transport = described(sending_zip([("0", b"a"), ("1", b"b")]), **said)
    for number, outcome in enumerate(frames(transport, of_task(1))):
        if number > 8 or isinstance(outcome, Failure):
            break
        assert outcome.unwrap()[1] == (b"a", b"b")[number % 2]


@pytest.mark.parametrize("frame_filter", ["step=0", "step=", "step=" + "9" * 5000, "cats"])
def test_a_frame_filter_that_is_none_raises_nothing(frame_filter: str) -> None:
    said = described(
        sending_zip([("0", b"a"), ("1", b"b")]), included_frames=[1, 2], frame_filter=frame_filter
    )
    assert [data for _, data in collect(frames(said, of_task(1))).unwrap()] == [b"a", b"b"]


@pytest.mark.parametrize("chunk_size", [None, 0, -1])
def test_without_a_chunk_size_all_frames_are_one_chunk(chunk_size: int | None) -> None:
    said = described(sending_zip([("0", b"a"), ("1", b"b")]), size=2, chunk_size=chunk_size)
    assert collect(frames(said, of_task(1))).unwrap() == ((0, b"a"), (1, b"b"))


# Contextual images


@SOURCES
def test_contextual_images_by_name(source: FrameSource) -> None:
    seen: list[Request] = []
    held = {"cam/left.jpg": b"l", "cam/right.jpg": b"r"}
    transport = counted(sending_zip([("cam/", b""), *held.items()]), seen)
    assert context_images(transport, source, 3) == Success(held)
    assert seen[0].query == (("type", "context_image"), ("number", "3"))


def test_no_contextual_images() -> None:
    assert context_images(answering(b"", "", {}), of_task(1), 0) == Success(NOTHING)
    none = in_memory(lambda _: Response(404))
    error = context_images(none, of_task(1), 0).failure()
    assert not isinstance(error, BadArchive)
    assert status_of(error) == 404


def test_contextual_images_that_cannot_be_unpacked() -> None:
    twice = context_images(sending_zip([("a", b"1"), ("a", b"2")]), of_task(1), 0)
    assert str(twice.failure()).endswith("frame 0 of task 1 hold two files of one name")
    many = context_images(sending_zip([("a", b"1")]), of_task(1), 0, limits=Limits(entries=0))
    assert isinstance(many.failure(), BadArchive)


# Previews


def test_a_preview_or_none(cvat: Transport) -> None:
    assert size_of(preview(cvat, tasks.retrieve_preview, 1).unwrap() or b"") == (40, 30)
    assert size_of(preview(cvat, jobs.retrieve_preview, id=2).unwrap() or b"") == (43, 30)
    bare = call(cvat, tasks.create, {"name": "no data"}).unwrap()
    assert preview(cvat, tasks.retrieve_preview, bare.id) == Success(None)
    assert status_of(preview(cvat, tasks.retrieve_preview, 99).failure()) == 404


def test_the_preference_is_sent_where_it_is_known() -> None:
    seen: list[Request] = []
    transport = counted(in_memory(lambda _: Response(204)), seen)
    assert preview(transport, projects.retrieve_preview, 3) == Success(None)
    assert preview(transport, cloudstorages.retrieve_preview, 3) == Success(None)
    assert preview(transport, projects.retrieve_preview, 3, prefer="x") == Success(None)
    assert [request.headers.all("prefer") for request in seen] == [
        ("handling=empty",),
        (),
        ("x",),
    ]


# Archives


FILES = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1), st.binary()
    ),
    max_size=5,
)


@given(FILES, st.sampled_from([ZIP_STORED, ZIP_DEFLATED]))
def test_what_is_packed_is_unpacked(files: list[tuple[str, bytes]], method: int) -> None:
    assert unpacked(zipped(files, method)) == Success(tuple(files))


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """An archive with some of its bytes changed, cut off or repeated."""
    archive = bytearray(zipped(draw(FILES), draw(st.sampled_from([ZIP_STORED, ZIP_DEFLATED]))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(archive)))
        archive[place : place + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(archive)


@given(st.binary() | broken())
def test_no_bytes_raise_or_pass_the_limits(archive: bytes) -> None:
    match unpacked(archive, SMALL):
        case Success(files):
            assert len(files) <= SMALL.entries
            assert sum(len(content) for _, content in files) <= SMALL.total
        case Failure(bad):
            assert bad.reason


@given(st.integers(0, 20), st.integers(0, 20))
def test_as_many_entries_as_allowed(held: int, allowed: int) -> None:
    archive = zipped([(str(index), b"") for index in range(held)])
    assert isinstance(unpacked(archive, Limits(entries=allowed)), Success) == (held <= allowed)


@given(st.lists(st.integers(0, 9), max_size=4), st.integers(0, 40))
def test_as_many_bytes_as_allowed(sizes: list[int], allowed: int) -> None:
    archive = zipped([(str(index), bytes(size)) for index, size in enumerate(sizes)])
    assert isinstance(unpacked(archive, Limits(total=allowed)), Success) == (sum(sizes) <= allowed)


def test_very_many_entries_are_refused_before_they_are_read() -> None:
    archive = zipped([(str(index), b"") for index in range(2_000)])
    end = archive.rindex(b"PK\x05\x06")
    assert "more than 8 files" in unpacked(archive[:end], SMALL).failure().reason


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
@pytest.mark.parametrize("honest_checksum", [True, False])
def test_a_size_that_lies_unpacks_no_further(method: int, honest_checksum: bool) -> None:
    whole = bytes(32 << 20)
    checksum = crc32(whole) if honest_checksum else crc32(whole[:10])
    archive = claiming(zipped([("bomb", whole)], method), 10, checksum)
    tracemalloc.start()
    try:
        outcome = unpacked(archive)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20
    match outcome:
        case Success(files):
            assert files == (("bomb", bytes(10)),)
        case Failure(bad):
            assert bad.reason.startswith("cannot be unpacked")


def test_a_size_that_promises_too_much_is_refused() -> None:
    archive = zipped([("a", b"abc")], ZIP_DEFLATED)
    assert isinstance(unpacked(claiming(archive, 4, crc32(b"abc"))), Failure)
    assert isinstance(unpacked(claiming(archive, 0xFFFFFFF0, crc32(b"abc"))), Failure)
    assert isinstance(unpacked(claiming(archive, 3, crc32(b"abc"))), Success)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_methods_without_bounds_are_refused(method: int) -> None:
    assert isinstance(unpacked(zipped([("a", b"abc")], method)), Failure)


def test_an_encrypted_archive_is_refused() -> None:
    archive = bytearray(zipped([("a", b"abc")]))
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in unpacked(bytes(archive)).failure().reason


# Images


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "GIF"]))
def test_an_image_is_read_whole(width: int, height: int, kind: str) -> None:
    data = drawn(width, height, kind)
    read = image(data).unwrap()
    assert (read.format, read.size) == (kind, (width, height))
    assert len(read.convert("RGB").tobytes()) == width * height * 3
    assert isinstance(image(data[: len(data) // 3]), Failure)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    data = bytearray(drawn(5, 5, draw(st.sampled_from(["PNG", "JPEG", "TIFF", "GIF"]))))
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@given(st.binary() | spoilt())
def test_no_bytes_raise_as_an_image(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        match image(data):
            case Success(read):
                assert read.width > 0
            case Failure(error):
                assert str(error).startswith("no image that can be read: ")
                assert " object at 0x" not in str(error)


def test_an_image_beyond_pillows_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(20, 20)
    assert size_of(data) == (20, 20)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert "decompression bomb" in image(data).failure().reason


def test_no_other_program_reads_an_image() -> None:
    data = drawn(4, 4, "EPS")
    assert Image.open(BytesIO(data)).format == "EPS"
    assert "cannot identify" in image(data).failure().reason


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r"cvatfn\[images\]"):
        image(b"")


# Types


def test_what_type_checkers_know(cvat: Transport) -> None:
    assert_type(frame(cvat, of_task(1), 0), Outcome[bytes, CallError])
    assert_type(frame(cvat, of_job(1), number=0, quality="original"), Outcome[bytes, CallError])
    assert_type(chunk(cvat, of_job(1), 0), Outcome[Chunk, CallError | Corrupt])
    assert_type(
        chunk(cvat, of_task(1), 0).unwrap().frames(), Outcome[tuple[bytes, ...], BadArchive]
    )
    assert_type(
        frames(cvat, of_task(1)),
        Iterator[Outcome[tuple[int, bytes], FramesError]],
    )
    assert_type(
        context_images(sending_zip([]), of_task(1), 0),
        Outcome[Mapping[str, bytes], CallError | BadArchive],
    )
    assert_type(preview(cvat, tasks.retrieve_preview, 1), Outcome[bytes | None, CallError])
    assert_type(preview(cvat, jobs.retrieve_preview, 1), Outcome[bytes | None, CallError])
    assert_type(preview(cvat, projects.retrieve_preview, id=1), Outcome[bytes | None, CallError])
    assert_type(preview(cvat, cloudstorages.retrieve_preview, 1), Outcome[bytes | None, CallError])
    assert_type(image(b""), Outcome[Image.Image, NotAnImage])
    # What is wrong is an error: an unused `ignore` would be one itself.
    _ = preview(cvat, cloudstorages.retrieve_preview, 1, prefer="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    _ = preview(cvat, tasks.retrieve, 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
