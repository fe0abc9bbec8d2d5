"""Imports: what was exported comes back the same, and what cannot be read says why."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import File, Request, Transport, call, models
from cvatfn.api import jobs, labels, projects, server, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.files.exports import archives
from cvatfn.testing.sandbox.files.exports.archives import read_zip, written_zip
from cvatfn.transport import authenticated
from tests.sandbox.kit import fetched, make_task, picture, settle, status_of, three

CVAT = "CVAT for images 1.1", "CVAT 1.1"
COCO = "COCO 1.0", "COCO 1.0"
DAY = datetime(2026, 1, 1, tzinfo=UTC)

SHAPES: Sequence[models.LabeledShapeRequestDict] = [
    {"type": "rectangle", "frame": 0, "label_id": 1, "points": [1, 2, 11, 22.5], "rotation": 30},
    {"type": "polygon", "frame": 2, "label_id": 2, "points": [0, 0, 10, 0, 10, 10.25]},
    {"type": "mask", "frame": 1, "label_id": 1, "points": [1, 2, 3, 5, 6, 7, 7]},
]
OTHERS: Sequence[models.LabeledShapeRequestDict] = [
    {"type": "polyline", "frame": 0, "label_id": 1, "points": [1, 2, 3, 4], "group": 3},
    {"type": "points", "frame": 0, "label_id": 1, "points": [5, 6], "occluded": True},
    {"type": "ellipse", "frame": 1, "label_id": 2, "points": [9, 9, 12, 5], "source": "auto"},
    {"type": "cuboid", "frame": 1, "label_id": 2, "points": list(range(16)), "z_order": -2},
]


def _import(cvat: Transport, task: int, format: str, file: File, mode: str = "") -> models.Request:
    chosen: Literal["append", "replace"] = "append" if mode == "append" else "replace"
    started = call(
        cvat,
        tasks.create_annotations,
        task,
        {"annotation_file": file},
        format=format,
        import_mode=chosen,
    ).unwrap()
    assert started is not None
    return settle(cvat, started.rq_id)


def _export(cvat: Transport, task: int, format: str, *, save_images: bool = False) -> File:
    asked = call(cvat, tasks.create_dataset_export, task, format=format, save_images=save_images)
    return File("exported.zip", fetched(cvat, asked.unwrap().rq_id))


def _bare(data: models.LabeledData, names: tuple[str, str] = CVAT) -> object:
    """Annotations without their ids and what a format does not tell, in order of their places."""
    shapes = [
        evolve(
            shape,
            id=0,
            source=shape.source if names == CVAT else "file",
            elements=tuple(evolve(each, id=0) for each in shape.elements),
        )
        for shape in data.shapes
    ]
    return (
        sorted((evolve(tag, id=0) for tag in data.tags), key=repr),
        sorted(shapes, key=repr),
    )


@pytest.mark.parametrize("names", [CVAT, COCO])
def test_what_was_exported_comes_back_the_same(admin: Transport, names: tuple[str, str]) -> None:
    task = make_task(admin)
    shapes = [*SHAPES, *OTHERS] if names == CVAT else SHAPES
    tags: list[models.LabeledImageRequestDict] = [{"frame": 1, "label_id": 2}]
    body: models.LabeledDataRequestDict = {"shapes": shapes, "tags": tags if names == CVAT else []}
    before = call(admin, tasks.update_annotations, task.id, body).unwrap()
    file = _export(admin, task.id, names[0])
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    ended = _import(admin, task.id, names[1], file)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    after = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert _bare(after, names) == _bare(before, names)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.lists(st.integers(0, 10), min_size=4, max_size=4)),
        max_size=4,
    )
)
def test_masks_come_back_the_same(drawn: list[tuple[int, list[int]]]) -> None:
    sandbox = Sandbox(World.with_user("admin", "x"))
    admin = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    task = make_task(admin)
    masks: list[models.LabeledShapeRequestDict] = [
        # two rows of ten pixels: empty, full, empty, full, the rest
        {"type": "mask", "frame": frame, "label_id": 1, "points": [*_runs(runs), 3, 4, 12, 5]}
        for frame, runs in drawn
    ]
    before = call(admin, tasks.update_annotations, task.id, {"shapes": masks}).unwrap()
    ended = _import(admin, task.id, "COCO 1.0", _export(admin, task.id, "COCO 1.0"))
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    after = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert _bare(after, COCO) == _bare(before, COCO)


def _runs(lengths: Sequence[int]) -> list[float]:
    """Runs that fill twenty pixels and change at each of some places."""
    pixels = [sum(1 for each in lengths if each * 2 <= place) % 2 for place in range(20)]
    runs, previous = [0], 0
    for pixel in pixels:
        if pixel != previous:
            runs.append(0)
            previous = pixel
        runs[-1] += 1
    return [float(run) for run in runs]


def test_attributes_and_skeletons_come_back(admin: Transport) -> None:
    made = call(
        admin,
        tasks.create,
        {
            "name": "people",
            "labels": [
                {
                    "name": "person",
                    "type": "skeleton",
                    "attributes": [
                        {
                            "name": "age",
                            "mutable": True,
                            "input_type": "text",
                            "default_value": "",
                            "values": [""],
                        }
                    ],
                    "sublabels": [{"name": "head", "type": "points"}],
                }
            ],
        },
    ).unwrap()
    started = call(admin, tasks.create_data, made.id, {"client_files": three()}).unwrap()
    assert started is not None
    settle(admin, started.rq_id)
    (person,) = call(admin, labels.list, task_id=made.id).unwrap().results
    (head,) = list(person.sublabels or ())
    shape: models.LabeledShapeRequestDict = {
        "type": "skeleton",
        "frame": 0,
        "label_id": person.id,
        "attributes": [{"spec_id": person.attributes[0].id or 0, "value": "7 < 8"}],
        "elements": [
            {"type": "points", "frame": 0, "label_id": head.id or 0, "points": [3, 4]},
        ],
    }
    before = call(admin, tasks.update_annotations, made.id, {"shapes": [shape]}).unwrap()
    ended = _import(admin, made.id, CVAT[1], _export(admin, made.id, CVAT[0]))
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    assert _bare(call(admin, tasks.retrieve_annotations, made.id).unwrap()) == _bare(before)


@pytest.mark.parametrize(("mode", "count"), [("", 1), ("append", 3)])
def test_annotations_are_replaced_unless_they_are_appended(
    admin: Transport, mode: str, count: int
) -> None:
    task = make_task(admin)
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES[:1]}).unwrap()
    file = _export(admin, task.id, CVAT[0])
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES[1:]}).unwrap()
    _import(admin, task.id, CVAT[1], file, mode)
    shapes = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    assert len(shapes) == count
    assert len({shape.id for shape in shapes}) == count


@pytest.mark.parametrize("names", [CVAT, COCO])
def test_a_bare_file_will_do(admin: Transport, names: tuple[str, str]) -> None:
    task = make_task(admin)
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES[:1]}).unwrap()
    archived = _export(admin, task.id, names[0]).content
    assert isinstance(archived, bytes)
    with ZipFile(BytesIO(archived)) as archive:
        (name,) = archive.namelist()
        file = File(name, archive.read(name))
    assert _import(admin, task.id, names[1], file).status is models.RequestStatus.FINISHED


def test_a_job_takes_its_own_part(admin: Transport) -> None:
    task = make_task(admin, segment_size=1)
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES}).unwrap()
    file = _export(admin, task.id, CVAT[0])
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    job = call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results[1]
    started = call(
        admin, jobs.create_annotations, job.id, {"annotation_file": file}, format=CVAT[1]
    ).unwrap()
    assert started is not None
    assert started.rq_id == f"action=import&target=job&target_id={job.id}&subresource=annotations"
    operation = settle(admin, started.rq_id).operation
    assert (operation.type, operation.task_id, operation.job_id) == (
        "import:annotations",
        task.id,
        job.id,
    )
    found = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert [shape.type.value for shape in found.shapes] == ["mask"]


def test_a_file_in_pieces(admin: Transport) -> None:
    task = make_task(admin)
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES}).unwrap()
    content = _export(admin, task.id, CVAT[0]).content
    assert isinstance(content, bytes)
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    path = f"/api/tasks/{task.id}/annotations/"
    started = admin(Request("POST", path, (("format", CVAT[1]),), {"Upload-Start": ""})).unwrap()
    assert started.status == 202
    told = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(content)),
        "Upload-Metadata": f"filename {b64encode(b'exported.zip').decode()}",
    }
    place = admin(Request("POST", path, (), told)).unwrap().headers.get("location") or ""
    where = "/api/" + place.partition("/api/")[2]
    for offset in (0, 100):
        piece = content[:100] if offset == 0 else content[100:]
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        assert admin(Request("PATCH", where, (), headers, piece)).unwrap().status == 204
    query = (("format", CVAT[1]), ("filename", where.rpartition("/")[2]))
    ended = admin(Request("POST", path, query, {"Upload-Finish": ""})).unwrap()
    assert ended.status == 202
    settle(admin, f"action=import&target=task&target_id={task.id}&subresource=annotations")
    assert len(call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes) == 3


DECLARED = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
    "<annotations>&c;</annotations>"
)
TRACK = (
    b"<annotations><track label='cat'><points frame='%s' outside='%s' points='1,2'/>"
    b"</track></annotations>"
)
OBJECT = (
    b"<annotation><filename>0.png</filename><object><name>cat</name><bndbox>%s</bndbox></object>"
    b"</annotation>"
)
XML = b"<annotations><image id='0' name='0.png'>%s</image></annotations>"


@pytest.mark.parametrize(
    ("format", "name", "content", "said"),
    [
        ("CVAT 1.1", "a.xml", b"<annotations><image>", "no element found"),
        ("CVAT 1.1", "a.xml", b"<!DOCTYPE a><annotations/>", "document type"),
        ("CVAT 1.1", "a.xml", DECLARED.encode(), "document type"),
        ("CVAT 1.1", "a.xml", DECLARED.replace("utf-8", "utf-16").encode("utf-16"), "type"),
        ("CVAT 1.1", "a.xml", b"<annotation/>", "<annotation>"),
        ("CVAT 1.1", "a.xml", b"<annotations><track/></annotations>", "'label'"),
        ("CVAT 1.1", "a.xml", TRACK % (b"9", b"0"), "frame 9"),
        ("CVAT 1.1", "a.xml", TRACK % (b"1" * 5000, b"0"), "too large"),
        ("CVAT 1.1", "a.xml", TRACK % (b"x", b"0"), "'x'"),
        ("PASCAL VOC 1.1", "a.xml", b"<annotations/>", "<annotations>"),
        ("PASCAL VOC 1.1", "a.xml", OBJECT % b"<xmin>1</xmin>", "missing"),
        ("PASCAL VOC 1.1", "a.xml", OBJECT % b"<xmin>inf</xmin>", "inf"),
        ("PASCAL VOC 1.1", "a.json", b"{}", "PASCAL VOC"),
        ("CVAT 1.1", "a.xml", b"<annotations><image/></annotations>", "'name'"),
        ("CVAT 1.1", "a.xml", XML % b"<tag label='cow'/>", "'cow'"),
        ("CVAT 1.1", "a.xml", XML % b"<star label='cat'/>", "<star>"),
        ("CVAT 1.1", "a.xml", XML % b"<points label='cat' points='1,nan'/>", "nan"),
        ("CVAT 1.1", "a.xml", XML % b"<polygon label='cat' points='1,2'/>", "polygon"),
        ("CVAT 1.1", "a.xml", (XML % b"<tag label='cat'/>").replace(b"0.p", b"9.p"), "9.png"),
        ("CVAT 1.1", "a.xml", XML % (b"<skeleton label='cat'>" * 2000), "mismatched"),
        (
            "CVAT 1.1",
            "a.xml",
            XML % (b"<skeleton label='cat'>" * 2000 + b"</skeleton>" * 2000),
            "skeleton is in",
        ),
        (
            "CVAT 1.1",
            "a.xml",
            XML % b"<points label='cat' points='1,2' rotation='-5'/>",
            "rotation",
        ),
        ("CVAT 1.1", "a.xml", XML % b"<tag label='cat' group_id='-1'/>", "group"),
        ("CVAT 1.1", "a.json", b"{}", ".xml"),
        ("COCO 1.0", "a.json", b"{}", "images"),
        ("COCO 1.0", "a.json", b"[", "truncated"),
        ("COCO 1.0", "a.zip", b"PK\x03\x04", ".json"),
        (
            "COCO 1.0",
            "a.json",
            json.dumps(
                {
                    "images": [{"id": 1, "file_name": "0.png"}],
                    "categories": [{"id": 1, "name": "cat"}],
                    "annotations": [
                        {
                            "image_id": 1,
                            "category_id": 1,
                            "bbox": [0, 0, 9, 9],
                            "segmentation": {"counts": [1], "size": [1 << 40, 1 << 20]},
                        }
                    ],
                }
            ).encode(),
            "too large",
        ),
    ],
)
def test_what_cannot_be_read_fails_and_says_why(
    admin: Transport, format: str, name: str, content: bytes, said: str
) -> None:
    task = make_task(admin)
    call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES}).unwrap()
    ended = _import(admin, task.id, format, File(name, content))
    assert ended.status is models.RequestStatus.FAILED
    assert said in ended.message
    assert len(call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes) == 3


def test_what_is_refused_at_once(admin: Transport, worker: Transport) -> None:
    empty = call(admin, tasks.create, {"name": "empty"}).unwrap()
    task = make_task(admin)
    file: models.AnnotationFileRequestDict = {"annotation_file": File("a.xml", b"")}
    create = tasks.create_annotations
    assert status_of(call(admin, create, empty.id, file, format="CVAT 1.1").failure()) == 400
    assert status_of(call(admin, create, task.id, file, format="Crayon 1.0").failure()) == 400
    assert status_of(call(admin, create, task.id, file).failure()) == 400
    assert status_of(call(admin, create, task.id, format="CVAT 1.1").failure()) == 400
    assert status_of(call(worker, create, task.id, file, format="CVAT 1.1").failure()) == 403
    call(admin, create, task.id, file, format="CVAT 1.1").unwrap()
    assert status_of(call(admin, create, task.id, file, format="CVAT 1.1").failure()) == 409


def test_what_can_be_imported_is_listed(admin: Transport) -> None:
    listed = call(admin, server.retrieve_annotation_formats).unwrap()
    assert {each.name: each.ext for each in listed.importers} == {
        "CVAT 1.1": "XML, ZIP",
        "COCO 1.0": "JSON, ZIP",
        "PASCAL VOC 1.1": "ZIP",
    }
    assert {each.name: each.ext for each in listed.exporters} == dict.fromkeys(
        ("COCO 1.0", "CVAT for images 1.1", "CVAT for video 1.1", "PASCAL VOC 1.1"), "ZIP"
    )
    every = [*listed.importers, *listed.exporters]
    assert {(each.enabled, each.dimension) for each in every} == {(True, "2d")}
    assert all(each.name.endswith(f" {each.version}") for each in every)


@pytest.mark.parametrize("names", [CVAT, COCO])
def test_a_dataset_becomes_a_task_of_a_project(admin: Transport, names: tuple[str, str]) -> None:
    task = make_task(admin)
    before = call(admin, tasks.update_annotations, task.id, {"shapes": SHAPES}).unwrap()
    file = _export(admin, task.id, names[0], save_images=True)
    project = call(
        admin, projects.create, {"name": "pets", "labels": [{"name": "cat"}, {"name": "dog"}]}
    ).unwrap()
    started = call(
        admin, projects.create_dataset, project.id, {"dataset_file": file}, format=names[1]
    ).unwrap()
    assert started is not None
    assert started.rq_id == (
        f"action=import&target=project&target_id={project.id}&subresource=dataset"
    )
    ended = settle(admin, started.rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    assert (ended.operation.type, ended.operation.project_id) == ("import:dataset", project.id)
    (made,) = call(admin, tasks.list, project_id=project.id).unwrap().results
    meta = call(admin, tasks.retrieve_data_meta, made.id).unwrap()
    assert [frame.name for frame in meta.frames or ()] == ["0.png", "1.png", "2.png"]
    data = call(admin, tasks.retrieve_data, made.id, type="frame", number=1, quality="original")
    assert data.unwrap() == three()[1].content
    after = call(admin, tasks.retrieve_annotations, made.id).unwrap()
    assert [shape.points for shape in after.shapes] == [
        shape.points for shape in sorted(before.shapes, key=lambda shape: shape.frame)
    ]
    own = {label.id for label in call(admin, labels.list, project_id=project.id).unwrap().results}
    assert {shape.label_id for shape in after.shapes} <= own


def test_a_whole_project_goes_into_another_one_by_subsets(admin: Transport) -> None:
    ids: list[int] = []
    for name in ("from", "to"):
        body: models.ProjectWriteRequestDict = {"name": name, "labels": [{"name": "cat"}]}
        ids.append(call(admin, projects.create, body).unwrap().id)
    for subset in ("Train", "Test"):
        task = call(
            admin, tasks.create, {"name": subset, "project_id": ids[0], "subset": subset}
        ).unwrap()
        started = call(admin, tasks.create_data, task.id, {"client_files": three()}).unwrap()
        assert started is not None
        settle(admin, started.rq_id)
    asked = call(
        admin, projects.create_dataset_export, ids[0], format=CVAT[0], save_images=True
    ).unwrap()
    file = File("all.zip", fetched(admin, asked.rq_id))
    begun = call(
        admin, projects.create_dataset, ids[1], {"dataset_file": file}, format=CVAT[1]
    ).unwrap()
    assert begun is not None
    settle(admin, begun.rq_id)
    made = call(admin, tasks.list, project_id=ids[1], sort="id").unwrap().results
    assert [(row.subset, row.size) for row in made] == [("Train", 3), ("Test", 3)]


def test_a_dataset_without_its_images_fails_and_leaves_nothing(admin: Transport) -> None:
    task = make_task(admin)
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    file = _export(admin, task.id, CVAT[0])
    started = call(
        admin, projects.create_dataset, project.id, {"dataset_file": file}, format=CVAT[1]
    ).unwrap()
    assert started is not None
    ended = settle(admin, started.rq_id)
    assert (ended.status, "0.png" in ended.message) == (models.RequestStatus.FAILED, True)
    assert call(admin, tasks.list, project_id=project.id).unwrap().count == 0


def test_a_dataset_is_an_archive(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    file = picture("a.png")
    for format in (CVAT[1], "Crayon 1.0"):  # which is looked at later
        refused = call(
            admin, projects.create_dataset, project.id, {"dataset_file": file}, format=format
        ).failure()
        assert status_of(refused) == 400
        assert "dataset_file" in str(refused)


def test_an_archive_is_read_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [("a.txt", b"a" * 100), ("b/c.txt", b"b")]
    archive = written_zip(entries, DAY)
    assert read_zip(archive).unwrap() == tuple(entries)
    # one that says of itself to be smaller than it is
    lying = archive.replace((100).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "CRC" in read_zip(lying).failure()
    assert read_zip(archive[:-30]).failure()
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_BZIP2) as other:
        other.writestr("a", b"a")
    assert "compressed" in read_zip(packed.getvalue()).failure()
    monkeypatch.setattr(archives, "MOST", 1)
    assert "entries" in read_zip(archive).failure()
    monkeypatch.setattr(archives, "MOST", 2)
    monkeypatch.setattr(archives, "LARGEST", 100)
    assert "unpacks" in read_zip(archive).failure()
