"""Rules for quality and for background work as such: asked for, waited for, given up."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cvatfn import call, models
from cvatfn.api import quality, requests, tasks
from tests.sandbox.kit import settle
from tests.sandbox.machine.base import Base, assert_refused, people
from tests.sandbox.machine.model import ADMIN

ENDED = (models.RequestStatus.FINISHED, models.RequestStatus.FAILED)


class Judging(Base):
    """People ask how good the work is, and change their minds."""

    @precondition(lambda self: self.model.projects)
    @rule(data=st.data(), person=people, most=st.integers(1, 9))
    def change_settings(self, data: st.DataObject, person: int, most: int) -> None:
        """A project has settings, each of its tasks has, and who leads them changes them."""
        project = self.one_of(data, self.model.projects)
        inside = {key for key, row in self.model.tasks.items() if row.project == project}
        may = self.model.leads_project(person, project)
        found = self.allowed(
            call(self.as_person(ADMIN), quality.list_settings, project_id=project, page_size="all")
        )
        assert found.count == len(found.results)
        assert {row.task_id for row in found.results} == {None, *inside}
        seen = self.attempt(person, may, quality.list_settings, project_id=project)
        assert seen is None or seen.count == found.count
        (own,) = (row.id for row in found.results if row.task_id is None)
        body: models.PatchedQualitySettingsRequestDict = {"max_validations_per_job": most}
        changed = self.attempt(person, may, quality.partial_update_settings, own, body)
        assert changed is None or changed.max_validations_per_job == most

    @precondition(lambda self: self.model.projects)
    @rule(data=st.data(), person=people)
    def report(self, data: st.DataObject, person: int) -> None:
        """A report ends, as a report or in words that say why there is none."""
        project = self.one_of(data, self.model.projects)
        may = self.model.leads_project(person, project)
        body: models.QualityReportCreateRequestDict = {"project_id": project}
        begun = self.attempt(person, may, quality.create_report, body)
        if begun is None:
            return
        ended = settle(self.as_person(person), begun.rq_id)
        assert ended.status in ENDED
        if ended.status is models.RequestStatus.FAILED:
            assert ended.message
            return
        report = self.new_id("report", ended.result_id or 0)
        shown = self.allowed(call(self.as_person(person), quality.retrieve_report, report))
        assert shown.project_id == project

    @precondition(lambda self: any(row.size for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, other=people)
    def cancel(self, data: st.DataObject, person: int, other: int) -> None:
        """Work that was given up before it began never was."""
        task = self.one_of(data, {key: row for key, row in self.model.tasks.items() if row.size})
        if not self.model.leads(person, task):
            return
        begun = self.allowed(
            call(self.as_person(person), tasks.create_dataset_export, task, format="COCO 1.0")
        )
        may = other in (ADMIN, person)
        self.attempt(other, may, requests.create_cancel, begun.rq_id)
        if may:
            gone = call(self.as_person(person), requests.retrieve, begun.rq_id)
            assert_refused(gone, 404)
        else:
            assert settle(self.as_person(person), begun.rq_id).status in ENDED

    @rule(person=people)
    def look_at_work(self, person: int) -> None:
        seen = self.allowed(call(self.as_person(person), requests.list, page_size="all"))
        works = self.sandbox.world.backgrounds.values()
        mine = [work.id for work in works if person in (ADMIN, work.user)]
        assert sorted(row.id for row in seen.results) == sorted(mine)
        assert seen.count == len(mine)
