"""What the tests of formats draw: labels with attributes, and annotations of a few small frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, TypeAlias
from zipfile import ZipFile

from attrs import frozen
from hypothesis import strategies as st

from cvatfn import File, Transport, call, models
from cvatfn.api import jobs, labels, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.sandbox.kit import fetched, picture, settle

WIDTH, HEIGHT, SIZE = 20, 16, 4
IMAGES = [picture(f"{index}.png", (WIDTH, HEIGHT)) for index in range(SIZE)]

Shape: TypeAlias = models.LabeledShapeRequestDict

texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=6,
)
names = texts.filter(lambda text: text.strip() == text != "")
places = st.integers(0, 4 * HEIGHT).map(lambda place: place / 4)
turns = st.integers(0, 359)
groups = st.integers(0, 2)


@frozen
class Drawing:
    """A task in a world of its own, and its labels.

    :param thing: a label for shapes, tracks and tags.
    :param person: a label for skeletons.
    """

    cvat: Transport
    task: int
    thing: models.Label
    person: models.Label


def attribute(name: str, kind: str, *, mutable: bool) -> models.AttributeRequestDict:
    values = ["-5", "5", "1"] if kind == "number" else [""]
    return {
        "name": name,
        "mutable": mutable,
        "input_type": models.InputTypeEnum(kind),
        "default_value": "false" if kind == "checkbox" else values[0],
        "values": ["false"] if kind == "checkbox" else values,
    }


RESERVED = {"occluded", "rotation", "track_id", "keyframe"}
"""Attributes that formats tell of shapes of their own."""


@st.composite
def label_names(draw: st.DrawFn) -> tuple[str, str, str, str, str, str]:
    found = draw(st.lists(names, min_size=6, max_size=6, unique_by=str.lower))
    one, two, three, four, five, six = (
        name + "." if name in RESERVED or name == "background" else name for name in found
    )
    return one, two, three, four, five, six


def drawing(
    drawn: tuple[str, str, str, str, str, str],
    *,
    segment_size: int = 0,
    extra: Sequence[models.AttributeRequestDict] = (),
) -> Drawing:
    """A task of four frames with two labels and drawn names."""
    thing, person, left, right, first, second = drawn
    sandbox = Sandbox(World.with_user("admin", "x"))
    cvat = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    attributes = [
        attribute(first, "text", mutable=False),
        attribute(second, "checkbox", mutable=True),
        attribute(first + second, "number", mutable=True),
        *extra,
    ]
    made = call(
        cvat,
        tasks.create,
        {
            "name": "drawn",
            "segment_size": segment_size,
            "labels": [
                {"name": thing, "attributes": attributes},
                {
                    "name": person,
                    "type": "skeleton",
                    "attributes": attributes[:2],
                    "sublabels": [
                        {"name": left, "type": "points", "attributes": attributes[1:2]},
                        {"name": right, "type": "points"},
                    ],
                },
            ],
        },
    ).unwrap()
    started = call(cvat, tasks.create_data, made.id, {"client_files": IMAGES}).unwrap()
    assert started is not None
    settle(cvat, started.rq_id)
    found = {each.name: each for each in call(cvat, labels.list, task_id=made.id).unwrap().results}
    return Drawing(cvat, made.id, found[thing], found[person])


def values_of(
    draw: st.DrawFn, attributes: Sequence[models.Attribute], *, mutable: bool | None = None
) -> list[models.AttributeValRequestDict]:
    """A value for every attribute, or for those that may or may not change."""
    kinds: Mapping[str, st.SearchStrategy[str]] = {
        "checkbox": st.sampled_from(["true", "false"]),
        "number": st.sampled_from(["0", "-3", "1"]),
    }
    return [
        {"spec_id": spec.id, "value": draw(kinds.get(spec.input_type.value, texts))}
        for spec in attributes
        if mutable is None or spec.mutable is mutable
    ]


def runs(draw: st.DrawFn) -> list[float]:
    """A mask of at least one pixel, in CVAT's numbers."""
    left, top = draw(st.integers(0, WIDTH - 3)), draw(st.integers(0, HEIGHT - 3))
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    bits = draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    bits = bits if any(bits) else [True, *bits[1:]]
    lengths = [0]
    for place, bit in enumerate(bits):
        if bit != (bits[place - 1] if place else False):
            lengths.append(0)
        lengths[-1] += 1
    return [*map(float, lengths), left, top, left + width - 1, top + height - 1]


