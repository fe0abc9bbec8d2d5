"""Where the frames of a task come from, in which order, in which jobs, and with which context."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Literal
from zipfile import ZipFile
from zlib import crc32

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cvatfn import File, Transport, call, models, with_response
from cvatfn.api import jobs, tasks
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.files.contexts import contexts_of, split_contexts
from cvatfn.testing.sandbox.state.media import Received
from tests.sandbox.kit import make_task, picture, settle, status_of


def image(width: int = 40) -> bytes:
    """An image as bytes."""
    content = picture("any.png", (width, 30)).content
    assert isinstance(content, bytes)
    return content


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of files."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


SHARE = {
    "images/a.png": image(1),
    "images/b.png": image(2),
    "images/old/c.png": image(3),
    "more.zip": packed({"d.png": image(4)}),
}


@pytest.fixture(autouse=True)
def task(sandbox: Sandbox, admin: Transport) -> models.TaskRead:
    """A task without data, in a world with a share, a web and a cloud storage."""
    web = {
        "https://images.example/far/e%20f.png?size=1": image(5),
        "http://b.example/g.png": image(6),
    }
    sandbox.world = evolve(
        sandbox.world, share=SHARE, web=web, clouds={3: {"k/h.png": image(7), "k/i.png": image(8)}}
    )
    return call(admin, tasks.create, {"name": "empty"}).unwrap()


def ended(admin: Transport, data: models.DataRequestDict) -> models.Request:
    """Finish the upload of task 1 and wait."""
    begun = call(admin, tasks.create_data, 1, data).unwrap()
    assert begun is not None
    return settle(admin, begun.rq_id)


def frames(admin: Transport, data: models.DataRequestDict) -> list[tuple[object, object]]:
    """The names and widths of the frames that come of data."""
    assert ended(admin, data).status is models.RequestStatus.FINISHED
    meta = call(admin, tasks.retrieve_data_meta, 1).unwrap()
    return [(frame.name, frame.width) for frame in meta.frames or ()]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"server_files": ["images/a.png"]}, [("images/a.png", 1)]),
        (
            {"server_files": ["images/"]},
            [("images/a.png", 1), ("images/b.png", 2), ("images/old/c.png", 3)],
        ),
        (
            {"server_files": ["images/"], "server_files_exclude": ["images/old/", "images/b.png"]},
            [("images/a.png", 1)],
        ),
        ({"server_files": ["more.zip"]}, [("d.png", 4)]),
        (
            {
                "remote_files": [
                    "http://b.example/g.png",
                    "https://images.example/far/e%20f.png?size=1",
                ]
            },
            [("e f.png", 5), ("g.png", 6)],
        ),
        ({"cloud_storage_id": 3, "server_files": ["k/i.png"]}, [("k/i.png", 8)]),
        ({"cloud_storage_id": 3, "server_files": ["k/"]}, [("k/h.png", 7), ("k/i.png", 8)]),
        (
            {"server_files": ["images/b.png"], "client_files": [picture("z.png", (9, 9))]},
            [("images/b.png", 2), ("z.png", 9)],
        ),
    ],
)
def test_files_from_elsewhere(
    admin: Transport, data: models.DataRequestDict, expected: list[tuple[str, int]]
) -> None:
    assert frames(admin, data) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"server_files": ["images/none.png"]}, "images/none.png"),
        ({"server_files": ["images"]}, "images"),
        ({"server_files": ["../images/a.png"]}, "../images/a.png"),
        ({"remote_files": ["https://nowhere.example/a.png"]}, "https://nowhere.example/a.png"),
        ({"cloud_storage_id": 3, "server_files": ["images/a.png"]}, "images/a.png"),
        ({"server_files": ["images/"], "server_files_exclude": ["images/"]}, "no media"),
        ({"cloud_storage_id": 3}, "no media"),
    ],
)
def test_files_that_are_not_there_fail_in_the_background(
    admin: Transport, data: models.DataRequestDict, message: str
) -> None:
    failed = ended(admin, data)
    assert failed.status is models.RequestStatus.FAILED
    assert message in failed.message


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"remote_files": ["not-a-url/foo.jpg"]}, "must be http(s) URLs."),
        ({"remote_files": ["ftp://b.example/g.png"]}, "must be http(s) URLs."),
        ({"remote_files": ["http://["]}, "must be http(s) URLs."),
        ({"cloud_storage_id": 4, "server_files": ["k/i.png"]}, "CloudStorage matching query"),
        ({"job_file_mapping": [["a.png"], []]}, "job_file_mapping"),
        ({"job_file_mapping": [["a.png", "b.png"], ["a.png"]]}, "two jobs"),
    ],
)
def test_what_is_refused_at_once(
    admin: Transport, data: models.DataRequestDict, field: str
) -> None:
    refused = call(admin, tasks.create_data, 1, data).failure()
    assert status_of(refused) == 400
    assert field in str(refused)


@pytest.mark.parametrize(
    ("data", "storage", "cloud"),
    [
        ({"server_files": ["images/a.png"]}, "share", None),
        ({"server_files": ["images/a.png"], "copy_data": True}, "local", None),
        ({"remote_files": ["http://b.example/g.png"]}, "local", None),
        ({"cloud_storage_id": 3, "server_files": ["k/"]}, "cloud_storage", 3),
    ],
)
def test_where_the_data_stay(
    admin: Transport, data: models.DataRequestDict, storage: str, cloud: int | None
) -> None:
    assert frames(admin, data)
    meta = call(admin, tasks.retrieve_data_meta, 1).unwrap()
    assert isinstance(meta.storage, models.StorageType)
    assert (meta.storage.value, meta.cloud_storage_id) == (storage, cloud)


def test_jobs_with_the_files_they_are_given(admin: Transport) -> None:
    files = [picture(f"{index}.png", (10 + index, 9)) for index in range(6)]
    mapping = [["0.png"], ["4.png", "3.png", "2.png"], ["5.png", "1.png"]]
    call(admin, tasks.create_data, 1, {"client_files": files}, upload_multiple=True).unwrap()
    sent: models.DataRequestDict = {"image_quality": 70, "job_file_mapping": mapping}
    assert [name for name, _ in frames(admin, sent)] == [name for job in mapping for name in job]
    rows = call(admin, jobs.list, task_id=1, sort="id").unwrap().results
    assert [(row.start_frame, row.stop_frame) for row in rows] == [(0, 0), (1, 3), (4, 5)]
    named = [
        [frame.name for frame in call(admin, jobs.retrieve_data_meta, row.id).unwrap().frames or ()]
        for row in rows
    ]
    assert named == mapping
    shown = call(admin, tasks.retrieve, 1).unwrap()
    assert (shown.segment_size, shown.overlap) == (0, 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"job_file_mapping": [["0.png", "1.png"], ["2.png"]]}, "2.png"),
        ({"job_file_mapping": [["0.png"], ["1.png"]], "start_frame": 1}, "start_frame"),
        ({"job_file_mapping": [["0.png"], ["1.png"]], "sorting_method": "natural"}, "sorting"),
    ],
)
def test_mappings_that_do_not_fit(
    admin: Transport, data: models.DataRequestDict, message: str
) -> None:
    files = [picture("0.png"), picture("1.png")]
    call(admin, tasks.create_data, 1, {"client_files": files}, upload_multiple=True).unwrap()
    failed = ended(admin, data)
    assert failed.status is models.RequestStatus.FAILED
    assert message in failed.message


@pytest.mark.parametrize("order", [["0.png"], ["0.png", "1.png", "2.png"], ["0.png", "2.png"]])
def test_an_order_names_the_files_that_were_sent(
    sandbox: Sandbox, admin: Transport, order: list[str]
) -> None:
    files = [picture("0.png"), picture("1.png")]
    call(admin, tasks.create_data, 1, {"client_files": files}, upload_multiple=True).unwrap()
    kept = sandbox.world.uploads
    sent: models.DataRequestDict = {"sorting_method": "predefined", "upload_file_order": order}
    refused = call(admin, tasks.create_data, 1, sent, upload_finish=True).failure()
    assert status_of(refused) == 400
    assert sandbox.world.uploads == kept


CONTEXT = {
    "a/x.png": image(10),
    "a/related_images/x_png/left.png": image(11),
    "a/related_images/x_png/right.png": image(12),
    "a/related_images/x_png/notes.txt": b"no image",
    "a/related_images/other_png/none.png": image(13),
    "a/related_images/deep/x_png/none.png": image(13),
    "b/x.png": image(14),
    "x.v2.png": image(15),
    "related_images/x_v2_png/top.png": image(16),
}


def test_forms_leave_the_folders_of_names_behind(admin: Transport) -> None:
    shown = make_task(admin, [picture("/home/ada/cats/1.png"), picture("C:\\cats\\2.png")])
    meta = call(admin, tasks.retrieve_data_meta, shown.id).unwrap()
    assert [row.name for row in meta.frames or ()] == ["1.png", "2.png"]


def test_context_images(admin: Transport) -> None:
    shown = make_task(admin, [File("all.zip", packed(CONTEXT))], segment_size=2)
    meta = call(admin, tasks.retrieve_data_meta, shown.id).unwrap()
    told = [(row.name, row.related_files, row.has_related_context) for row in meta.frames or ()]
    assert told == [("a/x.png", 2, True), ("b/x.png", 0, False), ("x.v2.png", 1, True)]

    context = call(
        admin, with_response(tasks.retrieve_data), shown.id, type="context_image", number=0
    ).unwrap()
    assert context.response.content_type == "application/zip"
    with ZipFile(BytesIO(context.value)) as archive:
        assert archive.namelist() == ["left.png.jpg", "right.png.jpg"]
        pictures = [Image.open(BytesIO(archive.read(name))) for name in archive.namelist()]
    assert [(shot.format, shot.size) for shot in pictures] == [
        ("JPEG", (11, 30)),
        ("JPEG", (12, 30)),
    ]

    first, second = call(admin, jobs.list, task_id=shown.id, sort="id").unwrap().results
    same = call(admin, jobs.retrieve_data, first.id, type="context_image", number=0).unwrap()
    assert same == context.value
    top = call(admin, jobs.retrieve_data, second.id, type="context_image", number=2).unwrap()
    assert ZipFile(BytesIO(top)).namelist() == ["top.png.jpg"]
    for job, number, status in ((first.id, 2, 400), (first.id, 1, 404), (second.id, 3, 400)):
        refused = call(admin, jobs.retrieve_data, job, type="context_image", number=number)
        assert status_of(refused.failure()) == status
    nothing = call(admin, tasks.retrieve_data, shown.id, type="context_image")
    assert status_of(nothing.failure()) == 400


def test_context_alone_is_no_media(admin: Transport) -> None:
    alone = File("all.zip", packed({"related_images/x_png/a.png": image()}))
    sent: models.DataRequestDict = {"client_files": [alone]}
    assert ended(admin, sent).status is models.RequestStatus.FAILED


parts = st.sampled_from(["a", "b.c", "b_c", "related_images", "d.e.f"])


@given(st.sets(st.lists(parts, min_size=1, max_size=4).map("/".join)))
def test_every_file_is_a_frame_or_context(names: set[str]) -> None:
    found, contexts = split_contexts([Received(name, b"") for name in sorted(names)])
    for frame in found:
        assert "related_images" not in frame.name.split("/")[:-1]
        folder, slash, last = frame.name.rpartition("/")
        prefix = f"{folder}{slash}related_images/{last.replace('.', '_')}/"
        expected = {name for name in names if name.startswith(prefix)}
        shown = {file.name for file in contexts_of(frame.name, contexts)}
        assert shown == {name for name in expected if "/" not in name.removeprefix(prefix)}


@pytest.mark.parametrize("quality", ["compressed", "original"])
def test_a_chunk_tells_its_checksum(
    admin: Transport, quality: Literal["compressed", "original"]
) -> None:
    shown = make_task(admin)
    chunk = call(
        admin, with_response(tasks.retrieve_data), shown.id, type="chunk", number=0, quality=quality
    ).unwrap()
    headers = chunk.response.headers
    assert headers.get("x-checksum") == str(crc32(chunk.value))
    assert headers.get("accept-ranges") == "bytes"
    assert (headers.get("x-updated-date") or "").endswith("Z")
