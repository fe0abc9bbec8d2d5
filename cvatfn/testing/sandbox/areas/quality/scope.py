"""What a listing is asked about: a task, a project with its tasks, or everything.

Rule: who names a thing has to be allowed to see it; who names none is shown what is theirs.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import may_see_project, may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, missing
from cvatfn.testing.sandbox.state.world import World

__all__ = ["is_in_project", "seen", "without"]


def seen(world: World, asked: Asked) -> Outcome[None, Refusal]:
    """Refuse who asks about a task or a project that is not there, or not to be seen."""
    task, project = asked.given("task_id", int), asked.given("project_id", int)
    if task is not None:
        if task not in world.tasks:
            return missing("Task")
        allowed = may_see_task(world, asked.account, world.tasks[task])
    elif project is not None:
        if project not in world.projects:
            return missing("Project")
        allowed = may_see_project(world, asked.account, world.projects[project])
    else:
        allowed = True
    return Success(None) if allowed else forbidden()


def is_in_project(world: World, asked: Asked, task: int | None, project: int | None) -> bool:
    """Whether something is on the project that is asked for, or on one of its tasks.

    :param task: the id of the task that it is on.
    :param project: the id of the project, where it is on no task.
    """
    wanted = asked.given("project_id", int)
    of = project if task is None else world.tasks[task].project
    return wanted is None or wanted == of


def without(asked: Asked, *names: str) -> Asked:
    """A request without some parameters, which were looked at.

    :param names: their names.
    """
    params = {name: value for name, value in asked.params.items() if name not in names}
    return evolve(asked, params=params)