def _points(draw: st.DrawFn, count: int) -> list[float]:
    return draw(st.lists(places, min_size=2 * count, max_size=2 * count))


def _corners(draw: st.DrawFn) -> list[float]:
    left, top, right, bottom = _points(draw, 2)
    return [min(left, right), min(top, bottom), max(left, right), max(top, bottom)]


POINTS: Mapping[str, Callable[[st.DrawFn], list[float]]] = {
    "rectangle": _corners,
    "polygon": lambda draw: _points(draw, draw(st.integers(3, 5))),
    "polyline": lambda draw: _points(draw, draw(st.integers(2, 4))),
    "points": lambda draw: _points(draw, draw(st.integers(1, 3))),
    "ellipse": lambda draw: _points(draw, 2),
    "cuboid": lambda draw: _points(draw, 8),
    "mask": runs,
}


def shape(draw: st.DrawFn, on: Drawing, kind: str, frame: int) -> Shape:
    """A shape with everything that one can have."""
    common: dict[str, Any] = {
        "frame": frame,
        "source": draw(st.sampled_from(["manual", "auto"])),
        "group": draw(groups),
        "z_order": draw(st.integers(-2, 2)),
        "occluded": draw(st.booleans()),
    }
    if kind == "skeleton":
        found: dict[str, Any] = {
            **common,
            "type": kind,
            "label_id": on.person.id,
            "attributes": values_of(draw, on.person.attributes),
            "elements": [
                {
                    "type": "points",
                    "frame": frame,
                    "label_id": part.id,
                    "points": _points(draw, 1),
                    "occluded": draw(st.booleans()),
                    "outside": draw(st.booleans()),
                    "attributes": values_of(draw, part.attributes),
                }
                for part in on.person.sublabels or ()
            ],
        }
        return found  # type: ignore[return-value]  # put together by hand
    turned = {"rotation": draw(turns)} if kind in ("rectangle", "ellipse") else {}
    made: dict[str, Any] = {
        **common,
        **turned,
        "type": kind,
        "label_id": on.thing.id,
        "points": POINTS[kind](draw),
        "attributes": values_of(draw, on.thing.attributes),
    }
    return made  # type: ignore[return-value]  # put together by hand


@st.composite
def shapes(draw: st.DrawFn, on: Drawing, kinds: Sequence[str]) -> list[Shape]:
    """Up to four shapes of some kinds."""
    drawn = st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, SIZE - 1)), max_size=4)
    return [shape(draw, on, kind, frame) for kind, frame in draw(drawn)]


@st.composite
def tags(
    draw: st.DrawFn, on: Drawing, *, plain: bool = False
) -> list[models.LabeledImageRequestDict]:
    """Tags, at most one on a frame; plain ones have nothing but a label."""
    frames = draw(st.sets(st.integers(0, SIZE - 1), max_size=2))
    found: list[dict[str, Any]] = [
        {"frame": frame, "label_id": on.thing.id}
        if plain
        else {
            "frame": frame,
            "label_id": on.thing.id,
            "group": draw(groups),
            "source": draw(st.sampled_from(["manual", "auto"])),
            "attributes": values_of(draw, on.thing.attributes),
        }
        for frame in sorted(frames)
    ]
    return found  # type: ignore[return-value]  # put together by hand


TRACKED = ("rectangle", "polygon", "polyline", "points", "ellipse", "cuboid")


