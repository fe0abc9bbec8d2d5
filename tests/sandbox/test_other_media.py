"""Tasks of sounds, point clouds, documents and archives; what a manifest orders; the share."""

from __future__ import annotations

import gzip
import struct
import tarfile
from io import BytesIO
from typing import Literal
from zipfile import ZipFile
from zlib import crc32

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from openapi_pydantic import OpenAPI

from cvatfn import File, Request, Transport, call, models, raw, with_response
from cvatfn.api import cloudstorages, jobs, labels, schema, server, tasks
from cvatfn.finding import catalogue
from cvatfn.testing.conformance.checks.bodies import peak_of
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.files.audio import length_of, written_mp3
from cvatfn.testing.sandbox.files.packed import unpacked
from cvatfn.testing.sandbox.state.media import Received
from tests.sandbox.films import (
    anew,
    bytes_of,
    cloud,
    covered,
    created,
    document,
    film,
    number_of,
    sound,
    told,
)
from tests.sandbox.kit import fetched, packed, picture, settle, status_of

FINISHED = models.RequestStatus.FINISHED
FAILED = models.RequestStatus.FAILED


def image(name: str = "a.png", width: int = 40) -> bytes:
    """A picture, as bytes."""
    return bytes_of(picture(name, (width, 30)))


def names_of(cvat: Transport, task: int) -> list[str]:
    """The names of a task's frames."""
    meta = call(cvat, tasks.retrieve_data_meta, task).unwrap()
    return [frame.name for frame in meta.frames or ()]


def test_a_task_of_a_sound(admin: Transport) -> None:
    task, ended = created(admin, [sound(900)], task={"name": "x", "labels": [{"name": "bark"}]})
    assert ended.status is FINISHED, ended.message
    assert (task.mode, task.media_type, task.dimension) == ("interpolation", "audio", "1d")
    assert (task.size, task.overlap, task.segment_size) == (900, 0, 900)
    assert task.data_original_chunk_type is models.ChunkType.AUDIO_MP3
    assert not task.image_quality
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    (frame,) = told(meta.frames)
    assert (frame.name, bool(frame.width), meta.chunk_size) == ("sound.wav", False, 900)
    assert not meta.image_quality
    asked = with_response(tasks.retrieve_data)
    chunk = call(admin, asked, task.id, type="chunk", number=0).unwrap()
    assert chunk.response.content_type == "audio/mpeg"
    assert abs(length_of(Received("c.mp3", chunk.value)).unwrap() - 900) < 150  # MP3 adds a little
    assert status_of(call(admin, asked, task.id, type="frame", number=0).failure()) == 400
    assert call(admin, raw(tasks.retrieve_preview), task.id).unwrap().content_type == "image/png"
    nothing = call(admin, with_response(tasks.retrieve_preview), task.id, prefer="handling=empty")
    assert nothing.unwrap().response.status == 204
    assert nothing.unwrap().response.headers.get("preference-applied") == "handling=empty"

    (bark,) = call(admin, labels.list, task_id=task.id).unwrap().results
    heard: models.LabeledDataRequestDict = {
        "intervals": [{"label_id": bark.id, "start": 0, "stop": 900}]
    }
    put = call(admin, tasks.partial_update_annotations, task.id, heard, action="create").unwrap()
    (interval,) = told(put.intervals)
    assert (interval.start, interval.stop, interval.source) == (0, 900, "manual")
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().intervals == (interval,)
    for wrong in (
        {"intervals": [{"label_id": bark.id, "start": 0, "stop": 901}]},
        {"intervals": [{"label_id": 99, "start": 0, "stop": 9}]},
        {"tags": [{"label_id": bark.id, "frame": 0}]},
    ):
        body: models.LabeledDataRequestDict = wrong  # type: ignore[assignment]  # each is one
        refused = call(admin, tasks.update_annotations, task.id, body)
        assert status_of(refused.failure()) == 400
    again = call(admin, tasks.partial_update_annotations, task.id, heard, action="create").unwrap()
    known: models.LabeledDataRequestDict = {
        "intervals": [{"id": interval.id, "label_id": bark.id, "start": 0, "stop": 900}]
    }
    call(admin, tasks.partial_update_annotations, task.id, known, action="delete").unwrap()
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().intervals == again.intervals
    call(admin, labels.destroy, bark.id).unwrap()
    assert not call(admin, tasks.retrieve_annotations, task.id).unwrap().intervals


