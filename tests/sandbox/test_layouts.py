"""Files that leave the sandbox are laid out as documented, and datasets become tasks by subsets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from cvatfn import File, call, models
from cvatfn.api import labels, projects, server, tasks
from cvatfn.testing.sandbox.files.exports import FORMATS
from tests.sandbox import drawing
from tests.sandbox.drawing import (
    HEIGHT,
    IMAGES,
    IMPORTED,
    SIZE,
    WIDTH,
    Drawing,
    exported,
    imported,
    opened,
)
from tests.sandbox.drawing import drawing as task_of
from tests.sandbox.kit import fetched, settle


def _parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - the sandbox wrote it


NAMES = ("cat", "person", "left", "right", "age", "ill")


@pytest.mark.parametrize("format", FORMATS)
def test_a_project_goes_into_another_one_by_subsets(format: str) -> None:
    on = task_of(NAMES)
    body: models.ProjectWriteRequestDict = {
        "name": "all",
        "labels": [{"name": "cat", "attributes": [drawing.attribute("a", "text", mutable=True)]}],
    }
    old, new = (call(on.cvat, projects.create, body).unwrap().id for _ in range(2))
    label = call(on.cvat, labels.list, project_id=old).unwrap().results[0].id
    inside: list[int] = []
    for subset in ("Test", "Test", "Train"):
        made = call(
            on.cvat, tasks.create, {"name": "t", "project_id": old, "subset": subset}
        ).unwrap()
        started = call(on.cvat, tasks.create_data, made.id, {"client_files": IMAGES}).unwrap()
        assert started is not None
        settle(on.cvat, started.rq_id)
        inside.append(made.id)
    for place, task in enumerate(inside):
        box: models.TrackedShapeRequestDict = {
            "type": "rectangle",
            "frame": 1,
            "points": [place, 2, 8, 9],
        }
        track: models.LabeledTrackRequestDict = {
            "label_id": label,
            "frame": 1,
            "shapes": [box, {**box, "frame": 3, "outside": True}],
        }
        call(on.cvat, tasks.update_annotations, task, {"tracks": [track]}).unwrap()
    asked = call(on.cvat, projects.create_dataset_export, old, format=format, save_images=True)
    file = File("all.zip", fetched(on.cvat, asked.unwrap().rq_id))
    begun = call(
        on.cvat,
        projects.create_dataset,
        new,
        {"dataset_file": file},
        format=IMPORTED.get(format, format),
    ).unwrap()
    assert begun is not None
    ended = settle(on.cvat, begun.rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    rows = call(on.cvat, tasks.list, project_id=new, sort="id").unwrap().results
    assert [(row.subset, row.size) for row in rows] == [("Test", 2 * SIZE), ("Train", SIZE)]
    found = [call(on.cvat, tasks.retrieve_annotations, row.id).unwrap() for row in rows]
    boxes = [
        [(key.frame, key.points) for held in data.tracks for key in held.shapes if not key.outside]
        + [(shape.frame, shape.points) for shape in data.shapes]
        for data in found
    ]
    both = {(1, 0.0), (SIZE + 1, 1.0)}
    assert {(frame, points[0]) for frame, points in boxes[0]} >= both
    assert {(frame, points[0]) for frame, points in boxes[1]} >= {(1, 2.0)}
    drawn = format != "CVAT for video 1.1"
    assert [len(data.tracks) for data in found] == ([0, 0] if drawn else [2, 1])
    assert [len(data.shapes) for data in found] == ([4, 2] if drawn else [0, 0])


RICH: Mapping[str, Any] = {
    "shapes": [
        {"type": "rectangle", "frame": 0, "label_id": 1, "points": [1, 2, 11, 8], "rotation": 30},
        {"type": "polygon", "frame": 1, "label_id": 1, "points": [0, 0, 8, 0, 8, 8]},
        {"type": "mask", "frame": 1, "label_id": 1, "points": [1, 2, 1, 5, 6, 6, 7]},
    ],
    "tags": [{"frame": 2, "label_id": 1}],
    "tracks": [
        {
            "frame": 0,
            "label_id": 1,
            "shapes": [
                {"type": "rectangle", "frame": 0, "points": [0, 0, 4, 4]},
                {"type": "rectangle", "frame": 2, "points": [4, 0, 8, 4], "outside": False},
                {"type": "rectangle", "frame": 3, "points": [4, 0, 8, 4], "outside": True},
            ],
        }
    ],
}


@pytest.fixture
def rich() -> Drawing:
    """A task with one of each, the fourth of its frames deleted."""
    on = task_of(NAMES)
    call(on.cvat, tasks.update_annotations, on.task, dict(RICH)).unwrap()  # type: ignore[arg-type]  # as above
    call(on.cvat, tasks.partial_update_data_meta, on.task, {"deleted_frames": [3]}).unwrap()
    return on


def test_cvat_for_video_is_laid_out_as_documented(rich: Drawing) -> None:
    files = opened(exported(rich, "CVAT for video 1.1", images=True))
    assert list(files) == ["annotations.xml", *(f"images/{n}.png" for n in range(3))]
    root = _parsed(files["annotations.xml"])
    assert (root.tag, root.findtext("version")) == ("annotations", "1.1")
    assert root.findtext("meta/task/size") == "4"
    track, *others = root.findall("track")
    assert dict(track.attrib) == {"id": "0", "label": "cat", "source": "manual"}
    assert [
        tuple(box.get(name) for name in ("frame", "keyframe", "outside", "xtl")) for box in track
    ] == [("0", "1", "0", "0.00"), ("1", "0", "0", "2.00"), ("2", "1", "0", "4.00")]
    assert [[node.tag for node in other] for other in others] == [
        ["box", "box"],
        ["polygon", "polygon"],
        ["mask", "mask"],
    ]


def test_voc_is_laid_out_as_documented(rich: Drawing) -> None:
    files = opened(exported(rich, "PASCAL VOC 1.1", images=True))
    assert list(files) == [
        *(f"Annotations/{n}.xml" for n in range(3)),
        "ImageSets/Main/default.txt",
        "ImageSets/Main/cat_default.txt",
        "ImageSets/Main/person_default.txt",
        "ImageSets/Segmentation/default.txt",
        *(f"JPEGImages/{n}.png" for n in range(3)),
        "SegmentationClass/1.png",
        "SegmentationObject/1.png",
        "labelmap.txt",
    ]
    assert files["ImageSets/Main/default.txt"] == b"0\n1\n2\n"
    assert files["ImageSets/Main/cat_default.txt"] == b"2  1\n"
    assert files["ImageSets/Main/person_default.txt"] == b"2 -1\n"
    assert files["labelmap.txt"].decode().splitlines() == [
        "# label:color_rgb:parts:actions",
        "background:0,0,0::",
        "cat:128,0,0::",
        "person:0,128,0::",
    ]
    root = _parsed(files["Annotations/0.xml"])
    assert (root.findtext("filename"), root.findtext("size/width")) == ("0.png", str(WIDTH))
    first, second = root.findall("object")
    assert [node.tag for node in first] == [
        *("name", "truncated", "occluded", "difficult", "bndbox", "attributes"),
    ]
    corners = [first.findtext(f"bndbox/{name}") for name in ("xmin", "ymin", "xmax", "ymax")]
    assert [float(corner or "") for corner in corners] == [1, 2, 11, 8]
    said = {
        each.findtext("name"): each.findtext("value")
        for each in second.findall("attributes/attribute")
    }
    assert said == {"rotation": "0.0", "track_id": "1", "keyframe": "true"}


def test_coco_is_laid_out_as_documented(rich: Drawing) -> None:
    files = opened(exported(rich, "COCO 1.0", images=True))
    assert list(files) == [
        "annotations/instances_default.json",
        *(f"images/default/{n}.png" for n in range(3)),
    ]
    document = json.loads(files["annotations/instances_default.json"])
    assert list(document) == ["licenses", "info", "categories", "images", "annotations"]
    assert [image["file_name"] for image in document["images"]] == ["0.png", "1.png", "2.png"]
    crowds = [
        (row["image_id"], row["iscrowd"], bool(row["segmentation"]))
        for row in document["annotations"]
    ]
    assert crowds == [
        (1, 0, False),
        (1, 0, False),
        (2, 0, True),
        (2, 1, True),
        (2, 0, False),
        (3, 0, False),
    ]
    mask = next(row for row in document["annotations"] if row["iscrowd"])
    assert sum(mask["segmentation"]["counts"]) == WIDTH * HEIGHT
    assert (mask["area"], mask["bbox"]) == (2, [5, 6, 2, 2])


def test_an_empty_project_has_nothing_in_coco(rich: Drawing) -> None:
    project = call(rich.cvat, projects.create, {"name": "none"}).unwrap().id
    asked = call(rich.cvat, projects.create_dataset_export, project, format="COCO 1.0").unwrap()
    assert fetched(rich.cvat, asked.rq_id) == b"PK\x05\x06" + bytes(18)  # as recorded


def test_a_track_is_drawn_no_further_than_its_job() -> None:
    on = task_of(NAMES, segment_size=2)
    call(
        on.cvat,
        tasks.update_annotations,
        on.task,
        {
            "tracks": [
                {
                    "frame": 0,
                    "label_id": on.thing.id,
                    "shapes": [{"type": "rectangle", "frame": 0, "points": [0, 0, 4, 4]}],
                }
            ]
        },
    ).unwrap()
    after = imported(on, "COCO 1.0", exported(on, "COCO 1.0"))
    assert sorted(shape.frame for shape in after.shapes) == [0, 1]


def test_what_formats_can_be_imported_can_be_exported(rich: Drawing) -> None:
    listed = call(rich.cvat, server.retrieve_annotation_formats).unwrap()
    names = {each.name for each in listed.exporters}
    assert names == set(FORMATS)
    assert {each.name for each in listed.importers} == {IMPORTED.get(name, name) for name in names}
