"""Annotations: their ids, the three actions of a patch, what is refused, what exports show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest

from cvatfn import Request, Transport, call, follow, models, request
from cvatfn.api import jobs, labels, tasks
from tests.sandbox.kit import make_task, picture, settle, status_of

BOX = [1.0, 2.0, 11.0, 12.0]


def _box(label: int, frame: int = 0, **more: int) -> models.LabeledShapeRequestDict:
    shape: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": frame,
        "label_id": label,
        "points": BOX,
    }
    if "id" in more:
        shape["id"] = more["id"]
    return shape


def _labels(cvat: Transport, task: models.TaskRead) -> list[int]:
    return [label.id for label in call(cvat, labels.list, task_id=task.id).unwrap().results]


def test_a_patch_creates_updates_and_deletes(admin: Transport) -> None:
    task = make_task(admin)
    cat, dog = _labels(admin, task)
    call(admin, tasks.update_annotations, task.id, {"shapes": [_box(cat), _box(cat, 1)]}).unwrap()
    made = call(
        admin,
        tasks.partial_update_annotations,
        task.id,
        {"tags": [{"frame": 2, "label_id": dog}], "shapes": [_box(dog, 2)]},
        action="create",
    ).unwrap()
    assert [shape.id for shape in made.shapes] == [3]
    changed = call(
        admin,
        tasks.partial_update_annotations,
        task.id,
        {"shapes": [_box(dog, 1, id=1)]},
        action="update",
    ).unwrap()
    assert [(shape.id, shape.label_id) for shape in changed.shapes] == [(1, dog)]
    call(
        admin,
        tasks.partial_update_annotations,
        task.id,
        {"shapes": [_box(cat, 1, id=2)]},
        action="delete",
    ).unwrap()
    left = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert [(shape.id, shape.label_id, shape.frame) for shape in left.shapes] == [
        (1, dog, 1),
        (3, dog, 2),
    ]
    assert [tag.frame for tag in left.tags] == [2]
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()


def test_put_gives_new_ids_and_replaces(admin: Transport) -> None:
    task = make_task(admin)
    cat, _ = _labels(admin, task)
    call(admin, tasks.update_annotations, task.id, {"shapes": [_box(cat)]}).unwrap()
    put = call(admin, tasks.update_annotations, task.id, {"shapes": [_box(cat, id=1)]}).unwrap()
    assert [shape.id for shape in put.shapes] == [2]
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap() == put


def test_a_tasks_annotations_are_those_of_its_jobs(admin: Transport) -> None:
    task = make_task(admin, [picture(f"{index}.png") for index in range(4)], segment_size=2)
    cat, dog = _labels(admin, task)
    first, second = call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results
    shapes = [_box(cat, frame) for frame in (3, 0)]
    call(admin, tasks.update_annotations, task.id, {"shapes": shapes}).unwrap()
    mine = call(admin, jobs.retrieve_annotations, second.id).unwrap()
    assert [shape.frame for shape in mine.shapes] == [3]
    call(admin, jobs.update_annotations, first.id, {"shapes": [_box(dog, 1)]}).unwrap()
    whole = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert [(shape.frame, shape.label_id) for shape in whole.shapes] == [(1, dog), (3, cat)]
    refused = call(admin, jobs.update_annotations, first.id, {"shapes": [_box(cat, 3)]}).failure()
    assert status_of(refused) == 400
    call(admin, jobs.destroy_annotations, second.id).unwrap()
    assert len(call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes) == 1


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"type": "rectangle", "points": [1, 2, 3]}, "two corners"),
        ({"type": "polygon", "points": [1, 2, 3, 4]}, "three or more points"),
        ({"type": "polyline", "points": [1, 2]}, "two or more points"),
        ({"type": "cuboid", "points": [1, 2]}, "eight points"),
        ({"type": "mask", "points": [1, 2, 0, 0, 1, 1]}, "do not fill"),
        ({"type": "skeleton"}, "no elements"),
        ({"type": "rectangle", "points": BOX, "frame": 3}, "frame 3 is out of range"),
        ({"type": "rectangle", "points": BOX, "label_id": 99}, "label_id `99` is invalid"),
        (
            {"type": "rectangle", "points": BOX, "attributes": [{"spec_id": 9, "value": "x"}]},
            "attribute",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    admin: Transport, shape: models.LabeledShapeRequestDict, said: str
) -> None:
    task = make_task(admin)
    cat, _ = _labels(admin, task)
    whole: models.LabeledShapeRequestDict = {"frame": 0, "label_id": cat, **shape}
    refused = call(admin, tasks.update_annotations, task.id, {"shapes": [whole]}).failure()
    assert status_of(refused) == 400
    assert said in str(refused)
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()


def _exported(cvat: Transport, task: int, format: str) -> ZipFile:
    rq_id = (
        call(cvat, tasks.create_dataset_export, task, format=format, save_images=True)
        .unwrap()
        .rq_id
    )
    url = settle(cvat, rq_id).result_url or ""
    return ZipFile(BytesIO(follow(cvat, url).unwrap().body))


def _rich_task(cvat: Transport) -> int:
    """A task with one of each kind of annotation."""
    task = make_task(cvat)
    age: models.AttributeRequestDict = {
        "name": "age",
        "mutable": True,
        "input_type": "number",
        "values": ["0", "99", "1"],
    }
    hand: models.PatchedLabelRequestDict = {
        "name": "hand",
        "type": "skeleton",
        "sublabels": [{"name": "thumb", "type": "points"}, {"name": "palm", "type": "points"}],
    }
    first, _ = _labels(cvat, task)
    wanted: list[models.PatchedLabelRequestDict] = [{"id": first, "attributes": [age]}, hand]
    call(cvat, tasks.partial_update, task.id, {"labels": wanted}).unwrap()
    rows = {row.name: row for row in call(cvat, labels.list, task_id=task.id).unwrap().results}
    cat, dog, whole = rows["cat"], rows["dog"], rows["hand"]
    shapes: list[models.LabeledShapeRequestDict] = [
        {
            "type": "rectangle",
            "frame": 0,
            "label_id": cat.id,
            "points": BOX,
            "occluded": True,
            "attributes": [{"spec_id": cat.attributes[0].id, "value": "7"}],
        },
        {"type": "polygon", "frame": 0, "label_id": dog.id, "points": [0, 0, 4, 0, 4, 4]},
        {"type": "polyline", "frame": 0, "label_id": dog.id, "points": [0, 0, 4, 0.5]},
        {"type": "points", "frame": 0, "label_id": dog.id, "points": [3, 4]},
        {"type": "ellipse", "frame": 0, "label_id": dog.id, "points": [10, 10, 15, 7]},
        {"type": "cuboid", "frame": 0, "label_id": dog.id, "points": range(16)},
        {"type": "mask", "frame": 0, "label_id": dog.id, "points": [1, 2, 1, 2, 5, 6, 7, 7]},
        {
            "type": "skeleton",
            "frame": 0,
            "label_id": whole.id,
            "elements": [
                {"type": "points", "frame": 0, "label_id": part.id, "points": [place, place]}
                for place, part in enumerate(whole.sublabels, 1)
            ],
        },
    ]
    tracks: list[models.LabeledTrackRequestDict] = [
        {
            "frame": 0,
            "label_id": dog.id,
            "shapes": [
                {"type": "rectangle", "frame": 0, "points": [0, 0, 2, 2]},
                {"type": "rectangle", "frame": 2, "points": [4, 4, 6, 6]},
            ],
        }
    ]
    tags: list[models.LabeledImageRequestDict] = [{"frame": 1, "label_id": dog.id}]
    sent: models.LabeledDataRequestDict = {"shapes": shapes, "tracks": tracks, "tags": tags}
    call(cvat, tasks.update_annotations, task.id, sent).unwrap()
    return task.id


def _found(elements: Sequence[Element], tag: str) -> Element:
    return next(element for element in elements if element.tag == tag)


def test_cvat_for_images_shows_every_kind(admin: Transport) -> None:
    with _exported(admin, _rich_task(admin), "CVAT for images 1.1") as opened:
        document = fromstring(opened.read("annotations.xml"))  # noqa: S314 - ours
    first, second, _ = document.findall("image")
    box = _found(list(first), "box")
    assert (box.get("occluded"), box.findtext("attribute")) == ("1", "7")
    assert _found(list(first), "polyline").get("points") == "0.00,0.00;4.00,0.50"
    ellipse = _found(list(first), "ellipse")
    assert [ellipse.get(key) for key in ("cx", "cy", "rx", "ry")] == [
        "10.00",
        "10.00",
        "5.00",
        "3.00",
    ]
    assert _found(list(first), "cuboid").get("ybr2") == "15.00"
    mask = _found(list(first), "mask")
    assert (mask.get("rle"), mask.get("left"), mask.get("width"), mask.get("height")) == (
        "1, 2, 1, 2",
        "5",
        "3",
        "2",
    )
    skeleton = _found(list(first), "skeleton")
    assert [part.get("label") for part in skeleton] == ["thumb", "palm"]
    assert _found(list(second), "tag").get("label") == "dog"
    assert _found(list(second), "box").get("xtl") == "2.00"
    parents = [label.findtext("parent") for label in document.iter("label")]
    assert parents.count("hand") == 2


def test_coco_shows_boxes_polygons_and_masks(admin: Transport) -> None:
    with _exported(admin, _rich_task(admin), "COCO 1.0") as opened:
        assert "images/default/0.png" in opened.namelist()
        document = json.loads(opened.read("annotations/instances_default.json"))
    names = {row["id"]: row["name"] for row in document["categories"]}
    assert list(names.values()) == ["cat", "dog", "hand"]
    box, polygon, mask, *tracked = document["annotations"]
    assert (box["bbox"], box["area"], names[box["category_id"]]) == ([1, 2, 10, 10], 100, "cat")
    assert box["attributes"] == {"age": 7, "occluded": True, "rotation": 0}
    assert (polygon["segmentation"], polygon["area"]) == ([[0, 0, 4, 0, 4, 4]], 8)
    assert (mask["bbox"], mask["area"], mask["iscrowd"]) == ([5, 6, 3, 2], 4, 1)
    counts = mask["segmentation"]["counts"]
    pixels = [place % 2 for place, run in enumerate(counts) for _ in range(run)]
    height, width = mask["segmentation"]["size"]
    assert len(pixels) == height * width
    on = {divmod(place, height) for place, bit in enumerate(pixels) if bit}
    assert on == {(6, 6), (7, 6), (6, 7), (7, 7)}
    assert [(row["image_id"], row["bbox"]) for row in tracked] == [
        (1, [0, 0, 2, 2]),
        (2, [2, 2, 2, 2]),
        (3, [4, 4, 2, 2]),
    ]
    assert [row["id"] for row in document["annotations"]] == list(range(1, 7))


def test_a_job_is_exported_alone_and_downloads_in_ranges(admin: Transport) -> None:
    task = make_task(admin, [picture(f"{index}.png") for index in range(4)], segment_size=2)
    second = call(admin, jobs.list, task_id=task.id).unwrap().results[0]
    cat, _ = _labels(admin, task)
    call(admin, jobs.update_annotations, second.id, {"shapes": [_box(cat, 2)]}).unwrap()
    format = "CVAT for images 1.1"
    rq_id = call(admin, jobs.create_dataset_export, second.id, format=format).unwrap().rq_id
    assert f"target=job&target_id={second.id}&" in rq_id
    ended = settle(admin, rq_id)
    assert ended.operation.type == "export:annotations"
    whole = follow(admin, ended.result_url or "").unwrap()
    with ZipFile(BytesIO(whole.body)) as opened:
        assert opened.namelist() == ["annotations.xml"]
        document = fromstring(opened.read("annotations.xml"))  # noqa: S314 - ours
    assert [image.get("id") for image in document.findall("image")] == ["2", "3"]
    assert document.findtext("meta/job/id") == str(second.id)
    path, _, _ = (ended.result_url or "").removeprefix("http://localhost:8080").partition("?")
    tag = whole.headers.get("etag") or ""
    for headers, status, body in (
        ({"Range": "bytes=10-"}, 206, whole.body[10:]),
        ({"Range": "bytes=2-5", "If-Range": tag}, 206, whole.body[2:6]),
        ({"Range": "bytes=-4"}, 206, whole.body[-4:]),
        ({"Range": "bytes=2-5", "If-Range": '"other"'}, 200, whole.body),
    ):
        part = request(admin, Request("GET", path, (("rq_id", rq_id),), headers)).unwrap()
        assert (part.status, part.body) == (status, body)
        assert part.headers.get("accept-ranges") == "bytes"
    beyond = Request("GET", path, (("rq_id", rq_id),), {"Range": "bytes=999999-"})
    assert status_of(request(admin, beyond).failure()) == 416


def test_an_unknown_format_is_refused(admin: Transport) -> None:
    task = make_task(admin)
    refused = call(admin, tasks.create_dataset_export, task.id, format="XYZ 9").failure()
    assert status_of(refused) == 400
    assert "COCO 1.0" in str(refused)