def test_the_picture_of_a_sound_is_its_preview(admin: Transport) -> None:
    task, ended = created(admin, [covered(400)])
    assert ended.status is FINISHED, ended.message
    assert (task.media_type, task.size) == ("audio", 400)
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    shown = call(admin, with_response(jobs.retrieve_preview), job.id, prefer="handling=empty")
    assert shown.unwrap().response.content_type == "image/jpeg"
    assert number_of(shown.unwrap().value) == 9


@pytest.mark.parametrize("suffix", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
def test_images_that_break_off_are_told(admin: Transport, suffix: str) -> None:
    from PIL import Image

    written = BytesIO()
    Image.effect_noise((60, 60), 50).save(written, suffix)
    for content in (written.getvalue()[:-600], b""):
        _, ended = created(admin, [File(f"cut.{suffix.lower()}", content)])
        assert ended.status is FAILED
        assert "cut" in ended.message


@given(st.integers(1, 40), st.integers(1, 30))
def test_jobs_of_a_sound_share_its_milliseconds_out(size: int, length: int) -> None:
    cvat = anew()
    task, _ = created(cvat, [sound(size)], task={"name": "x", "segment_size": length})
    rows = call(cvat, jobs.list, task_id=task.id, sort="id", page_size="all").unwrap().results
    spans = [range(row.start_frame, row.stop_frame + 1) for row in rows]
    assert [n for span in spans for n in span] == list(range(size))


def test_a_piece_of_a_sound_is_as_long_as_it_is_asked_for() -> None:
    whole = Received("a.wav", bytes_of(sound(2000, rate=44100)))
    for start, stop in ((0, 499), (500, 1999), (1999, 1999)):
        piece = Received("p.mp3", written_mp3(whole, start, stop).unwrap())
        assert abs(length_of(piece).unwrap() - (stop - start + 1)) < 100


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.flac"])
def test_what_is_no_sound_is_told(admin: Transport, name: str) -> None:
    for content in (b"", b"noise", bytes_of(film(2))):
        _, ended = created(admin, [File(name, content)])
        assert ended.status is FAILED
        assert name in ended.message


def test_a_task_of_point_clouds(admin: Transport) -> None:
    points = struct.pack("8f", *range(8))
    files = [
        cloud("pointcloud/1.pcd"),
        File("pointcloud/2.bin", points),
        File("related_images/1_pcd/side.png", image()),
    ]
    task, ended = created(admin, [packed(files)])
    assert ended.status is FINISHED, ended.message
    assert (task.mode, task.media_type, task.dimension) == ("annotation", "point_cloud", "3d")
    assert names_of(admin, task.id) == ["pointcloud/1.pcd", "pointcloud/2.pcd"]
    second = call(admin, tasks.retrieve_data, task.id, type="frame", number=1).unwrap()
    assert second.endswith(points)
    assert b"POINTS 2" in second
    context = call(admin, tasks.retrieve_data, task.id, type="context_image", number=0).unwrap()
    assert ZipFile(BytesIO(context)).namelist() == ["side.png.jpg"]
    chunk = call(admin, tasks.retrieve_data, task.id, type="chunk", number=0).unwrap()
    assert ZipFile(BytesIO(chunk)).namelist() == ["000000.pcd", "000001.pcd"]
    preview = call(admin, with_response(tasks.retrieve_preview), task.id).unwrap()
    assert preview.response.content_type == "image/png"
    truth: models.JobWriteRequestDict = {
        "type": "ground_truth",
        "task_id": task.id,
        "frame_selection_method": "random_uniform",
        "frame_count": 1,
    }
    assert status_of(call(admin, jobs.create, truth).failure()) == 400


@pytest.mark.parametrize("file", [File("a.pcd", b"no head"), File("a.bin", b"short")])
def test_what_is_no_point_cloud_is_told(admin: Transport, file: File) -> None:
    _, ended = created(admin, [file])
    assert ended.status is FAILED
    assert file.name in ended.message


def test_pages_of_a_document_are_frames(admin: Transport) -> None:
    task, ended = created(admin, [document(3)])
    assert ended.status is FINISHED, ended.message
    assert names_of(admin, task.id) == ["book_0000.png", "book_0001.png", "book_0002.png"]
    shown = [
        call(admin, tasks.retrieve_data, task.id, type="frame", number=n, quality="original")
        for n in range(3)
    ]
    assert [number_of(page.unwrap()) for page in shown] == [0, 1, 2]
    for wrong in (File("a.pdf", b"no book"), document(1, "huge.pdf", (4000, 4000))):
        _, ended = created(admin, [wrong])
        assert ended.status is FAILED
        assert wrong.name in ended.message


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:xz"])
def test_tar_archives_are_unpacked(admin: Transport, mode: Literal["w:", "w:gz", "w:xz"]) -> None:
    written = BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:
        for name in ("b.png", "../a.png", "notes.txt"):
            content = image(name)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    packed = File("all.tar.gz", written.getvalue())
    task, ended = created(admin, [packed])
    assert ended.status is FINISHED, ended.message
    assert names_of(admin, task.id) == ["a.png", "b.png"]
    for cut in (b"", bytes_of(packed)[:200]):
        _, ended = created(admin, [File("cut.tar.gz", cut)])
        assert ended.status is FAILED


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.REGTYPE])
def test_a_small_archive_takes_no_more_memory_than_it_may(
    monkeypatch: pytest.MonkeyPatch, kind: bytes
) -> None:
    limit = 1 << 22
    monkeypatch.setattr("cvatfn.testing.sandbox.files.packed.LARGEST", limit)
    entry = tarfile.TarInfo("a.png")
    entry.size, entry.type = 16 * limit, kind
    bomb = gzip.compress(entry.tobuf() + bytes(16 * limit), mtime=0)
    assert len(bomb) < limit // 4
    said = list[str]()
    peak = peak_of(lambda: said.append(unpacked([Received("a.tar.gz", bomb)]).failure()))
    assert said == [
        f"'a.tar.gz' cannot be unpacked: the archive unpacks to more than {limit} bytes"
    ]
    assert peak < 4 * limit


