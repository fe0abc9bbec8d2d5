"""Functions: Python callables that annotate, called at once or for a whole task."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from io import BytesIO
from typing import cast

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cvatfn import Request, Response, Transport, call, models
from cvatfn.api import jobs, lambda_, requests, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.json import dumps, loads, structure
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.testing.sandbox import (
    Function,
    FunctionAttribute,
    FunctionLabel,
    Sandbox,
    World,
)
from cvatfn.testing.sandbox.state.functions import Call, Kind
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, status_of
from tests.sandbox.talk import first_job

BOX: JSONObject = {"label": "cat", "type": "rectangle", "points": [1, 1, 5, 5]}


def _spots(answer: Call, *labels: FunctionLabel) -> Function:
    known = labels or (FunctionLabel(name="cat"), FunctionLabel(name="stone"))
    return Function(id="spots", kind="detector", labels=known, call=answer)


def _with(*functions: Function) -> tuple[Sandbox, Transport]:
    world = World.with_user("admin", "x").joined("worker", "x").serving(*functions)
    sandbox = Sandbox(world)
    return sandbox, authenticated(sandbox, Basic("admin", "x"), world.origin)


def _called(transport: Transport, arguments: JSONObject, number: str = "spots") -> Response:
    headers = {"Content-Type": "application/json"}
    path = f"/api/lambda/functions/{number}"
    return transport(Request("POST", path, (), headers, dumps(arguments))).unwrap()


def _ended(transport: Transport, body: models.FunctionCallRequestDict) -> models.FunctionCall:
    """A call for a whole task, looked at until it is over."""
    begun = call(transport, lambda_.create_requests, body).unwrap()
    assert begun.status == "queued"
    while True:
        found = call(transport, lambda_.retrieve_requests, begun.id).unwrap()
        if found.status not in ("queued", "started"):
            return found


def _odd(answer: object) -> Call:
    """A function that answers the same whatever it sees, though it be no JSON."""
    return lambda _, __: cast("JSON", answer)  # foreign code keeps to no types


def _width(image: bytes, _: JSONObject) -> JSON:
    return [{**BOX, "points": [0, 0, Image.open(BytesIO(image)).width, 9]}]


def test_functions_are_listed_and_looked_at() -> None:
    legs = FunctionAttribute(name="legs", input_type="number", values=("0", "9", "1"))
    detector = _spots(_width, FunctionLabel(name="cat", attributes=(legs,)))
    interactor = Function(id="clicks", kind="interactor", name="Clicks", min_neg_points=0)
    _, admin = _with(detector, interactor)
    first, second = call(admin, lambda_.list_functions).unwrap()
    assert first == call(admin, lambda_.retrieve_functions, "spots").unwrap()
    assert first == {
        "id": "spots",
        "kind": "detector",
        "name": "spots",
        "description": "",
        "version": 1,
        "labels_v2": [
            {
                "name": "cat",
                "type": "unknown",
                "attributes": [{"name": "legs", "input_type": "number", "values": ["0", "9", "1"]}],
            }
        ],
    }
    assert (second["name"], second["min_neg_points"]) == ("Clicks", 0)
    missing = call(admin, lambda_.retrieve_functions, "nothing").failure()
    assert status_of(missing) == 404


def test_a_detector_looks_at_one_frame() -> None:
    seen: list[JSONObject] = []

    def answer(image: bytes, parameters: JSONObject) -> JSON:
        seen.append(parameters)
        return _width(image, parameters)

    _, admin = _with(_spots(answer))
    job = first_job(admin, make_task(admin).id)
    response = _called(admin, {"job": job.id, "frame": 2, "threshold": 0.5, "other": 1})
    assert response.status == 200
    found = loads(JSON, response.body).unwrap()
    assert found == [{**BOX, "points": [0, 0, 42, 9], "attributes": []}]
    assert seen == [{"threshold": 0.5}]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ({"frame": 0}, 400, "wrong arguments ('task')"),
        ({"task": 99, "frame": 0}, 400, "Task matching query does not exist."),
        ({"job": 99, "frame": 0}, 400, "Job matching query does not exist."),
        ({"task": 1}, 400, "called without mandatory argument: frame"),
        ({"task": 1, "frame": 99}, 400, "Incorrect requested frame number: 99"),
        ({"job": 1, "frame": 2}, 400, "The frame is outside the job range"),
        (
            {"task": 1, "frame": 0, "mapping": {"cow": {"name": "cat"}}},
            400,
            'Invalid mapping. Unknown model label \\"cow\\"',
        ),
        (
            {"task": 1, "frame": 0, "mapping": {"cat": {"name": "cow"}}},
            400,
            'Invalid mapping. Unknown db label \\"cow\\"',
        ),
        ({"task": 1, "frame": 0, "mapping": 3}, 400, "Invalid mapping."),
    ],
)
def test_a_call_that_fits_nothing_is_refused(
    arguments: dict[str, JSON], status: int, said: str
) -> None:
    _, admin = _with(_spots(_width))
    make_task(admin, segment_size=2)
    response = _called(admin, arguments)
    assert (response.status, said in response.body.decode()) == (status, True), response.body


def test_who_sees_no_task_has_nothing_looked_at() -> None:
    sandbox, admin = _with(_spots(_width))
    task = make_task(admin)
    worker = authenticated(sandbox, Basic("worker", "x"), sandbox.world.origin)
    assert _called(worker, {"task": task.id, "frame": 0}).status == 403
    begun = call(worker, lambda_.create_requests, {"function": "spots", "task": task.id})
    assert status_of(begun.failure()) == 403
    number = _ended(admin, {"function": "spots", "task": task.id}).id
    assert call(worker, lambda_.list_requests).unwrap() == ()
    for outcome in (call(worker, lambda_.retrieve_requests, number),):
        assert status_of(outcome.failure()) == 403
    assert status_of(call(worker, lambda_.delete_requests, number).failure()) == 403


def test_a_whole_task_is_annotated_when_the_call_is_over() -> None:
    _, admin = _with(_spots(_width))
    task = make_task(admin)
    call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [1]}).unwrap()
    body: models.FunctionCallRequestDict = {"function": "spots", "task": task.id, "threshold": 0.5}
    begun = call(admin, lambda_.create_requests, body).unwrap()
    assert (begun.function.id, begun.function.task, begun.function.threshold) == (
        "spots",
        task.id,
        0.5,
    )
    twice = call(admin, lambda_.create_requests, body).failure()
    assert status_of(twice) == 409
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()
    ended = call(admin, lambda_.retrieve_requests, begun.id).unwrap()
    while ended.status != "finished":
        ended = call(admin, lambda_.retrieve_requests, begun.id).unwrap()
    assert (ended.progress, ended.exc_info) == (100, None)
    assert ended.started is not None
    assert ended.ended is not None
    shapes = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    assert [(shape.frame, shape.points[2], shape.source) for shape in shapes] == [
        (0, 40.0, "auto"),
        (2, 42.0, "auto"),
    ]
    assert call(admin, lambda_.list_requests).unwrap() == (ended,)
    kinds = [row.operation.type for row in call(admin, requests.list).unwrap().results]
    assert kinds == ["create:task"], "these calls have a list of their own"
    assert call(admin, lambda_.delete_requests, begun.id).unwrap() is None
    assert status_of(call(admin, lambda_.retrieve_requests, begun.id).failure()) == 404


def test_one_job_is_annotated_and_the_others_are_not() -> None:
    _, admin = _with(_spots(_width))
    task = make_task(admin, segment_size=2)
    second = call(admin, jobs.list, task_id=task.id, sort="-id").unwrap().results[0]
    ended = _ended(admin, {"function": "spots", "task": task.id, "job": second.id})
    assert ended.function.job == second.id
    shapes = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    assert [shape.frame for shape in shapes] == [2]


@pytest.mark.parametrize("cleanup", [True, False])
def test_what_was_there_stays_unless_it_is_cleaned_up(cleanup: bool) -> None:
    _, admin = _with(_spots(_width))
    task = make_task(admin)
    body: models.FunctionCallRequestDict = {
        "function": "spots",
        "task": task.id,
        "cleanup": cleanup,
    }
    for _ in range(2):
        _ended(admin, body)
    shapes = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes
    assert len(shapes) == (3 if cleanup else 6)


def test_labels_and_attributes_are_mapped() -> None:
    legs = FunctionAttribute(name="legs", input_type="number")
    known = FunctionLabel(name="animal", attributes=(legs,))
    found = [
        {"name": "legs", "value": "4"},
        {"name": "legs", "value": "many"},
        {"name": "tail", "value": "1"},
    ]
    answer: JSON = [
        {**BOX, "label": "animal", "attributes": found},
        {"label": "animal", "type": "tag"},
        {**BOX, "label": "stone"},
    ]
    _, admin = _with(_spots(_odd(answer), known))
    task = make_task(admin)
    number: models.AttributeRequestDict = {
        "name": "paws",
        "mutable": False,
        "input_type": "number",
        "values": ["0", "9", "1"],
    }
    dog: models.PatchedLabelRequestDict = {"name": "hound", "attributes": [number]}
    call(admin, tasks.partial_update, task.id, {"labels": [dog]}).unwrap()
    body: models.FunctionCallRequestDict = {"function": "spots", "task": task.id}
    _ended(admin, body)
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()
    mapping: dict[str, models.LabelMappingEntryRequestLike] = {
        "animal": {"name": "hound", "attributes": {"legs": "paws"}}
    }
    _ended(admin, {**body, "mapping": mapping})
    data = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert (len(data.shapes), len(data.tags)) == (3, 3)
    assert {tuple(value.value for value in shape.attributes) for shape in data.shapes} == {("4",)}
    assert {shape.label_id for shape in data.shapes} == {tag.label_id for tag in data.tags}


@pytest.mark.parametrize("polygons", [True, False])
def test_masks_come_as_runs_or_as_polygons(polygons: bool) -> None:
    mask: JSONObject = {
        "label": "cat",
        "type": "mask",
        "mask": [1, 1, 0, 1, 0, 0, 2, 3, 4, 4],
        "points": [2, 3, 4, 3, 4, 4],
    }
    _, admin = _with(_spots(_odd([mask])))
    task = make_task(admin)
    _ended(admin, {"function": "spots", "task": task.id, "conv_mask_to_poly": polygons})
    shape = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes[0]
    if polygons:
        assert (shape.type.value, shape.points) == ("polygon", (2, 3, 4, 3, 4, 4))
    else:
        assert (shape.type.value, shape.points) == ("mask", (0, 2, 1, 1, 2, 2, 3, 4, 4))


def test_skeletons_come_whole() -> None:
    parts = (FunctionLabel(name="thumb", type="points"), FunctionLabel(name="palm", type="points"))
    hand = FunctionLabel(name="hand", type="skeleton", sublabels=parts)
    thumb: JSONObject = {"label": "thumb", "type": "points", "points": [3, 4]}
    answer: JSON = [{"label": "hand", "type": "skeleton", "elements": [thumb]}]
    _, admin = _with(_spots(_odd(answer), hand))
    task = make_task(admin)
    skeleton: models.PatchedLabelRequestDict = {
        "name": "hand",
        "type": "skeleton",
        "sublabels": [{"name": "thumb", "type": "points"}, {"name": "palm", "type": "points"}],
    }
    call(admin, tasks.partial_update, task.id, {"labels": [skeleton]}).unwrap()
    _ended(admin, {"function": "spots", "task": task.id})
    shape = call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes[0]
    assert [(part.points, part.outside) for part in shape.elements] == [
        ((3, 4), False),
        ((3, 4), True),
    ]


def _raising(_image: bytes, _: JSONObject) -> JSON:
    raise ValueError("out of memory")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_raising, "ValueError: out of memory"),
        (_odd(object()), "failed"),
        (_odd(7), "did not answer a list"),
        (_odd(["cat"]), "did not answer a list"),
        (_odd([{**BOX, "points": [1]}]), "two corners"),
        (_odd([{**BOX, "points": "many"}]), "points"),
        (_odd([{**BOX, "type": "blob"}]), "blob"),
    ],
)
def test_a_function_that_fails_is_a_failed_request_told_in_words(answer: Call, said: str) -> None:
    _, admin = _with(_spots(answer))
    task = make_task(admin)
    ended = _ended(admin, {"function": "spots", "task": task.id, "cleanup": True})
    assert ended.status == "failed"
    assert said in str(ended.exc_info)
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()
    assert call(admin, lambda_.list_requests).unwrap() == (), "those that failed are not listed"


def test_a_function_that_raises_at_once_is_an_error_of_the_server() -> None:
    _, admin = _with(_spots(_raising))
    response = _called(admin, {"task": make_task(admin).id, "frame": 0})
    assert response.status == 500
    assert b"ValueError: out of memory" in response.body


def test_a_world_keeps_what_a_function_is_and_is_given_its_code_again() -> None:
    function = _spots(_width)
    described = evolve(function, call=None)
    assert described == function, "code is not data"
    sandbox, admin = _with(described)
    task = make_task(admin)
    assert _called(admin, {"task": task.id, "frame": 0}).status == 503
    sandbox.world = sandbox.world.serving(function)
    assert _called(admin, {"task": task.id, "frame": 0}).status == 200


def test_an_interactor_is_given_points() -> None:
    def answer(_: bytes, parameters: JSONObject) -> JSON:
        return {"points": parameters["pos_points"], "box": parameters["obj_bbox"]}

    _, admin = _with(Function(id="clicks", kind="interactor", call=answer))
    task = make_task(admin).id
    assert _called(admin, {"task": task, "frame": 0, "pos_points": []}, "clicks").status == 400
    clicked: dict[str, JSON] = {"pos_points": [[1, 2]], "neg_points": [], "obj_bbox": [[0, 0]]}
    response = _called(admin, {"task": task, "frame": 0, **clicked}, "clicks")
    assert loads(JSON, response.body).unwrap() == {"points": [[1, 2]], "box": [[0, 0]]}


def test_a_trackers_state_comes_back_sealed() -> None:
    def answer(_: bytes, parameters: JSONObject) -> JSON:
        seen = structure(tuple[dict[str, int] | None, ...], parameters["states"]).unwrap()
        count = sum(state["seen"] for state in seen if state is not None)
        return {"shapes": [[1, 2]], "states": [{"seen": count + 1}]}

    sandbox, admin = _with(Function(id="follows", kind="tracker", call=answer))
    task = make_task(admin).id
    state: JSON = None
    for frame in range(3):
        asked: JSONObject = {"task": task, "frame": frame, "shapes": [], "states": [state]}
        response = _called(admin, asked, "follows")
        held = loads(JSONObject, response.body).unwrap()["states"]
        assert isinstance(held, list)
        (state,) = held
    assert str(state).startswith('{"seen":3}')
    forged = str(state).replace("3", "4", 1)
    late = evolve(sandbox.world, now=sandbox.world.now.replace(year=2027))
    for sent, world in ((forged, sandbox.world), ("x", sandbox.world), (state, late)):
        sandbox.world = world
        refused = _called(admin, {"task": task, "frame": 0, "states": [sent]}, "follows")
        assert (refused.status, b"tracker state" in refused.body) == (400, True)


def test_boxes_that_show_the_same_thing_become_tracks() -> None:
    def answer(image: bytes, parameters: JSONObject) -> JSON:
        kind = tuple[models.LabeledShape, ...]
        here, there = (
            [box.points[0] for box in structure(kind, parameters[name]).unwrap()]
            for name in ("boxes0", "boxes1")
        )
        assert parameters["image1"] != b64encode(image).decode()
        return [there.index(left) if left in there else -1 for left in here]

    sandbox, admin = _with(Function(id="same", kind="reid", call=answer))
    task = make_task(admin)
    label = min(sandbox.world.labels)
    places = [(0, 1), (0, 5), (1, 5), (2, 5), (2, 9)]
    boxes: list[models.LabeledShapeRequestDict] = [
        {"type": "rectangle", "frame": frame, "label_id": label, "points": [x, 1, 20, 20]}
        for frame, x in places
    ]
    dot: models.LabeledShapeRequestDict = {
        "type": "points",
        "frame": 0,
        "label_id": label,
        "points": [1, 1],
    }
    call(admin, tasks.update_annotations, task.id, {"shapes": [*boxes, dot]}).unwrap()
    assert _ended(admin, {"function": "same", "task": task.id}).status == "finished"
    data = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert [shape.type.value for shape in data.shapes] == ["points"]
    keys = sorted(
        [(key.frame, key.points[0], key.outside) for key in track.shapes] for track in data.tracks
    )
    assert keys == [
        [(0, 1.0, False), (1, 1.0, True)],
        [(0, 5.0, False), (1, 5.0, False), (2, 5.0, False)],
        [(2, 9.0, False)],
    ]


def test_a_call_for_what_is_gone_fails() -> None:
    sandbox, admin = _with(_spots(_width))
    task = make_task(admin)
    begun = call(admin, lambda_.create_requests, {"function": "spots", "task": task.id}).unwrap()
    call(admin, tasks.destroy, task.id).unwrap()
    for _ in range(3):
        call(admin, lambda_.retrieve_requests, begun.id).unwrap()
    found = call(admin, lambda_.retrieve_requests, begun.id).unwrap()
    assert (found.status, found.exc_info) == ("failed", "the task or job is gone")
    assert sandbox.world.steps


KINDS: tuple[Kind, ...] = ("detector", "reid", "tracker", "interactor")
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["label", "type", "points", "mask", "elements", "attributes", "name"]),
            inner | st.sampled_from(["cat", "rectangle", "mask", "skeleton", "tag"]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(JSONS, JSONS, st.sampled_from(KINDS))
def test_whatever_is_asked_and_answered_nothing_is_raised(
    answer: JSON, argument: JSON, kind: Kind
) -> None:
    function = evolve(_spots(_odd(answer)), kind=kind)
    sandbox = Sandbox(evolve(_task_with_boxes(), functions={"spots": function}))
    admin = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    several: tuple[JSONObject, ...] = (
        {
            "task": 1,
            "frame": 0,
            "states": argument,
            "shapes": argument,
            "pos_points": [],
            "neg_points": [],
        },
        {"task": 1, "frame0": 0, "frame1": 1, "boxes0": argument, "boxes1": argument},
        {"task": argument, "frame": argument, "job": argument, "mapping": argument},
    )
    for arguments in several:
        assert _called(admin, arguments).status in (200, 400, 500)
    ended = _ended(admin, {"function": "spots", "task": 1})
    assert ended.status in ("finished", "failed")
    stored = call(admin, tasks.retrieve_annotations, 1).unwrap()
    assert all(shape.points for shape in stored.shapes)


@cache
def _task_with_boxes() -> World:
    sandbox, admin = _with(_spots(_width))
    make_task(admin)
    _ended(admin, {"function": "spots", "task": 1})
    return sandbox.world
