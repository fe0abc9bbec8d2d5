"""Tasks made of a video: every frame is where its number says, and what is broken is told."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cvatfn import File, Transport, call, models, with_response
from cvatfn.api import jobs, tasks
from cvatfn.testing.sandbox.files.video import footage_of
from cvatfn.testing.sandbox.state.media import Received
from tests.sandbox.films import Codec, anew, bytes_of, created, film, number_of, sound, told
from tests.sandbox.kit import status_of

TWELVE = film(12)


def received(file: File) -> Received:
    """A file, as the sandbox holds it."""
    return Received(file.name, bytes_of(file))


def numbers_in(chunk: bytes) -> list[int]:
    """Which frames are in a chunk, of images or of video."""
    if chunk.startswith(b"PK"):
        with ZipFile(BytesIO(chunk)) as archive:
            return [number_of(archive.read(name)) for name in archive.namelist()]
    frames = footage_of(Received("chunk.mp4", chunk), range(1000)).unwrap().frames
    return [number_of(frame.content) for frame in frames]


@given(st.integers(0, 11), st.integers(0, 20), st.integers(1, 5))
def test_every_frame_of_a_video_is_where_its_number_says(start: int, stop: int, step: int) -> None:
    wanted = range(start, stop + 1, step)
    frames = footage_of(received(TWELVE), wanted).unwrap().frames
    assert [number_of(frame.content) for frame in frames] == [n for n in wanted if n < 12]
    assert [frame.name for frame in frames] == [f"frame_{n:06d}.png" for n in wanted if n < 12]


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "libx264"), ("b.mp4", "mpeg4"), ("c.avi", "mjpeg")]
)
def test_videos_come_in_many_ways(name: str, codec: Codec) -> None:
    frames = footage_of(received(film(9, name=name, codec=codec)), range(2, 9, 3)).unwrap().frames
    assert [number_of(frame.content) for frame in frames] == [2, 5, 8]


def test_a_task_of_a_video(admin: Transport) -> None:
    task, ended = created(admin, [TWELVE])
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    assert (task.mode, task.media_type, task.dimension) == ("interpolation", "image", "2d")
    assert (task.size, task.overlap, task.segment_size) == (12, 5, 12)
    assert task.data_original_chunk_type is models.ChunkType.VIDEO
    assert task.data_compressed_chunk_type is models.ChunkType.VIDEO
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    (frame,) = told(meta.frames)
    assert (frame.name, frame.width, frame.height) == ("film.mkv", 32, 16)
    assert (meta.size, meta.start_frame, meta.stop_frame, meta.chapters) == (12, 0, 11, ())
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    assert (job.mode, job.frame_count) == ("interpolation", 12)
    small = call(admin, tasks.retrieve_preview, task.id).unwrap()
    assert number_of(small) == 0


def test_start_stop_and_step_count_what_the_video_has(admin: Transport) -> None:
    chaptered = film(20, chapters=[(0, 5, "Intro")])
    settings: models.DataRequestDict = {
        "start_frame": 3,
        "stop_frame": 18,
        "frame_filter": "step=5",
    }
    task, _ = created(admin, [chaptered], settings, {"name": "film", "segment_size": 3})
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    assert (meta.size, meta.start_frame, meta.stop_frame) == (4, 3, 18)
    assert meta.frame_filter == "step=5"
    (chapter,) = told(meta.chapters)
    assert (chapter.start, chapter.stop, chapter.metadata.title) == (0, 5, "Intro")
    shown = [
        call(admin, tasks.retrieve_data, task.id, type="frame", number=number).unwrap()
        for number in range(4)
    ]
    assert [number_of(frame) for frame in shown] == [3, 8, 13, 18]
    second = call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results[1]
    of_job = call(admin, jobs.retrieve_data_meta, second.id).unwrap()
    assert (second.start_frame, of_job.start_frame, of_job.stop_frame) == (2, 13, 18)


@given(st.integers(1, 25), st.integers(0, 9), st.integers(0, 6), st.integers(1, 8))
def test_jobs_of_a_video_overlap_as_they_are_told(
    count: int, length: int, overlap: int, size: int
) -> None:
    cvat = anew()
    body: models.TaskWriteRequestDict = {"name": "x", "segment_size": length, "overlap": overlap}
    task, _ = created(cvat, [film(count)], {"chunk_size": size, "use_zip_chunks": True}, body)
    rows = call(cvat, jobs.list, task_id=task.id, sort="id", page_size="all").unwrap().results
    covered = [range(row.start_frame, row.stop_frame + 1) for row in rows]
    assert {number for span in covered for number in span} == set(range(count))
    assert task.overlap == min(overlap, (task.segment_size or 0) // 2)
    for row, span in zip(rows, covered, strict=True):
        chunks: list[int] = []
        for index in range(-(-len(span) // size)):
            asked = call(cvat, jobs.retrieve_data, row.id, type="chunk", index=index)
            chunks += numbers_in(asked.unwrap())
        assert chunks == list(span)
        past = call(cvat, jobs.retrieve_data, row.id, type="chunk", index=-(-len(span) // size))
        assert status_of(past.failure()) == 400


@pytest.mark.parametrize("zipped", [False, True])
def test_chunks_of_a_video(admin: Transport, *, zipped: bool) -> None:
    settings: models.DataRequestDict = {"use_zip_chunks": zipped, "chunk_size": 5}
    task, _ = created(admin, [film(12, size=(33, 17))], settings)
    kinds = {"compressed": "application/zip" if zipped else "video/mp4", "original": "video/mp4"}
    for number, expected in enumerate(([0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11])):
        for quality in ("compressed", "original"):
            asked = with_response(tasks.retrieve_data)
            chunk = call(
                admin, asked, task.id, type="chunk", number=number, quality=quality
            ).unwrap()
            assert chunk.response.content_type == kinds[quality]
            assert numbers_in(chunk.value) == expected
    frame = call(
        admin, with_response(tasks.retrieve_data), task.id, type="frame", number=7
    ).unwrap()
    assert frame.response.content_type == ("image/jpeg" if zipped else "image/png")
    whole = call(
        admin, tasks.retrieve_data, task.id, type="frame", number=7, quality="original"
    ).unwrap()
    assert (Image.open(BytesIO(whole)).size, number_of(whole)) == ((33, 17), 7)


@given(st.integers(1, 11), st.binary(max_size=40))
def test_broken_videos_are_told_in_words(share: int, junk: bytes) -> None:
    for file in (film(9, name="a.mp4", codec="libx264"), film(9, name="b.avi", codec="mjpeg")):
        whole = bytes_of(file)
        for content in (junk, junk + whole[:20], whole[: len(whole) * share // 12]):
            failed = footage_of(Received(file.name, content), range(1000))
            assert file.name in failed.failure()


def test_a_broken_video_fails_in_the_background(admin: Transport) -> None:
    for broken in (File("a.mp4", b"no video"), File("a.mkv", bytes_of(sound(20)))):
        task, ended = created(admin, [broken])
        assert ended.status is models.RequestStatus.FAILED
        assert broken.name in ended.message
        assert task.data is None


def test_a_playlist_opens_no_other_file(admin: Transport) -> None:
    listed = b"ffconcat version 1.0\nfile /etc/hostname\n"
    _, ended = created(admin, [File("list.mp4", listed)])
    assert ended.status is models.RequestStatus.FAILED
    assert "list.mp4" in ended.message


def test_frames_that_claim_to_be_huge_are_never_made() -> None:
    # the size stands in the head of each JPEG that this video is made of
    head, claimed = b"\xff\xc0\x00\x11\x08", (60_000).to_bytes(2, "big")
    parts = bytes_of(film(3, name="huge.avi", codec="mjpeg")).split(head)
    huge = head.join([parts[0], *(claimed * 2 + part[4:] for part in parts[1:])])
    assert len(parts) == 4
    assert "huge.avi" in footage_of(Received("huge.avi", huge), range(3)).failure()


def test_a_video_is_shown_as_the_camera_was_held() -> None:
    turned = film(2, name="a.mp4", codec="libx264", size=(32, 16), turned=90)
    frame = footage_of(received(turned), range(1)).unwrap().frames[0]
    shown = Image.open(BytesIO(frame.content)).convert("L")
    assert shown.size == (frame.width, frame.height) == (16, 32)
    top, bottom = shown.getpixel((8, 2)), shown.getpixel((8, 31))
    assert isinstance(top, int)
    assert isinstance(bottom, int)
    assert top > bottom + 40  # what was at the left is at the bottom now


def test_one_video_is_a_task_of_its_own(admin: Transport) -> None:
    _, ended = created(admin, [TWELVE, film(2, name="other.mkv")])
    assert ended.status is models.RequestStatus.FAILED
    assert "one video" in ended.message


def test_a_step_past_the_end_leaves_nothing(admin: Transport) -> None:
    _, ended = created(admin, [TWELVE], {"start_frame": 12})
    assert ended.status is models.RequestStatus.FAILED
    assert "film.mkv" in ended.message