def test_an_image_is_believed_its_size_to_a_limit(admin: Transport) -> None:
    whole = image()
    head, size = whole[:16], struct.pack(">II", 9000, 9000)
    checked = b"IHDR" + size + whole[24:29]
    claimed = head + size + whole[24:29] + struct.pack(">I", crc32(checked)) + whole[33:]
    _, ended = created(admin, [File("huge.png", claimed)])
    assert ended.status is FAILED
    assert "huge.png" in ended.message


@pytest.mark.parametrize("method", list(models.SortingMethod))
def test_a_gif_is_one_picture_in_any_order(admin: Transport, method: models.SortingMethod) -> None:
    from PIL import Image

    written = BytesIO()
    shots = [Image.new("RGB", (8, 8), (n * 80, 0, 0)) for n in range(3)]
    shots[0].save(written, "GIF", save_all=True, append_images=shots[1:])
    files = [File("b.gif", written.getvalue()), picture("a.png")]
    task, _ = created(admin, files, {"sorting_method": method})
    assert sorted(names_of(admin, task.id)) == ["a.png", "b.gif"]


def test_a_random_order_is_another_for_each_task(admin: Transport) -> None:
    files = [picture(f"{index:02d}.png") for index in range(12)]
    orders = {
        tuple(names_of(admin, created(admin, files, {"sorting_method": "random"})[0].id))
        for _ in range(3)
    }
    assert len(orders) == 3
    assert {tuple(sorted(order)) for order in orders} == {tuple(file.name for file in files)}


