"""There and back: what a format carries comes back the same, whatever labels are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import call, models
from cvatfn.api import jobs
from cvatfn.testing.sandbox.files.masks import mask_of
from tests.sandbox import drawing
from tests.sandbox.drawing import HEIGHT, SIZE, TRACKED, WIDTH, Drawing, exported, imported, put
from tests.sandbox.drawing import drawing as task_of

KINDS = (*TRACKED, "mask", "skeleton")
FLAGS = [
    drawing.attribute("truncated", "checkbox", mutable=True),
    drawing.attribute("difficult", "checkbox", mutable=False),
    drawing.attribute("pose", "text", mutable=False),
]

Facts = tuple[object, ...]


def there_and_back(on: Drawing, format: str, data: Any) -> models.LabeledData:
    """Through a file of the whole task, or through one for each of its jobs."""
    if not data.draw(st.booleans(), label="by jobs"):
        return imported(on, format, exported(on, format, images=data.draw(st.booleans())))
    found = call(on.cvat, jobs.list, task_id=on.task, sort="id").unwrap().results
    files = [exported(on, format, job=job.id) for job in found]
    held = [imported(on, format, file, job=job.id) for job, file in zip(found, files, strict=True)]
    return models.LabeledData(
        version=0,
        tags=tuple(tag for each in held for tag in each.tags),
        shapes=tuple(shape for each in held for shape in each.shapes),
        tracks=tuple(track for each in held for track in each.tracks),
        intervals=(),
    )


def values(held: Sequence[models.AttributeVal]) -> Facts:
    return tuple(sorted((value.spec_id, value.value) for value in held))


def shape_facts(shape: models.LabeledShape) -> Facts:
    return (
        *(shape.frame, shape.label_id, shape.type.value, shape.points, shape.occluded),
        *(shape.rotation, shape.z_order, shape.group, shape.source, values(shape.attributes)),
        tuple(
            (part.label_id, part.points, part.occluded, part.outside, values(part.attributes))
            for part in shape.elements
        ),
    )


def tag_facts(tag: models.LabeledImage) -> Facts:
    return tag.frame, tag.label_id, tag.group, tag.source, values(tag.attributes)


def key_facts(keys: Sequence[models.TrackedShape]) -> Facts:
    return tuple(
        (
            *(key.frame, key.type.value, key.points, key.occluded, key.outside),
            *(key.rotation, key.z_order, values(key.attributes)),
        )
        for key in keys
    )


def track_facts(track: models.LabeledTrack) -> Facts:
    return (
        *(track.frame, track.label_id, track.group, track.source, values(track.attributes)),
        key_facts(track.shapes),
        tuple(
            sorted(
                (
                    *(part.label_id, part.frame, part.source, values(part.attributes)),
                    *key_facts(part.shapes),
                )
                for part in track.elements
            )
        ),
    )


def alike(found: Sequence[Any], wanted: Sequence[Any], facts: Callable[[Any], Facts]) -> None:
    assert sorted(map(facts, found), key=repr) == sorted(map(facts, wanted), key=repr)


@given(st.data(), drawing.label_names(), st.sampled_from([0, 2]))
def test_cvat_for_images_carries_tags_and_shapes(data: Any, names: Any, segment_size: int) -> None:
    on = task_of(names, segment_size=segment_size)
    before = put(on, shapes=data.draw(drawing.shapes(on, KINDS)), tags=data.draw(drawing.tags(on)))
    after = there_and_back(on, "CVAT for images 1.1", data)
    alike(after.shapes, before.shapes, shape_facts)
    alike(after.tags, before.tags, tag_facts)
    assert not after.tracks


@given(st.data(), drawing.label_names(), st.sampled_from([0, 2]))
def test_cvat_for_video_carries_tracks(data: Any, names: Any, segment_size: int) -> None:
    on = task_of(names, segment_size=segment_size)
    before = put(on, tracks=data.draw(drawing.tracks(on, segment_size or SIZE)))
    after = there_and_back(on, "CVAT for video 1.1", data)
    alike(after.tracks, before.tracks, track_facts)
    assert not after.shapes


@given(st.data(), drawing.label_names(), st.sampled_from([0, 2]))
def test_cvat_for_video_makes_tracks_of_shapes_and_leaves_masks(
    data: Any, names: Any, segment_size: int
) -> None:
    on = task_of(names, segment_size=segment_size)
    before = put(on, shapes=data.draw(drawing.shapes(on, KINDS)))
    after = imported(on, "CVAT for video 1.1", exported(on, "CVAT for video 1.1"))
    masks = [each for each in before.shapes if each.type is models.ShapeType.MASK]
    alike(after.shapes, masks, shape_facts)
    assert len(after.tracks) == len(before.shapes) - len(masks)
    end = segment_size or SIZE
    for track in after.tracks:
        first, *others = track.shapes
        assert (first.frame, first.outside) == (track.frame, False)
        over = [(track.frame + 1, True)] if (track.frame + 1) % end else []
        assert [(key.frame, key.outside) for key in others] == over


@given(st.data(), drawing.label_names())
def test_coco_carries_boxes_polygons_and_masks(data: Any, names: Any) -> None:
    on = task_of(names)
    kinds = ("rectangle", "polygon", "mask")
    before = put(on, shapes=data.draw(drawing.shapes(on, KINDS)))
    carried = [shape for shape in before.shapes if shape.type.value in kinds]
    after = there_and_back(on, "COCO 1.0", data)
    assert not after.tags
    alike(_in_parts(after.shapes), _in_parts(carried), lambda facts: facts)


def _in_parts(found: Sequence[models.LabeledShape]) -> list[Facts]:
    """Shapes without what COCO does not tell, each with the polygons that it makes one with."""

    def bare(shape: models.LabeledShape) -> models.LabeledShape:
        turn = shape.rotation if shape.type is models.ShapeType.RECTANGLE else 0
        return evolve(shape, z_order=0, source="file", rotation=turn)

    def one(shape: models.LabeledShape, other: models.LabeledShape) -> bool:
        both = shape.type is other.type is models.ShapeType.POLYGON and shape.group
        return bool(both) and shape_facts(evolve(bare(shape), points=())) == shape_facts(
            evolve(bare(other), points=())
        )

    return [
        (
            shape_facts(evolve(bare(shape), group=0)),
            sorted(other.points for other in found if other is not shape and one(shape, other)),
        )
        for shape in found
    ]


@given(st.data(), drawing.label_names())
def test_voc_carries_boxes_tags_and_masks(data: Any, names: Any) -> None:
    on = task_of(names, extra=FLAGS)
    tags = data.draw(drawing.tags(on, plain=True))
    before = put(on, shapes=data.draw(drawing.shapes(on, KINDS)), tags=tags)
    boxes = [shape for shape in before.shapes if shape.type is models.ShapeType.RECTANGLE]
    masks = [shape for shape in before.shapes if shape.type is models.ShapeType.MASK]
    after = there_and_back(on, "PASCAL VOC 1.1", data)
    bare = [evolve(shape, z_order=0, source="file", group=0) for shape in boxes]
    alike([each for each in after.shapes if each.type.value == "rectangle"], bare, shape_facts)
    assert _seen(after.shapes) == _seen(masks)
    assert sorted((tag.frame, tag.label_id) for tag in after.tags) == sorted(
        (tag.frame, tag.label_id) for tag in before.tags
    )


Pixel = tuple[int, int, int]


def _seen(found: Sequence[models.LabeledShape]) -> Mapping[Pixel, tuple[int, int]]:
    """For each pixel of a mask: the label that one sees, and which of the masks it is."""
    seen: dict[Pixel, tuple[int, int]] = {}
    masks = sorted((each for each in found if each.type.value == "mask"), key=lambda m: m.z_order)
    for number, shape in enumerate(masks):
        mask = mask_of(shape.points)
        for place, bit in enumerate(mask.bits):
            if bit:
                x, y = mask.left + place % mask.width, mask.top + place // mask.width
                seen[shape.frame, x, y] = shape.label_id, number
    together: dict[int, list[Pixel]] = {}
    for pixel, (_, number) in seen.items():
        together.setdefault(number, []).append(pixel)
    # masks have no order any more: each is known by the first of its pixels
    return {
        pixel: (label, min(together[number])[1] * HEIGHT + min(together[number])[2])
        for pixel, (label, number) in seen.items()
    }


@given(st.data(), drawing.label_names())
def test_masks_become_polygons_of_the_same_area_unless_that_is_declined(
    data: Any, names: Any
) -> None:
    on = task_of(names)
    (mask,) = put(on, shapes=[drawing.shape(data.draw, on, "mask", 1)]).shapes
    file = exported(on, "PASCAL VOC 1.1")
    polygons = imported(on, "PASCAL VOC 1.1", file, polygons=True).shapes
    assert {each.type.value for each in polygons} == {"polygon"}
    held = mask_of(mask.points)
    hole = held.bits == bytes([1, 1, 1, 1, 0, 1, 1, 1, 1])  # which polygons cannot have
    for x in range(WIDTH):
        for y in range(HEIGHT):
            column, row = x - held.left, y - held.top
            inside = 0 <= column < held.width and 0 <= row < held.height
            wanted = inside and held.bits[row * held.width + column] == 1
            found = any(_contains(each.points, x + 0.5, y + 0.5) for each in polygons)
            assert found == wanted or hole


def _contains(points: Sequence[float], x: float, y: float) -> bool:
    """Whether a ray from a point crosses the outline an odd number of times."""
    corners = list(zip(points[::2], points[1::2], strict=True))
    crossed = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            crossed = not crossed
    return crossed
