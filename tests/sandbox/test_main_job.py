"""The main job, in memory and over HTTP, and what its steps leave behind."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pytest
from PIL import Image

from cvatfn import File, Transport, call, connect, follow, login, logout, models, with_response
from cvatfn.api import jobs, labels, requests, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, picture, settle, status_of, three

BOX = [1.0, 2.0, 11.0, 22.5]
CORNERS = [0.0, 0.0, 10.0, 0.0, 10.0, 10.0]


def _do_the_main_job(cvat: Transport) -> bytes:
    task = make_task(cvat)
    assert (task.size, task.mode, task.jobs.count) == (3, "annotation", 1)
    ids = {
        label.name: label.id for label in call(cvat, labels.list, task_id=task.id).unwrap().results
    }
    shapes: list[models.LabeledShapeRequestDict] = [
        {"type": "rectangle", "frame": 0, "label_id": ids["cat"], "points": BOX},
        {"type": "polygon", "frame": 2, "label_id": ids["dog"], "points": CORNERS},
    ]
    put = call(cvat, tasks.update_annotations, task.id, {"shapes": shapes}).unwrap()
    assert [shape.id for shape in put.shapes] == [1, 2]
    assert call(cvat, tasks.retrieve_annotations, task.id).unwrap() == put
    assert [row.id for row in call(cvat, tasks.list, search="CAT").unwrap().results] == [task.id]
    started = call(
        cvat, tasks.create_dataset_export, task.id, format="CVAT for images 1.1", save_images=True
    ).unwrap()
    url = settle(cvat, started.rq_id).result_url
    assert url is not None
    response = follow(cvat, url).unwrap()
    assert response.content_type == "application/zip"
    assert (response.headers.get("content-disposition") or "").startswith("attachment; filename=")
    return response.body


def _check(archive: bytes) -> None:
    with ZipFile(BytesIO(archive)) as opened:
        assert opened.namelist() == [
            "annotations.xml",
            "images/0.png",
            "images/1.png",
            "images/2.png",
        ]
        document = fromstring(opened.read("annotations.xml"))  # noqa: S314 - ours
        assert Image.open(BytesIO(opened.read("images/1.png"))).size == (41, 30)
    images = document.findall("image")
    assert [image.get("width") for image in images] == ["40", "41", "42"]
    (box,) = images[0]
    assert (box.tag, box.get("label")) == ("box", "cat")
    assert [float(box.get(key, "")) for key in ("xtl", "ytl", "xbr", "ybr")] == BOX
    (polygon,) = images[2]
    assert polygon.get("points") == "0.00,0.00;10.00,0.00;10.00,10.00"
    assert document.findtext("meta/task/labels/label/color") == "#112233"


def test_in_memory(admin: Transport) -> None:
    _check(_do_the_main_job(admin))


def test_over_http(url: str) -> None:
    with connect(url) as anyone:
        session = login(anyone, username="admin", password="s3cret").unwrap()
    with connect(url, auth=session) as cvat:
        _check(_do_the_main_job(cvat))
        assert logout(cvat).unwrap().detail
        assert status_of(call(cvat, tasks.list).failure()) == 401


def test_the_same_job_leaves_the_same_bytes() -> None:
    archives: list[bytes] = []
    for _ in range(2):
        sandbox = Sandbox(World.with_user("admin", "x"))
        archives.append(
            _do_the_main_job(authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin))
        )
    assert archives[0] == archives[1]


def test_several_threads_at_once_over_http(url: str) -> None:
    with connect(url) as anyone:
        session = login(anyone, username="admin", password="s3cret").unwrap()
    with connect(url, auth=session) as cvat, ThreadPoolExecutor(8) as pool:

        def make(index: int) -> int:
            return make_task(cvat, name=f"task {index}").id

        made = list(pool.map(make, range(16)))
        assert sorted(made) == list(range(1, 17))
        pages = call(cvat, tasks.list, page_size="all", sort="id").unwrap()
        assert [row.size for row in pages.results] == [3] * 16


def test_an_upload_in_three_requests(admin: Transport) -> None:
    task = call(admin, tasks.create, {"name": "parts"}).unwrap()
    first, second, third = three()
    begun = call(admin, with_response(tasks.create_data), task.id, upload_start=True).unwrap()
    assert (begun.response.status, begun.value) == (202, None)
    for files in ([third], [first, second]):
        more = call(
            admin,
            with_response(tasks.create_data),
            task.id,
            {"client_files": files},
            upload_multiple=True,
        ).unwrap()
        assert (more.response.status, more.value) == (200, None)
    order: models.DataRequestDict = {
        "sorting_method": "predefined",
        "upload_file_order": ["1.png", "2.png", "0.png"],
    }
    ended = call(admin, tasks.create_data, task.id, order, upload_finish=True).unwrap()
    assert ended is not None
    settle(admin, ended.rq_id)
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    assert [frame.name for frame in meta.frames or ()] == ["1.png", "2.png", "0.png"]


MANIFEST = b"""\
{"version":"1.1"}
{"type":"images"}
{"name":"a","extension":".png"}
{"name":"10","extension":".png"}
{"name":"2","extension":".png"}
"""


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("lexicographical", ["10.png", "2.png", "a.png"]),
        ("natural", ["2.png", "10.png", "a.png"]),
        ("predefined", ["a.png", "10.png", "2.png"]),
    ],
)
def test_files_and_archives_are_sorted(
    admin: Transport, method: models.SortingMethodLike, names: list[str], *, packed: bool
) -> None:
    files = [picture(name) for name in ("a.png", "10.png", "2.png")]
    if packed:
        written = BytesIO()
        with ZipFile(written, "w") as archive:
            for file in reversed(files):
                assert isinstance(file.content, bytes)
                archive.writestr(file.name, file.content)
        # what order an archive is in, is said beside it
        beside = [File("manifest.jsonl", MANIFEST)] if method == "predefined" else []
        files = [File("more.zip", written.getvalue()), *beside]
    task = make_task(admin, files, {"sorting_method": method})
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    assert [frame.name for frame in meta.frames or ()] == names


def test_what_is_no_image_fails_in_the_background(admin: Transport) -> None:
    task = call(admin, tasks.create, {"name": "broken"}).unwrap()
    sent: models.DataRequestDict = {"client_files": [File("a.png", b"no image")]}
    started = call(admin, tasks.create_data, task.id, sent).unwrap()
    assert started is not None
    ended = settle(admin, started.rq_id)
    assert ended.status is models.RequestStatus.FAILED
    assert "a.png" in ended.message
    assert call(admin, tasks.retrieve, task.id).unwrap().data is None


def test_background_work_passes_through_its_states(admin: Transport) -> None:
    task = make_task(admin)
    rq_id = call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0").unwrap().rq_id
    again = call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0").failure()
    assert status_of(again) == 409
    seen = [call(admin, requests.retrieve, rq_id).unwrap().status.value for _ in range(3)]
    assert seen == ["started", "finished", "finished"]
    listed = call(admin, requests.list, action="export", target="task").unwrap()
    assert [row.id for row in listed.results] == [rq_id]


def test_segments_and_overlap_make_jobs(admin: Transport) -> None:
    files = [picture(f"{index:02}.png") for index in range(10)]
    task = make_task(admin, files, segment_size=4, overlap=1)
    rows = call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results
    assert [(row.start_frame, row.stop_frame) for row in rows] == [(0, 3), (3, 6), (6, 9)]
    meta = call(admin, jobs.retrieve_data_meta, rows[1].id).unwrap()
    assert meta.size == 4
    assert [frame.name for frame in meta.frames or ()] == ["03.png", "04.png", "05.png", "06.png"]


def test_frames_previews_and_chunks(admin: Transport) -> None:
    task = make_task(admin)
    original = call(admin, tasks.retrieve_data, task.id, type="frame", number=1, quality="original")
    assert original.unwrap() == three()[1].content
    small = call(admin, tasks.retrieve_data, task.id, type="frame", number=1).unwrap()
    assert Image.open(BytesIO(small)).format == "JPEG"
    preview = call(admin, tasks.retrieve_preview, task.id).unwrap()
    assert Image.open(BytesIO(preview or b"")).size == (40, 30)
    chunk = call(admin, tasks.retrieve_data, task.id, type="chunk", number=0, quality="original")
    assert ZipFile(BytesIO(chunk.unwrap())).namelist() == ["000000.png", "000001.png", "000002.png"]
    beyond = call(admin, tasks.retrieve_data, task.id, type="frame", number=9)
    assert status_of(beyond.failure()) == 400


def test_deleted_frames_are_left_out_of_exports(admin: Transport) -> None:
    task = make_task(admin)
    changed = call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [1]})
    assert changed.unwrap().deleted_frames == (1,)
    rq_id = (
        call(admin, tasks.create_dataset_export, task.id, format="COCO 1.0", save_images=True)
        .unwrap()
        .rq_id
    )
    url = settle(admin, rq_id).result_url or ""
    with ZipFile(BytesIO(follow(admin, url).unwrap().body)) as opened:
        assert opened.namelist() == [
            "annotations/instances_default.json",
            "images/default/0.png",
            "images/default/2.png",
        ]
        assert len(json.loads(opened.read(opened.namelist()[0]))["images"]) == 2