MANIFEST = (
    b'{"version":"1.1"}\n{"type":"images"}\n'
    b'{"name":"c","extension":".png","width":3,"height":30}\n'
    b'{"name":"sub/a","extension":".png","width":1,"height":30}\n'
)
BUCKET = {
    "k/manifest.jsonl": MANIFEST,
    "k/sub/a.png": image("a.png", 1),
    "k/b.png": image("b.png", 2),
    "k/c.png": image("c.png", 3),
    "film.mkv": bytes_of(film(3)),
}


@pytest.fixture
def bucket(sandbox: Sandbox) -> Sandbox:
    """A world with a cloud storage and a share of the same files."""
    sandbox.world = evolve(sandbox.world, clouds={3: BUCKET}, share=BUCKET)
    return sandbox


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"server_files": ["k/manifest.jsonl"]}, ["k/c.png", "k/sub/a.png"]),
        ({"server_files": ["k/manifest.jsonl"], "filename_pattern": "*/a.*"}, ["k/sub/a.png"]),
        ({"server_files": ["k/manifest.jsonl", "k/b.png"]}, ["k/b.png"]),
        ({"server_files": ["k/manifest.jsonl", "k/"]}, ["k/c.png", "k/sub/a.png"]),
        (
            {"server_files": ["k/manifest.jsonl"], "sorting_method": "predefined"},
            ["k/c.png", "k/sub/a.png"],
        ),
        ({"filename_pattern": "k/?.png"}, ["k/b.png", "k/c.png"]),
        ({"server_files": ["k/"], "server_files_exclude": ["k/sub/"]}, ["k/b.png", "k/c.png"]),
    ],
)
def test_a_manifest_or_a_pattern_picks_files_of_a_cloud_storage(
    admin: Transport, settings: models.DataRequestDict, names: list[str]
) -> None:
    task, ended = created(admin, [], {**settings, "cloud_storage_id": 3, "use_cache": True})
    assert ended.status is FINISHED, ended.message
    assert names_of(admin, task.id) == names
    assert task.data_cloud_storage_id == 3


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"server_files": ["x/manifest.jsonl"]}, "x/manifest.jsonl"),
        ({"server_files": ["k/manifest.jsonl"], "filename_pattern": "*.bmp"}, "no media"),
        ({"server_files": ["k/manifest.jsonl", "m.jsonl"]}, "one manifest"),
    ],
)
def test_a_manifest_that_does_not_fit_is_told(
    admin: Transport, settings: models.DataRequestDict, said: str
) -> None:
    _, ended = created(admin, [], {**settings, "cloud_storage_id": 3})
    assert ended.status is FAILED
    assert said in ended.message


@pytest.mark.usefixtures("bucket")
def test_a_manifest_orders_files_of_the_share(admin: Transport) -> None:
    wanted: models.DataRequestDict = {
        "server_files": ["k/manifest.jsonl", "k/sub/a.png", "k/c.png"],
        "sorting_method": "predefined",
    }
    task, ended = created(admin, [], wanted)
    assert ended.status is FINISHED, ended.message
    assert names_of(admin, task.id) == ["k/c.png", "k/sub/a.png"]
    for other, said in (
        ({**wanted, "server_files": ["k/manifest.jsonl", "k/c.png"]}, "k/sub/a.png"),
        ({**wanted, "sorting_method": "random"}, "random"),
        ({**wanted, "sorting_method": "natural"}, "use_cache"),
    ):
        settings: models.DataRequestDict = other  # type: ignore[assignment]  # each is one
        _, ended = created(admin, [], settings)
        assert said in ended.message


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"start_frame": 3, "stop_frame": 2}, "stop_frame"),
        ({"frame_filter": "every other"}, "frame_filter"),
        ({"chunk_size": 0}, "chunk_size"),
        ({"filename_pattern": "*", "server_files_exclude": ["a"]}, "not both"),
        ({"filename_pattern": "*", "server_files": ["a.png"]}, "manifest"),
    ],
)
def test_settings_that_fit_nothing_are_refused_at_once(
    admin: Transport, settings: models.DataRequestDict, field: str
) -> None:
    task = call(admin, tasks.create, {"name": "x"}).unwrap()
    refused = call(admin, tasks.create_data, task.id, settings).failure()
    assert status_of(refused) == 400
    assert field in str(refused)


