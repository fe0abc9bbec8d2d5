"""Rules for what is said about the work: issues, their comments, and guides."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from typing_extensions import override

from cvatfn import call, models
from cvatfn.api import comments, guides, issues
from tests.sandbox.machine.base import Base, assert_refused, people
from tests.sandbox.machine.model import ADMIN, KnownGuide, KnownIssue

sayings = st.sampled_from(["Is this a cat?", "Look closer."])
words = st.sampled_from(["", "Look closer.", "# How to\n\nDraw a box."])


class Talking(Base):
    """People say what is wrong, and how it should be done."""

    def _staff(self, person: int, issue: int) -> bool:
        """Whether somebody has to do with an issue."""
        known = self.model.issues[issue]
        return person == known.owner or self.model.works_on(person, known.job)

    def _where(self, issue: int) -> int | None:
        return self.model.tasks[self.model.task_of(self.model.issues[issue].job)].organization

    def _sees(self, person: int, issue: int) -> bool:
        tied = self._staff(person, issue)
        return self.model.is_open(person, self._where(issue), tied=tied)

    @precondition(lambda self: any(row.jobs for row in self.model.tasks.values()))
    @rule(data=st.data(), person=people, message=sayings)
    def raise_issue(self, data: st.DataObject, person: int, message: str) -> None:
        all_jobs = {job: job for row in self.model.tasks.values() for job in row.jobs}
        job = self.one_of(data, all_jobs)
        body: models.IssueWriteRequestDict = {
            "job": job,
            "frame": self.sandbox.world.jobs[job].start,
            "position": [1, 2, 3, 4],
            "message": message,
        }
        may = person == ADMIN or self.model.works_on(person, job)
        made = self.attempt(person, may, issues.create, body)
        if made is not None:
            known = KnownIssue(job, person)
            self.model.issues[self.new_id("issue", made.id)] = known
            known.comments[self._said(made.id)] = person

    def _said(self, issue: int) -> int:
        """The id of what was said last about an issue."""
        found = call(self.as_person(ADMIN), comments.list, issue_id=issue, page_size="all")
        return self.new_id("comment", max(row.id for row in self.allowed(found).results))

    @precondition(lambda self: self.model.issues)
    @rule(data=st.data(), person=people, message=sayings)
    def comment(self, data: st.DataObject, person: int, message: str) -> None:
        issue = self.one_of(data, self.model.issues)
        body: models.CommentWriteRequestDict = {"issue": issue, "message": message}
        may = person == ADMIN or self._staff(person, issue)
        made = self.attempt(person, may, comments.create, body)
        if made is not None:
            self.model.issues[issue].comments[self.new_id("comment", made.id)] = person

    @precondition(lambda self: self.model.issues)
    @rule(data=st.data(), person=people, resolved=st.booleans())
    def resolve(self, data: st.DataObject, person: int, resolved: bool) -> None:
        issue = self.one_of(data, self.model.issues)
        may, body = self._sees(person, issue), models.PatchedIssueWriteRequest(resolved=resolved)
        if self.attempt(person, may, issues.partial_update, issue, body) is not None:
            self.model.issues[issue].is_resolved = resolved

    @precondition(lambda self: self.model.issues)
    @rule(data=st.data(), person=people)
    def remove_issue(self, data: st.DataObject, person: int) -> None:
        issue = self.one_of(data, self.model.issues)
        known = self.model.issues[issue]
        tied = person == known.owner or self.model.owns(person, self.model.task_of(known.job))
        may = self.model.is_open(person, self._where(issue), tied=tied)
        self.attempt(person, may, issues.destroy, issue)
        if may:
            del self.model.issues[issue]

    @precondition(lambda self: any(row.comments for row in self.model.issues.values()))
    @rule(data=st.data(), person=people)
    def remove_comment(self, data: st.DataObject, person: int) -> None:
        talked = {key: row for key, row in self.model.issues.items() if row.comments}
        issue = self.one_of(data, talked)
        said = talked[issue].comments
        number = self.one_of(data, said)
        tied = said[number] == person or self._staff(person, issue)
        may = self.model.is_open(person, self._where(issue), tied=tied)
        self.attempt(person, may, comments.destroy, number)
        if may:
            del said[number]

    @precondition(lambda self: self.model.tasks or self.model.projects)
    @rule(data=st.data(), person=people, markdown=words)
    def write_guide(self, data: st.DataObject, person: int, markdown: str) -> None:
        """One guide is for one thing, and one thing has one guide."""
        targets = [("task", key) for key in self.model.tasks]
        targets += [("project", key) for key in self.model.projects]
        kind, number = data.draw(st.sampled_from(sorted(targets)))
        known = KnownGuide(
            number if kind == "task" else None, number if kind == "project" else None, markdown
        )
        body: models.AnnotationGuideWriteRequestDict = {
            "task_id": known.task,
            "project_id": known.project,
            "markdown": markdown,
        }
        may = person == ADMIN or self._owns_target(person, known)
        places = [(row.task, row.project) for row in self.model.guides.values()]
        if may and (known.task, known.project) in places:
            assert_refused(call(self.as_person(person), guides.create, body), 400)
            return
        made = self.attempt(person, may, guides.create, body)
        if made is not None:
            self.model.guides[self.new_id("guide", made.id)] = known

    @precondition(lambda self: self.model.guides)
    @rule(data=st.data(), person=people, markdown=st.none() | words)
    def rewrite_guide(self, data: st.DataObject, person: int, markdown: str | None) -> None:
        """A guide is rewritten, or removed where there are no words."""
        number = self.one_of(data, self.model.guides)
        known = self.model.guides[number]
        target = (
            self.model.tasks[known.task]
            if known.task is not None
            else self.model.projects[known.project or 0]
        )
        tied = self._owns_target(person, known)
        may = self.model.is_open(person, target.organization, tied=tied)
        if markdown is None:
            self.attempt(person, may, guides.destroy, number)
            if may:
                del self.model.guides[number]
        elif self.attempt(person, may, guides.partial_update, number, {"markdown": markdown}):
            known.markdown = markdown

    def _owns_target(self, person: int, guide: KnownGuide) -> bool:
        if guide.task is not None:
            return self.model.tasks[guide.task].owner == person
        return self.model.projects[guide.project or 0].owner == person

    @override
    def check(self) -> None:
        super().check()
        self._what_was_said_is_what_the_model_says()

    def _what_was_said_is_what_the_model_says(self) -> None:
        world, model = self.sandbox.world, self.model
        assert {key: (row.job, row.owner, row.resolved) for key, row in world.issues.items()} == {
            key: (row.job, row.owner, row.is_resolved) for key, row in model.issues.items()
        }
        assert {(row.issue, key, row.owner) for key, row in world.comments.items()} == {
            (issue, key, owner)
            for issue, row in model.issues.items()
            for key, owner in row.comments.items()
        }
        assert {
            key: (row.task, row.project, row.markdown) for key, row in world.guides.items()
        } == {key: (row.task, row.project, row.markdown) for key, row in model.guides.items()}

    @rule(person=people)
    def look_at_issues(self, person: int) -> None:
        cvat, sees_all = self.as_person(person), person == ADMIN
        seen = self.allowed(call(cvat, issues.list, page_size="all"))
        mine = {
            key
            for key in self.model.issues
            if self._sees(person, key) and (sees_all or self._staff(person, key))
        }
        assert {row.id for row in seen.results} == mine
        assert seen.count == len(mine)
        for row in seen.results:
            assert row.comments.count == len(self.model.issues[row.id].comments)
