"""Rules for tasks that come into projects and out of them, by themselves and in files."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cvatfn import call, models
from cvatfn.api import projects, tasks
from cvatfn.codecs.files import File
from tests.sandbox.kit import fetched
from tests.sandbox.machine.annotating import Annotating, annotated
from tests.sandbox.machine.base import Target, assert_refused, people
from tests.sandbox.machine.making import MOST
from tests.sandbox.machine.model import ADMIN, KnownProject, KnownTask


class Moving(Annotating):
    """What is annotated moves, and stays what it is called."""

    @precondition(lambda self: self.model.tasks)
    @rule(data=st.data(), person=people)
    def move(self, data: st.DataObject, person: int) -> None:
        """A task goes into a project whose labels have its names, or out of one with copies."""
        model = self.model
        task = self.one_of(data, model.tasks)
        known, project = (
            model.tasks[task],
            data.draw(st.sampled_from([None, *sorted(model.projects)])),
        )
        old = {label: name for name, label in model.labels_of(task).items()}
        body: models.PatchedTaskWriteRequestDict = {"project_id": project}
        moves = project is not None and project != known.project
        there = model.projects[project] if project is not None and moves else None
        may = model.leads(person, task) and (
            there is None or project is None or model.leads_project(person, project)
        )
        fits = there is None or (
            there.organization == known.organization and {*old.values()} <= there.labels.keys()
        )
        if may and not fits:
            outcome = call(self.as_person(person), tasks.partial_update, task, body)
            assert_refused(outcome, 400)
        elif (
            self.attempt(person, may, tasks.partial_update, task, body) and project != known.project
        ):
            known.project = project
            known.labels = self.named(task=task) if project is None else {}
            new = model.labels_of(task)
            known.shapes = {
                key: (frame, new[old[label]]) for key, (frame, label) in known.shapes.items()
            }
        self.are_there(task, ADMIN)

    @precondition(
        lambda self: (
            bool(self.model.projects and annotated(self.model)) and len(self.model.tasks) < MOST
        )
    )
    @rule(data=st.data(), person=people)
    def import_dataset(self, data: st.DataObject, person: int) -> None:
        """What one task exports with its images, a project with its labels makes a task of."""
        model = self.model
        project = self.one_of(data, model.projects)
        task = self.one_of(data, annotated(model))
        source, there = model.tasks[task], model.projects[project]
        old = {label: name for name, label in model.labels_of(task).items()}
        if not {*old.values()} <= there.labels.keys():
            return
        cvat = self.as_person(ADMIN)
        asked = call(cvat, tasks.create_dataset_export, task, format="COCO 1.0", save_images=True)
        file = File("all.zip", fetched(cvat, self.allowed(asked).rq_id))
        body: models.DatasetFileRequestDict = {"dataset_file": file}
        may = model.leads_project(person, project)
        begun = self.attempt(person, may, projects.create_dataset, project, body, format="COCO 1.0")
        if begun is None:
            return
        self.finish(person, begun.rq_id)
        (number,) = self.sandbox.world.tasks.keys() - model.tasks.keys()
        name = self.sandbox.world.tasks[self.new_id("task", number)].name
        made = KnownTask(person, name, project, {}, source.size, organization=there.organization)
        model.tasks[number] = made
        self._filled(number, source, {label: there.labels[name] for label, name in old.items()})

    @precondition(lambda self: 0 < len(self.model.projects) < MOST)
    @rule(data=st.data(), person=people)
    def back_up_and_restore_project(self, data: st.DataObject, person: int) -> None:
        """What is restored is the same again, and belongs to who restores it."""
        model = self.model
        project = self.one_of(data, model.projects)
        known = model.projects[project]
        inside = {key: row for key, row in model.tasks.items() if row.project == project}
        if len(model.tasks) + len(inside) > MOST:
            return
        may = model.leads_project(person, project)
        begun = self.attempt(person, may, projects.create_backup_export, project)
        if begun is None:
            return
        cvat = self.as_person(person)
        file: models.ProjectFileRequestDict = {
            "project_file": File("backup.zip", fetched(cvat, begun.rq_id))
        }
        restoring = self.allowed(call(cvat, projects.create_backup, file))
        assert restoring is not None
        number = self.finish(person, restoring.rq_id).result_id or 0
        held = self.named(project=self.new_id("project", number))
        assert held.keys() == known.labels.keys()
        model.projects[number] = KnownProject(person, known.name, held)
        new = {label: held[name] for name, label in known.labels.items()}
        made = sorted(self.sandbox.world.tasks.keys() - model.tasks.keys())
        copied: dict[Target, Target] = {(None, number): (None, project)}
        copied |= {(again, None): (old, None) for again, old in zip(made, inside, strict=True)}
        self.guides_appear(copied)
        for again, source in zip(made, inside.values(), strict=True):
            self.new_id("task", again)
            model.tasks[again] = KnownTask(person, source.name, number, {}, source.size)
            self._filled(again, source, new)

    def _filled(self, task: int, source: KnownTask, labels: dict[int, int]) -> None:
        """A task that was made of another one has its frames and its shapes."""
        self.jobs_appear(task)
        found = call(self.as_person(ADMIN), tasks.retrieve_annotations, task)
        shapes = self.drawn(self.allowed(found).shapes)
        self.model.tasks[task].shapes = shapes
        assert sorted(shapes.values()) == sorted(
            (frame, labels[label]) for frame, label in source.shapes.values()
        )