@pytest.mark.usefixtures("bucket")
def test_data_in_a_cloud_storage_go_with_it(admin: Transport) -> None:
    images, _ = created(admin, [], {"server_files": ["k/b.png"], "cloud_storage_id": 3})
    video, _ = created(admin, [], {"server_files": ["film.mkv"], "cloud_storage_id": 3})
    kept = [
        call(admin, tasks.retrieve_data_meta, task.id).unwrap().storage for task in (images, video)
    ]
    assert kept == [models.StorageType.CLOUD_STORAGE, models.StorageType.LOCAL]
    unknown = call(admin, tasks.partial_update_data_meta, images.id, {"cloud_storage_id": 9})
    assert status_of(unknown.failure()) == 400
    call(admin, cloudstorages.destroy, 3).unwrap()
    gone = call(admin, tasks.retrieve_data, images.id, type="frame", number=0)
    assert status_of(gone.failure()) == 409
    assert call(admin, tasks.retrieve_data, video.id, type="frame", number=0).unwrap()
    detached = call(admin, tasks.partial_update_data_meta, images.id, {"cloud_storage_id": None})
    assert detached.unwrap().cloud_storage_id is None


@pytest.mark.usefixtures("bucket")
def test_who_may_not_use_a_storage_makes_no_task_of_it(worker: Transport) -> None:
    task = call(worker, tasks.create, {"name": "x"}).unwrap()
    wanted: models.DataRequestDict = {"server_files": ["k/b.png"], "cloud_storage_id": 3}
    assert status_of(call(worker, tasks.create_data, task.id, wanted).failure()) == 403


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [("k", "DIR", "DIR"), ("film.mkv", "REG", "video")]),
        ({"directory": "/"}, [("k", "DIR", "DIR"), ("film.mkv", "REG", "video")]),
        (
            {"directory": "/k"},
            [
                ("sub", "DIR", "DIR"),
                ("b.png", "REG", "image"),
                ("c.png", "REG", "image"),
                ("manifest.jsonl", "REG", "unknown"),
            ],
        ),
        ({"directory": "k/", "search": "b"}, [("b.png", "REG", "image")]),
    ],
)
def test_the_share_is_listed(
    admin: Transport, asked: dict[str, str], found: list[tuple[str, str, str]]
) -> None:
    listed = call(admin, server.list_share, **asked).unwrap()
    assert [(info.name, info.type.value, info.mime_type) for info in listed] == found


def test_a_folder_that_is_not_in_the_share(admin: Transport) -> None:
    refused = call(admin, server.list_share, directory="/none").failure()
    assert status_of(refused) == 400
    assert "none is an invalid directory" in str(refused)


def test_the_sandbox_describes_itself(admin: Transport) -> None:
    answer = call(admin, with_response(schema.retrieve), scheme="json").unwrap()
    assert answer.response.content_type == "application/vnd.oai.openapi+json"
    document = OpenAPI.model_validate(answer.value)
    paths = document.paths or {}
    described = {
        operation.operationId
        for path in paths.values()
        for operation in (path.get, path.post, path.put, path.patch, path.delete)
        if operation is not None
    }
    assert described == {endpoint.name.replace(".", "_") for endpoint in catalogue()}
    text = answer.response.body.decode()
    components = document.components.schemas if document.components else {}
    assert components
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in components


