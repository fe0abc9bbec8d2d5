"""What should be there: plain dictionaries, which know nothing of how a sandbox keeps it.

Rule: a right comes from a tie to a thing (one's own, that of one's project) or from a role in its
organization; a tie is good as long as one is a member. Ties that nobody has here are left out.
"""

from __future__ import annotations

from attrs import Factory, define

ADMIN = 1
PEOPLE = {ADMIN: "admin", 2: "ann", 3: "bert"}
PASSWORD = "pa55-word"
ROLES = ("worker", "supervisor", "maintainer", "owner")
"""From the least to the most; a rank is a place in it, from 1."""
WORKER, SUPERVISOR, MAINTAINER, OWNER = range(1, 5)


@define
class KnownMember:
    """Somebody's place in an organization: pending, as long as there is an invitation.

    :param rank: the rank of the role.
    :param key: of the invitation by which the person came.
    """

    id: int
    rank: int
    key: str | None = None
    is_active: bool = False


@define
class KnownOrganization:
    """An organization: whose it is, and its members by account."""

    slug: str
    owner: int
    members: dict[int, KnownMember]


@define
class KnownProject:
    """A project: whose it is, and its labels by name."""

    owner: int
    name: str
    labels: dict[str, int]
    organization: int | None = None


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
    jobs: dict[int, int | None] = Factory(dict[int, "int | None"])
    shapes: dict[int, tuple[int, int]] = Factory(dict[int, tuple[int, int]])
    organization: int | None = None


@define
class KnownIssue:
    """An issue: the job it is in, whose it is, and whose its comments are, by id."""

    job: int
    owner: int
    is_resolved: bool = False
    comments: dict[int, int] = Factory(dict[int, int])


@define
class KnownGuide:
    """A guide for a task or for a project."""

    task: int | None
    project: int | None
    markdown: str


@define
class KnownWebhook:
    """A webhook of a project, or of an organization."""

    owner: int
    project: int | None
    organization: int | None


@define
class Model:
    """All that should be there, by id."""

    organizations: dict[int, KnownOrganization] = Factory(dict[int, KnownOrganization])
    projects: dict[int, KnownProject] = Factory(dict[int, KnownProject])
    tasks: dict[int, KnownTask] = Factory(dict[int, KnownTask])
    issues: dict[int, KnownIssue] = Factory(dict[int, KnownIssue])
    guides: dict[int, KnownGuide] = Factory(dict[int, KnownGuide])
    webhooks: dict[int, KnownWebhook] = Factory(dict[int, KnownWebhook])
    highest: dict[str, int] = Factory(dict[str, int])

    def labels_of(self, task: int) -> dict[str, int]:
        """The labels that a task is annotated with, by name."""
        known = self.tasks[task]
        return known.labels if known.project is None else self.projects[known.project].labels

    def task_of(self, job: int) -> int:
        """The task that a job is in."""
        return next(task for task, row in self.tasks.items() if job in row.jobs)

    def rank(self, person: int, organization: int) -> int:
        """The rank of somebody's role in an organization; 0 of who is no member."""
        if person == ADMIN:
            return OWNER
        member = self.organizations[organization].members.get(person)
        return member.rank if member is not None and member.is_active else 0

    def is_open(self, person: int, organization: int | None, *, tied: bool) -> bool:
        """Whether a thing is open to somebody."""
        if organization is None:
            return person == ADMIN or tied
        return self.rank(person, organization) >= (WORKER if tied else MAINTAINER)

    def owns(self, person: int, task: int) -> bool:
        """Whether a task is somebody's own, or in somebody's own project."""
        known = self.tasks[task]
        of_project = known.project is not None and self.projects[known.project].owner == person
        return of_project or known.owner == person

    def leads_project(self, person: int, project: int) -> bool:
        """Whether somebody may do everything with a project."""
        known = self.projects[project]
        return self.is_open(person, known.organization, tied=known.owner == person)

    def leads(self, person: int, task: int) -> bool:
        """Whether somebody may do everything with a task."""
        tied = self.owns(person, task)
        return self.is_open(person, self.tasks[task].organization, tied=tied)

    def works_on(self, person: int, job: int) -> bool:
        """Whether a job is somebody's own, or in what is somebody's own."""
        task = self.task_of(job)
        return self.tasks[task].jobs[job] == person or self.owns(person, task)

    def sees_job(self, person: int, job: int) -> bool:
        """Whether somebody may see a job."""
        tied = self.works_on(person, job)
        return self.is_open(person, self.tasks[self.task_of(job)].organization, tied=tied)

    def remove_tasks(self, gone: set[int]) -> None:
        """Take tasks away, with all that is said about them."""
        jobs = {job for task in gone for job in self.tasks[task].jobs}
        self.tasks = {key: row for key, row in self.tasks.items() if key not in gone}
        self.issues = {key: row for key, row in self.issues.items() if row.job not in jobs}
        self.guides = {key: row for key, row in self.guides.items() if row.task not in gone}

    def remove_projects(self, gone: set[int]) -> None:
        """Take projects away, with all that is in them and said about them."""
        self.remove_tasks({key for key, row in self.tasks.items() if row.project in gone})
        self.projects = {key: row for key, row in self.projects.items() if key not in gone}
        self.guides = {key: row for key, row in self.guides.items() if row.project not in gone}
        self.webhooks = {key: row for key, row in self.webhooks.items() if row.project not in gone}