@st.composite
def tracks(draw: st.DrawFn, on: Drawing, length: int) -> list[models.LabeledTrackRequestDict]:
    """Up to three tracks, each within one job of so many frames."""
    kinds = draw(st.lists(st.sampled_from([*TRACKED, "skeleton"]), max_size=3))
    return [_track(draw, on, kind, length) for kind in kinds]


def _track(draw: st.DrawFn, on: Drawing, kind: str, length: int) -> models.LabeledTrackRequestDict:
    job = draw(st.integers(0, SIZE // length - 1))
    inside = range(job * length, (job + 1) * length)
    label = on.person if kind == "skeleton" else on.thing
    keys = _keys(draw, kind, label.attributes, inside)
    elements = [
        {
            "label_id": part.id,
            "source": source,
            "frame": own[0]["frame"],
            "attributes": values_of(draw, part.attributes, mutable=False),
            "shapes": own,
        }
        for source in [draw(st.sampled_from(["manual", "auto"]))]
        for part in (label.sublabels or () if kind == "skeleton" else ())
        for own in [_keys(draw, "points", part.attributes, range(keys[0]["frame"], inside.stop))]
    ]
    found: dict[str, Any] = {
        "label_id": label.id,
        "frame": keys[0]["frame"],
        "group": draw(groups),
        "source": elements[0]["source"] if elements else "manual",
        "attributes": values_of(draw, label.attributes, mutable=False),
        "shapes": keys,
        "elements": elements,
    }
    return found  # type: ignore[return-value]  # put together by hand


def _keys(
    draw: st.DrawFn, kind: str, attributes: Sequence[models.Attribute], inside: range
) -> list[dict[str, Any]]:
    frames = draw(st.sets(st.sampled_from(inside), min_size=1, max_size=3))
    element = kind == "points"
    turned = kind in ("rectangle", "ellipse")
    return [
        {
            "type": kind,
            "frame": frame,
            "points": POINTS[kind](draw) if kind != "skeleton" else [],
            "occluded": draw(st.booleans()),
            "outside": draw(st.booleans()),
            "z_order": 0 if element else draw(st.integers(-2, 2)),
            "rotation": draw(turns) if turned else 0,
            "attributes": values_of(draw, attributes, mutable=True),
        }
        for frame in sorted(frames)
    ]


IMPORTED = {"CVAT for images 1.1": "CVAT 1.1", "CVAT for video 1.1": "CVAT 1.1"}
"""Names under which formats are imported, where they are others."""


def exported(on: Drawing, format: str, *, job: int | None = None, images: bool = False) -> File:
    asked = (
        call(on.cvat, tasks.create_dataset_export, on.task, format=format, save_images=images)
        if job is None
        else call(on.cvat, jobs.create_dataset_export, job, format=format, save_images=images)
    )
    return File("exported.zip", fetched(on.cvat, asked.unwrap().rq_id))


def imported(
    on: Drawing, format: str, file: File, *, job: int | None = None, polygons: bool = False
) -> models.LabeledData:
    """What a task has after a file was read into it, or into one of its jobs."""
    call(on.cvat, tasks.destroy_annotations, on.task).unwrap()
    body: models.AnnotationFileRequestDict = {"annotation_file": file}
    name = IMPORTED.get(format, format)
    started = (
        call(
            on.cvat,
            tasks.create_annotations,
            on.task,
            body,
            format=name,
            conv_mask_to_poly=polygons,
        )
        if job is None
        else call(
            on.cvat,
            jobs.create_annotations,
            job,
            body,
            format=name,
            conv_mask_to_poly=polygons,
        )
    ).unwrap()
    assert started is not None
    ended = settle(on.cvat, started.rq_id)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    return call(on.cvat, tasks.retrieve_annotations, on.task).unwrap()


def put(on: Drawing, **body: Any) -> models.LabeledData:
    data = models.LabeledDataRequest(**body)
    return call(on.cvat, tasks.update_annotations, on.task, data).unwrap()


def opened(file: File) -> Mapping[str, bytes]:
    assert isinstance(file.content, bytes)
    with ZipFile(BytesIO(file.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
