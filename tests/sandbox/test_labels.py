"""Labels: elements of skeletons, attributes that were copied, and annotations that bear them."""

from __future__ import annotations

from cvatfn import Transport, call, models, raw
from cvatfn.api import labels, requests, tasks
from cvatfn.errors import Rejected
from tests.sandbox.kit import make_task, status_of

POSE: models.AttributeRequestDict = {
    "name": "pose",
    "mutable": False,
    "input_type": "select",
    "values": ["standing", "sitting"],
}


def test_elements_change_with_their_parent(admin: Transport) -> None:
    skeleton = made(admin)
    head, tail = skeleton.sublabels
    sent: models.PatchedLabelRequestDict = {
        "sublabels": [{"id": head.id, "name": "skull", "attributes": [POSE]}, {"name": "wing"}]
    }
    after = call(admin, labels.partial_update, skeleton.id, sent).unwrap()
    assert [(part.id, part.name) for part in after.sublabels][:2] == [
        (head.id, "skull"),
        (tail.id, "tail"),
    ]
    assert after.sublabels[2].name == "wing"
    assert [each.name for each in after.sublabels[0].attributes] == ["pose"]


def test_elements_of_other_skeletons_are_not_found(admin: Transport) -> None:
    skeleton, other = made(admin), made(admin)
    element = other.sublabels[0]
    sent: models.PatchedLabelRequestDict = {"sublabels": [{"id": element.id, "name": "mine"}]}
    refused = call(admin, labels.partial_update, skeleton.id, sent).failure()
    assert isinstance(refused, Rejected)
    assert refused.status == 404
    assert refused.detail == f"Not found label with id #{element.id} to change"


def test_a_new_label_has_attributes_of_its_own(admin: Transport) -> None:
    label: models.PatchedLabelRequestDict = {"name": "cat", "attributes": [{**POSE, "id": 23}]}
    task = call(admin, tasks.create, {"name": "copied", "labels": [label]}).unwrap()
    (stored,) = call(admin, labels.list, task_id=task.id).unwrap().results
    assert [each.name for each in stored.attributes] == ["pose"]
    assert stored.attributes[0].id != 23


def test_a_task_keeps_no_track_that_is_never_visible(admin: Transport) -> None:
    task = make_task(admin)
    label = call(admin, labels.list, task_id=task.id).unwrap().results[0]
    gone, seen = (
        models.TrackedShapeRequest(type="rectangle", frame=0, points=[1, 1, 2, 2], outside=outside)
        for outside in (True, False)
    )
    tracks = [
        models.LabeledTrackRequest(label_id=label.id, frame=0, shapes=shapes)
        for shapes in ((), (gone,), (gone, seen))
    ]
    stored = call(admin, tasks.update_annotations, task.id, {"tracks": tracks}).unwrap()
    assert len(stored.tracks) == 1


def test_sources_are_those_that_cvat_knows(admin: Transport) -> None:
    task = make_task(admin)
    label = call(admin, labels.list, task_id=task.id).unwrap().results[0]
    tag: models.LabeledImageRequestDict = {"label_id": label.id, "frame": 0, "source": "dreamt"}
    sent: models.LabeledDataRequestDict = {"tags": [tag]}
    refused = call(admin, tasks.update_annotations, task.id, sent).failure()
    assert status_of(refused) == 400
    assert isinstance(refused, Rejected)
    assert [field.path for field in refused.fields] == ["$.tags[0].source"]


def test_how_far_work_is_may_not_be_kept(admin: Transport) -> None:
    response = call(admin, raw(requests.list)).unwrap()
    assert "no-store" in (response.headers.get("cache-control") or "")


def made(admin: Transport) -> models.Label:
    """A skeleton with two elements."""
    skeleton: models.PatchedLabelRequestDict = {
        "name": "bird",
        "type": "skeleton",
        "sublabels": [{"name": "head", "type": "points"}, {"name": "tail", "type": "points"}],
    }
    task = call(admin, tasks.create, {"name": "birds", "labels": [skeleton]}).unwrap()
    return call(admin, labels.list, task_id=task.id).unwrap().results[0]
