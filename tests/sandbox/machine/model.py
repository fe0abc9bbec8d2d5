"""What should be there: plain dictionaries, which know nothing of how a sandbox keeps it.

Rule: whether a person must see a thing, must not, or may is told apart; where CVAT's own rules are
finer than this model, it says nothing.
"""

from __future__ import annotations

from attrs import Factory, define

ADMIN = 1
PEOPLE = {ADMIN: "admin", 2: "ann", 3: "bert"}
PASSWORD = "pa55-word"


@define
class KnownProject:
    """A project: whose it is, and its labels by name."""

    owner: int
    name: str
    labels: dict[str, int]


@define
class KnownTask:
    """A task.

    :param labels: its own, by name; empty for one in a project.
    :param size: how many frames it has; none before its data.
    :param jobs: by id, whose each is.
    :param shapes: by id, its frame and label.
    """

    owner: int
    name: str
    project: int | None
    labels: dict[str, int]
    size: int = 0
    deleted: set[int] = Factory(set[int])
    jobs: dict[int, int | None] = Factory(dict[int, "int | None"])
    shapes: dict[int, tuple[int, int]] = Factory(dict[int, tuple[int, int]])


@define
class Model:
    """All that should be there, by id."""

    projects: dict[int, KnownProject] = Factory(dict[int, KnownProject])
    tasks: dict[int, KnownTask] = Factory(dict[int, KnownTask])
    highest: dict[str, int] = Factory(dict[str, int])

    def labels_of(self, task: int) -> dict[str, int]:
        """The labels that a task is annotated with, by name."""
        known = self.tasks[task]
        return known.labels if known.project is None else self.projects[known.project].labels

    def leads_project(self, person: int, project: int) -> bool:
        """Whether somebody may do everything with a project."""
        return person in (ADMIN, self.projects[project].owner)

    def leads(self, person: int, task: int) -> bool:
        """Whether somebody may do everything with a task."""
        known = self.tasks[task]
        inside = known.project is not None and self.leads_project(person, known.project)
        return inside or person in (ADMIN, known.owner)

    def works_on(self, person: int, task: int) -> bool:
        """Whether somebody has a job of a task."""
        return person in self.tasks[task].jobs.values()
