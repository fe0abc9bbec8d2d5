"""Rules for projects, tasks and their data: made, changed, removed, by those who may."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from cvatfn import call, models
from cvatfn.api import jobs, labels, projects, tasks
from cvatfn.codecs.files import File
from tests.sandbox.kit import picture, settle
from tests.sandbox.machine.base import NAMES, Base, assert_refused, names, people
from tests.sandbox.machine.model import PEOPLE, KnownProject, KnownTask

MOST = 4
"""How many tasks and projects there are at once: more take time, and show nothing new."""


@cache
def image(name: str) -> File:
    """A picture; small, because every step looks at it."""
    return picture(name, (8, 6))


class Making(Base):
    """People make projects and tasks."""

    def _labels(self, wanted: set[str]) -> list[models.PatchedLabelRequestDict]:
        return [{"name": name} for name in sorted(wanted)]

    def _named(self, person: int, *, task: int | None, project: int | None) -> dict[str, int]:
        """The labels of a thing by name, as they were given ids."""
        cvat = self.as_person(person)
        if task is not None:
            found = self.allowed(call(cvat, labels.list, task_id=task))
        else:
            found = self.allowed(call(cvat, labels.list, project_id=project or 0))
        for label in found.results:
            self.new_id("label", label.id)
        return {label.name: label.id for label in found.results}

    @initialize(owner=people, other=people)
    def begin(self, owner: int, other: int) -> None:
        """Something is there already, so that more may be done with it."""
        self.make_project(owner, "cat", {"cat", "dog"})
        self.make_task(other, "dog", {"cat", "owl"}, 2)
        self.upload_to(max(self.model.tasks), other, 3)
        self.task_in(max(self.model.projects), owner, "owl")
        self.upload_to(max(self.model.tasks), owner, 2)

    @precondition(lambda self: len(self.model.projects) < MOST)
    @rule(person=people, name=names, wanted=st.sets(names))
    def make_project(self, person: int, name: str, wanted: set[str]) -> None:
        body: models.ProjectWriteRequestDict = {"name": name, "labels": self._labels(wanted)}
        made = self.allowed(call(self.as_person(person), projects.create, body))
        number = self.new_id("project", made.id)
        held = self._named(person, task=None, project=number)
        assert held.keys() == wanted
        self.model.projects[number] = KnownProject(person, name, held)

    @precondition(lambda self: self.model.projects)
    @rule(data=st.data(), person=people, name=names)
    def rename_project(self, data: st.DataObject, person: int, name: str) -> None:
        number = self.one_of(data, self.model.projects)
        may = self.model.leads_project(person, number)
        changed = self.attempt(person, may, projects.partial_update, number, {"name": name})
        if changed is not None:
            assert changed.name == name
            self.model.projects[number].name = name

    @precondition(lambda self: self.model.projects)
    @rule(data=st.data(), person=people)
    def remove_project(self, data: st.DataObject, person: int) -> None:
        number = self.one_of(data, self.model.projects)
        may = self.model.leads_project(person, number)
        self.attempt(person, may, projects.destroy, number)
        if may:
            del self.model.projects[number]
            for task in [key for key, row in self.model.tasks.items() if row.project == number]:
                del self.model.tasks[task]
            assert_refused(call(self.as_person(1), projects.retrieve, number), 404)

    @precondition(lambda self: len(self.model.tasks) < MOST)
    @rule(person=people, name=names, wanted=st.sets(names), segment=st.integers(0, 2))
    def make_task(self, person: int, name: str, wanted: set[str], segment: int) -> None:
        body: models.TaskWriteRequestDict = {
            "name": name,
            "labels": self._labels(wanted),
            "segment_size": segment,
        }
        made = self.allowed(call(self.as_person(person), tasks.create, body))
        number = self.new_id("task", made.id)
        held = self._named(person, task=number, project=None)
        assert held.keys() == wanted
        self.model.tasks[number] = KnownTask(person, name, None, held)

    @precondition(lambda self: self.model.projects and len(self.model.tasks) < MOST)
    @rule(data=st.data(), person=people, name=names)
    def make_task_in_project(self, data: st.DataObject, person: int, name: str) -> None:
        self.task_in(self.one_of(data, self.model.projects), person, name)

    def task_in(self, project: int, person: int, name: str) -> None:
        """Make a task in a project, if one may."""
        may = self.model.leads_project(person, project)
        body: models.TaskWriteRequestDict = {"name": name, "project_id": project}
        made = self.attempt(person, may, tasks.create, body)
        if made is not None:
            number = self.new_id("task", made.id)
            self.model.tasks[number] = KnownTask(person, name, project, {})

    @precondition(lambda self: any(not row.size for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, size=st.integers(1, 4))
    def upload(self, data: st.DataObject, person: int, size: int) -> None:
        empty = {key: row for key, row in self.model.tasks.items() if not row.size}
        self.upload_to(self.one_of(data, empty), person, size)

    def upload_to(self, number: int, person: int, size: int) -> None:
        """Bring a task its data, and wait for its jobs."""
        files = [image(f"{place}.png") for place in range(size)]
        body: models.DataRequestDict = {"client_files": files, "image_quality": 70}
        may = self.model.leads(person, number)
        begun = self.attempt(person, may, tasks.create_data, number, body)
        if begun is None:
            return
        cvat = self.as_person(person)
        assert settle(cvat, begun.rq_id).status is models.RequestStatus.FINISHED
        self.model.tasks[number].size = size
        self.jobs_appear(person, number)

    def jobs_appear(self, person: int, task: int) -> None:
        """The jobs of a task that has its data now: they are new, and cover its frames."""
        found = self.allowed(
            call(self.as_person(person), jobs.list, task_id=task, sort="id", page_size="all")
        )
        frames: set[int] = set()
        for job in found.results:
            self.model.tasks[task].jobs[self.new_id("job", job.id)] = None
            frames |= {*range(job.start_frame, job.stop_frame + 1)}
        assert frames == {*range(self.model.tasks[task].size)}

    @precondition(lambda self: self.model.tasks)
    @rule(data=st.data(), person=people, name=names)
    def rename_task(self, data: st.DataObject, person: int, name: str) -> None:
        number = self.one_of(data, self.model.tasks)
        if not self.model.works_on(person, number) or self.model.leads(person, number):
            may = self.model.leads(person, number)
            if self.attempt(person, may, tasks.partial_update, number, {"name": name}):
                self.model.tasks[number].name = name

    @precondition(lambda self: self.model.tasks)
    @rule(data=st.data(), person=people)
    def remove_task(self, data: st.DataObject, person: int) -> None:
        number = self.one_of(data, self.model.tasks)
        known = self.model.tasks[number]
        may = person in (1, known.owner)
        if may or not self.model.leads(person, number):
            self.attempt(person, may, tasks.destroy, number)
        if may:
            del self.model.tasks[number]
            assert_refused(call(self.as_person(1), tasks.retrieve, number), 404)

    @precondition(lambda self: any(row.jobs for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, assignee=st.none() | people)
    def assign_job(self, data: st.DataObject, person: int, assignee: int | None) -> None:
        begun = {key: row for key, row in self.model.tasks.items() if row.jobs}
        known = begun[task := self.one_of(data, begun)]
        job = self.one_of(data, known.jobs)
        may = self.model.leads(person, task)
        if self.attempt(person, may, jobs.partial_update, job, {"assignee": assignee}):
            known.jobs[job] = assignee
            if assignee is not None:
                self.allowed(call(self.as_person(assignee), jobs.retrieve, job))

    @precondition(lambda self: any(row.labels for row in self.model.projects.values()))
    @rule(data=st.data(), person=people, name=st.sampled_from([*NAMES, "elk"]))
    def rename_label(self, data: st.DataObject, person: int, name: str) -> None:
        labeled = {key: row for key, row in self.model.projects.items() if row.labels}
        number = self.one_of(data, labeled)
        held = labeled[number].labels
        old = data.draw(st.sampled_from(sorted(held)))
        if not self.model.leads_project(person, number):
            self.attempt(person, False, labels.partial_update, held[old], {"name": name})
            return
        outcome = call(self.as_person(person), labels.partial_update, held[old], {"name": name})
        if name != old and name in held:
            assert_refused(outcome, 400)
        else:
            self.allowed(outcome)
            held[name] = held.pop(old)

    @rule(person=people, number=st.integers(1, 9))
    def ask_for_what_is_gone(self, person: int, number: int) -> None:
        cvat = self.as_person(person)
        if number not in self.model.tasks:
            assert_refused(call(cvat, tasks.retrieve, number), 404)
            assert_refused(call(cvat, tasks.partial_update, number, {"name": "x"}), 404)
        if number not in self.model.projects:
            assert_refused(call(cvat, projects.destroy, number), 404)

    @rule(person=st.sampled_from(sorted(PEOPLE)))
    def look_at_listings(self, person: int) -> None:
        self.listed(person)
