"""Rules for annotations: put, added, removed, exported, backed up and restored."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Literal
from zipfile import ZipFile

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cvatfn import call, models
from cvatfn.api import labels, tasks
from cvatfn.codecs.files import File
from tests.sandbox.kit import fetched, settle
from tests.sandbox.machine.base import people
from tests.sandbox.machine.making import MOST, Making
from tests.sandbox.machine.model import KnownTask, Model

FORMATS = ("CVAT for images 1.1", "COCO 1.0")


def annotated(model: Model) -> dict[int, KnownTask]:
    """Tasks that can be annotated: they have frames and labels."""
    return {key: row for key, row in model.tasks.items() if row.size and model.labels_of(key)}


class Annotating(Making):
    """People annotate tasks, and take what they annotated elsewhere."""

    def _drawn(self, data: st.DataObject, task: int) -> list[models.LabeledShapeRequestDict]:
        held = sorted(self.model.labels_of(task).values())
        frames = st.integers(0, self.model.tasks[task].size - 1)
        return data.draw(
            st.lists(
                st.builds(_box, frames, st.sampled_from(held)),
                max_size=3,
            )
        )

    def _known(self, shapes: Iterable[models.LabeledShape]) -> dict[int, tuple[int, int]]:
        return {
            self.new_id("shape", shape.id or 0): (shape.frame, shape.label_id) for shape in shapes
        }

    @precondition(lambda self: bool(annotated(self.model)))
    @rule(data=st.data(), person=people)
    def put(self, data: st.DataObject, person: int) -> None:
        task = self.one_of(data, annotated(self.model))
        if self.model.works_on(person, task) and not self.model.leads(person, task):
            return
        shapes, may = self._drawn(data, task), self.model.leads(person, task)
        stored = self.attempt(person, may, tasks.update_annotations, task, {"shapes": shapes})
        if stored is not None:
            self.model.tasks[task].shapes = self._known(stored.shapes)
            self._are_there(task, person)

    @precondition(lambda self: bool(annotated(self.model)))
    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        task = self.one_of(data, annotated(self.model))
        person, shapes = self.model.tasks[task].owner, self._drawn(data, task)
        if not self.model.leads(person, task):
            return
        added = self.allowed(
            call(
                self.as_person(person),
                tasks.partial_update_annotations,
                task,
                {"shapes": shapes},
                action="create",
            )
        )
        self.model.tasks[task].shapes |= self._known(added.shapes)
        self._are_there(task, person)

    @precondition(lambda self: any(row.shapes for row in self.model.tasks.values()))
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        drawn = {key: row for key, row in self.model.tasks.items() if row.shapes}
        known = drawn[task := self.one_of(data, drawn)]
        number = self.one_of(data, known.shapes)
        gone: models.LabeledShapeRequestDict = {**_box(*known.shapes.pop(number)), "id": number}
        self.allowed(
            call(
                self.as_person(1),
                tasks.partial_update_annotations,
                task,
                {"shapes": [gone]},
                action="delete",
            )
        )
        self._are_there(task, 1)

    def _are_there(self, task: int, person: int) -> None:
        found = self.allowed(call(self.as_person(person), tasks.retrieve_annotations, task))
        assert {shape.id: (shape.frame, shape.label_id) for shape in found.shapes} == (
            self.model.tasks[task].shapes
        )

    @precondition(lambda self: bool(annotated(self.model)))
    @rule(data=st.data())
    def remove_label(self, data: st.DataObject) -> None:
        task = self.one_of(data, annotated(self.model))
        held = self.model.labels_of(task)
        name = data.draw(st.sampled_from(sorted(held)))
        label = held.pop(name)
        assert self.allowed(call(self.as_person(1), labels.destroy, label)) is None
        for known in self.model.tasks.values():
            known.shapes = {key: shape for key, shape in known.shapes.items() if shape[1] != label}
        self._are_there(task, 1)

    @precondition(lambda self: any(row.size for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, format=st.sampled_from(FORMATS), images=st.booleans())
    def export(self, data: st.DataObject, person: int, format: str, images: bool) -> None:
        whole = {key: row for key, row in self.model.tasks.items() if row.size}
        task = self.one_of(data, whole)
        if self.model.works_on(person, task) and not self.model.leads(person, task):
            return
        may = self.model.leads(person, task)
        begun = self.attempt(
            person, may, tasks.create_dataset_export, task, format=format, save_images=images
        )
        if begun is not None:
            archive = fetched(self.as_person(person), begun.rq_id)
            pictures = [name for name in ZipFile(BytesIO(archive)).namelist() if "/" in name]
            shown = [name for name in pictures if name.endswith(".png")]
            assert len(shown) == (whole[task].size if images else 0)

    @precondition(
        lambda self: (
            any(row.size for row in self.model.tasks.values()) and len(self.model.tasks) < MOST
        )
    )
    @rule(data=st.data())
    def back_up_and_restore(self, data: st.DataObject) -> None:
        whole = {key: row for key, row in self.model.tasks.items() if row.size}
        known = whole[task := self.one_of(data, whole)]
        person = known.owner
        if not self.model.leads(person, task):
            return
        cvat = self.as_person(person)
        archive = fetched(cvat, self.allowed(call(cvat, tasks.create_backup_export, task)).rq_id)
        file: models.TaskFileRequestDict = {"task_file": File("backup.zip", archive)}
        begun = self.allowed(call(cvat, tasks.create_backup, file))
        assert begun is not None
        ended = settle(cvat, begun.rq_id)
        assert ended.status is models.RequestStatus.FINISHED, ended.message
        number = self.new_id("task", ended.result_id or 0)
        held = self._named(person, task=number, project=None)
        old = {label: name for name, label in self.model.labels_of(task).items()}
        assert sorted(held) == sorted(old.values())
        restored = KnownTask(person, known.name, None, held, known.size)
        self.model.tasks[number] = restored
        self.jobs_appear(person, number)
        found = self.allowed(call(cvat, tasks.retrieve_annotations, number))
        restored.shapes = self._known(found.shapes)
        assert sorted(restored.shapes.values()) == sorted(
            (frame, held[old[label]]) for frame, label in known.shapes.values()
        )

    @precondition(lambda self: any(row.jobs for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, kind=st.sampled_from(["frame", "chunk"]))
    def look(self, data: st.DataObject, person: int, kind: Literal["frame", "chunk"]) -> None:
        whole = {key: row for key, row in self.model.tasks.items() if row.size}
        task = self.one_of(data, whole)
        if not self.model.works_on(person, task) or self.model.leads(person, task):
            may = self.model.leads(person, task)
            self.attempt(person, may, tasks.retrieve_data, task, type=kind, number=0)
            self.attempt(person, may, tasks.retrieve_preview, task)


def _box(frame: int, label: int) -> models.LabeledShapeRequestDict:
    return {"type": "rectangle", "frame": frame, "label_id": label, "points": [1, 1, 4, 5]}
