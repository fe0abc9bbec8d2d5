"""Which ties and which roles give which right to a thing: the table that `permitting` walks.

Rule: an owner, an assignee, and those of what a thing belongs to are tied to it. A role gives a
right without a tie. The facts are those of CVAT's own rules (`cvat/apps/*/rules/*.rego`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.people import Privilege
from cvatfn.testing.sandbox.state.storages import CloudStorage

__all__ = ["GRANTS", "Grant", "Right", "Thing", "Tie", "rules"]

Role: TypeAlias = models.RoleEnum
Thing: TypeAlias = Project | Task | Job | CloudStorage


class Right(Enum):
    """What may be done with a thing."""

    SEE = "see"
    """Look at it and at all that is in it, export it; for a cloud storage, use it."""
    CHANGE = "change"
    """Rename and annotate it, change its labels, its frames, its state; import into it."""
    ASSIGN = "assign"
    """Say whose work it is; for a job, at which stage, too."""
    GIVE = "give"
    """Make somebody else its owner."""
    MOVE = "move"
    """Take it into another project or organization."""
    CONNECT = "connect"
    """Set the places of its files."""
    DELETE = "delete"
    """Remove it; a job that can be removed can be made by the same people."""


class Tie(Enum):
    """How a person belongs to a thing."""

    PROJECT_OWNER = "owner of the project"
    PROJECT_ASSIGNEE = "assignee of the project"
    TASK_OWNER = "owner of the task"
    TASK_ASSIGNEE = "assignee of the task"
    JOB_ASSIGNEE = "assignee of the job"
    STORAGE_OWNER = "owner of the storage"


@frozen
class Grant:
    """Who has a right.

    :param ties: the ties that give it.
    :param role: the role that gives it to who has no tie, and is more than a worker.
    :param tied_role: the role that a tie needs beside it, in an organization.
    :param privilege: the group that a tie needs beside it.
    """

    ties: frozenset[Tie]
    role: Role = Role.MAINTAINER
    tied_role: Role = Role.WORKER
    privilege: Privilege = Privilege.WORKER


_PROJECT_STAFF: Final = frozenset({Tie.PROJECT_OWNER, Tie.PROJECT_ASSIGNEE})
_TASK_LEADS: Final = _PROJECT_STAFF | {Tie.TASK_OWNER}
_TASK_STAFF: Final = _TASK_LEADS | {Tie.TASK_ASSIGNEE}
_JOB_STAFF: Final = _TASK_STAFF | {Tie.JOB_ASSIGNEE}

GRANTS: Final[Mapping[type[Thing], Mapping[Right, Grant]]] = {
    Project: {
        Right.SEE: Grant(_PROJECT_STAFF),
        Right.CHANGE: Grant(_PROJECT_STAFF),
        Right.ASSIGN: Grant(frozenset({Tie.PROJECT_OWNER})),
        # an owner alone cannot give a project away, though a task
        Right.GIVE: Grant(frozenset()),
        Right.MOVE: Grant(frozenset({Tie.PROJECT_OWNER})),
        Right.CONNECT: Grant(frozenset({Tie.PROJECT_OWNER})),
        Right.DELETE: Grant(frozenset({Tie.PROJECT_OWNER})),
    },
    Task: {
        Right.SEE: Grant(_TASK_STAFF),
        Right.CHANGE: Grant(_TASK_STAFF),
        Right.ASSIGN: Grant(_TASK_LEADS),
        Right.GIVE: Grant(_TASK_LEADS),
        Right.MOVE: Grant(_TASK_LEADS),
        Right.CONNECT: Grant(frozenset({Tie.TASK_OWNER, Tie.PROJECT_OWNER})),
        Right.DELETE: Grant(_TASK_LEADS),
    },
    Job: {
        Right.SEE: Grant(_JOB_STAFF),
        Right.CHANGE: Grant(_JOB_STAFF),
        Right.ASSIGN: Grant(_TASK_STAFF),
        Right.DELETE: Grant(_TASK_STAFF, tied_role=Role.SUPERVISOR, privilege=Privilege.USER),
    },
    CloudStorage: {
        Right.SEE: Grant(frozenset({Tie.STORAGE_OWNER}), Role.SUPERVISOR),
        Right.CHANGE: Grant(frozenset({Tie.STORAGE_OWNER})),
        Right.DELETE: Grant(frozenset({Tie.STORAGE_OWNER})),
    },
}
"""By kind of thing and by right, who has it."""


def rules() -> Mapping[str, JSON]:
    """The table of rights as data: by kind of thing and by right, who has it.

    >>> rules()["CloudStorage"]["delete"]["role"]
    'maintainer'
    """
    return {
        kind.__name__: {
            right.value: {
                "ties": sorted(tie.value for tie in grant.ties),
                "role": grant.role.value,
                "tied_role": grant.tied_role.value,
                "privilege": grant.privilege.value,
            }
            for right, grant in grants.items()
        }
        for kind, grants in GRANTS.items()
    }
