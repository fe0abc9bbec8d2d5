"""What a listing is asked about: a task, a project with its tasks, or everything.

Rule: who names a thing has to be allowed to see it; who names none is shown what is theirs.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import may_see_project, may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.state.world import World

__all__ = ["is_in_project", "not_one", "seen", "without"]


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


def not_one(**given: int | None) -> Failure[Refusal] | None:
    """Refuse a request that names none of some things, or several.

    :param given: their ids, by the names of their fields.
    """
    named = ", ".join(f'"{name}"' for name in given)
    count = sum(number is not None for number in given.values())
    if not count:
        return invalid(non_field_errors=f"One of the fields {named} required")
    if count > 1:
        return invalid(non_field_errors=f"Only 1 of the fields {named} can be used")
    return None


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