@pytest.mark.parametrize(
    ("accept", "kind", "suffix"),
    [
        ("application/json", "application/json", "json"),
        ("application/yaml", "application/yaml", "yaml"),
        ("*/*", "application/vnd.oai.openapi", "yaml"),
    ],
)
def test_a_schema_comes_as_it_is_asked_for(
    admin: Transport, accept: str, kind: str, suffix: str
) -> None:
    request = Request("GET", "/api/schema/", (), {"Accept": accept})
    response = admin(request).unwrap()
    assert (response.status, response.content_type) == (200, kind)
    assert (response.headers.get("content-disposition") or "").endswith(f'.{suffix}"')


def restored(cvat: Transport, task: int) -> models.TaskRead:
    """A task made anew from its own backup."""
    rq_id = call(cvat, tasks.create_backup_export, task).unwrap().rq_id
    file: models.TaskFileRequestDict = {"task_file": File("b.zip", fetched(cvat, rq_id))}
    begun = call(cvat, tasks.create_backup, file).unwrap()
    assert begun is not None
    ended = settle(cvat, begun.rq_id)
    assert ended.result_id is not None, ended.message
    return call(cvat, tasks.retrieve, ended.result_id).unwrap()


POOL: models.DataRequestDict = {
    "sorting_method": "random",
    "validation_params": {
        "mode": "gt_pool",
        "frame_selection_method": "random_uniform",
        "frame_count": 2,
        "frames_per_job_count": 1,
    },
}
FILES = [picture(f"{index}.png", (20 + index, 20)) for index in range(5)]


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ([film(6, chapters=[(0, 2, "Intro")])], {"frame_filter": "step=2", "use_zip_chunks": True}),
        ([sound(300)], {}),
        ([cloud("1.pcd"), File("2.bin", b"\0" * 32)], {}),
        (FILES, POOL),
        ([*FILES, File("related_images/0_png/x.png", image())], {"chunk_size": 2}),
    ],
    ids=["video", "sound", "clouds", "honeypots", "context"],
)
def test_a_backup_keeps_what_a_task_is_made_of(
    admin: Transport, files: list[File], settings: models.DataRequestDict
) -> None:
    body: models.TaskWriteRequestDict = {
        "name": "x",
        "segment_size": 2,
        "labels": [{"name": "cat"}],
        "consensus_replicas": 2,
    }
    before, ended = created(admin, files, settings, body)
    assert ended.status is FINISHED, ended.message
    after = restored(admin, before.id)
    kept = [
        (
            evolve(
                call(admin, tasks.retrieve_data_meta, task.id).unwrap(),
                chunks_updated_date=before.created_date,
            ),
            call(admin, tasks.retrieve_validation_layout, task.id).unwrap(),
            [
                (row.type, row.start_frame, row.stop_frame, row.frame_count, row.replicas_count)
                for row in call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results
            ],
            call(admin, tasks.retrieve_data, task.id, type="chunk", number=0).unwrap()[:200],
            (task.mode, task.media_type, task.dimension, task.size, task.overlap),
        )
        for task in (before, after)
    ]
    assert kept[0][:3] == kept[1][:3]
    assert kept[0][4] == kept[1][4]
    parents = [
        [
            row.parent_job_id is not None
            for row in call(admin, jobs.list, task_id=n, sort="id").unwrap().results
        ]
        for n in (before.id, after.id)
    ]
    assert parents[0] == parents[1]


@pytest.mark.parametrize(
    ("files", "settings", "count"),
    [([film(4)], {}, 4), ([sound(100)], {}, 0), (FILES, POOL, 5)],
    ids=["video", "sound", "honeypots"],
)
def test_an_export_has_each_frame_once(
    admin: Transport, files: list[File], settings: models.DataRequestDict, count: int
) -> None:
    task, _ = created(admin, files, settings)
    asked = call(
        admin,
        tasks.create_dataset_export,
        task.id,
        format="CVAT for images 1.1",
        save_images=True,
    )
    packed = ZipFile(BytesIO(fetched(admin, asked.unwrap().rq_id))).namelist()
    assert len([name for name in packed if name.startswith("images/")]) == count
