"""Whatever annotations a task takes, every format can write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from cvatfn import Success, call, models
from cvatfn.api import tasks
from cvatfn.testing.sandbox.files.exports import FORMATS
from cvatfn.testing.strategies import models as drawn
from tests.sandbox.drawing import POINTS, drawing
from tests.sandbox.kit import settle

NAMES = ("cat", "person", "left", "right", "age", "ill")
KINDS = [kind.value for kind in models.ShapeType]
DRAWN = [kind for kind in KINDS if kind != "skeleton"]

numbers = st.one_of(
    st.integers(-5, 30), st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 2**62)
)


@st.composite
def forms(draw: st.DrawFn, kinds: Sequence[str] = KINDS) -> dict[str, Any]:
    """Something drawn: as many numbers as its kind needs, but any; or any that there are."""
    kind = draw(st.sampled_from(kinds))
    found: list[float] = POINTS[kind](draw) if kind in POINTS else []
    if draw(st.integers(0, 9)) == 0:
        found = draw(st.lists(numbers, max_size=17))
    elif kind != "mask" and draw(st.booleans()):
        found = [draw(numbers) for _ in found]
    return {
        "type": kind,
        "points": found,
        "frame": draw(st.integers(0, 1)),
        "outside": draw(st.booleans()),
        "rotation": draw(st.floats(0, 360)),
        "z_order": draw(st.integers(-(2**31), 2**31 - 1)),
    }


@st.composite
def anything(draw: st.DrawFn, ids: tuple[int, ...]) -> dict[str, Any]:
    """Shapes and tracks with labels of the task, and nothing else that makes sense."""

    def labeled(form: dict[str, Any], *, part: bool = False) -> dict[str, Any]:
        fitting = ids[2:] if part else ids[:2]
        wrong = draw(st.integers(0, 29)) == 0
        return {**form, "label_id": draw(st.sampled_from(ids if wrong else fitting))}

    def parts(label: int, count: int, make: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
        # somebody may send elements of what has none
        wanted = count if label == ids[1] or draw(st.integers(0, 19)) == 0 else 0
        return [labeled(make(), part=True) for _ in range(wanted)]

    def element() -> dict[str, Any]:
        return draw(forms(DRAWN))

    def followed() -> dict[str, Any]:
        return {"frame": 0, "shapes": draw(st.lists(forms(DRAWN), max_size=2))}

    shapes = [labeled(form) for form in draw(st.lists(forms(), max_size=2))]
    for shape in shapes:
        shape["elements"] = parts(shape["label_id"], draw(st.integers(1, 2)), element)
    tracks = [labeled({"frame": 0, "shapes": draw(st.lists(forms(), max_size=3))}) for _ in shapes]
    for track in tracks:
        track["elements"] = parts(track["label_id"], draw(st.integers(0, 2)), followed)
    return {"shapes": shapes, "tracks": tracks}


@given(st.data())
def test_what_a_task_takes_can_be_exported(data: Any) -> None:
    on = drawing(NAMES, segment_size=2)
    parts = tuple(part.id or 0 for part in on.person.sublabels or ())
    sent = data.draw(anything((on.thing.id, on.person.id, *parts)))
    put = call(on.cvat, tasks.update_annotations, on.task, sent)
    event(type(put).__name__)
    if not isinstance(put, Success):
        return
    for format in FORMATS:
        asked = call(on.cvat, tasks.create_dataset_export, on.task, format=format).unwrap()
        assert settle(on.cvat, asked.rq_id).status is models.RequestStatus.FINISHED


@given(drawn(models.LabeledDataRequest))
def test_drawn_models_can_be_exported_too(sent: models.LabeledDataRequest) -> None:
    on = drawing(NAMES)
    call(on.cvat, tasks.update_annotations, on.task, sent)
    for format in FORMATS:
        asked = call(on.cvat, tasks.create_dataset_export, on.task, format=format).unwrap()
        assert settle(on.cvat, asked.rq_id).status is models.RequestStatus.FINISHED


@pytest.mark.parametrize("format", FORMATS)
def test_a_mask_larger_than_any_picture_is_written_as_none(format: str) -> None:
    on = drawing(NAMES)
    size = 1 << 30
    mask: models.LabeledShapeRequestDict = {
        "type": "mask",
        "frame": 0,
        "label_id": on.thing.id,
        "points": [0, size, 0, 0, size - 1, 0],
    }
    call(on.cvat, tasks.update_annotations, on.task, {"shapes": [mask]}).unwrap()
    asked = call(on.cvat, tasks.create_dataset_export, on.task, format=format).unwrap()
    assert settle(on.cvat, asked.rq_id).status is models.RequestStatus.FINISHED
