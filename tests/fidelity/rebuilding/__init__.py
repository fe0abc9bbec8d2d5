"""What recorded answers tell, put back into a world: one table, from a model to what it makes.

Rule: whatever an answer holds, however deep, is looked up by its class in `REBUILDERS` and becomes
state under its own id. What is only referred to (the task of a job, the person of a task) is made
up around its id, once, unless it is there. A new kind of state needs a function and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.codecs.plain import is_array
from cvatfn.testing.sandbox.state.world import World
from tests.fidelity.rebuilding import annotated, people, talking, works
from tests.fidelity.recorded import Recorded

__all__ = ["REBUILDERS", "parts_of", "rebuilt"]

M = TypeVar("M")

Rebuilder: TypeAlias = Callable[[World, object, Recorded], World]


def rebuilt(world: World, value: object, recorded: Recorded) -> World:
    """The world in which all is that a value tells of.

    :param world: before.
    :param value: an answer, or a part of one.
    :param recorded: the exchange it is from.
    """
    for part in parts_of(value):
        rebuilder = REBUILDERS.get(type(part))
        if rebuilder is not None:
            world = rebuilder(world, part, recorded)
    return world


def parts_of(value: object) -> Iterator[object]:
    """A value and all models in it, the outer ones after what they hold.

    :param value: an answer.
    """
    if is_array(value):
        for held in value:
            yield from parts_of(held)
        return
    for _, held in members(value):
        yield from parts_of(held)
    yield value


def _of(model: type[M], rebuild: Callable[[World, M, Recorded], World]) -> tuple[type, Rebuilder]:
    def checked(world: World, value: object, recorded: Recorded) -> World:
        return rebuild(world, value, recorded) if isinstance(value, model) else world

    return model, checked


REBUILDERS: Final[Mapping[type, Rebuilder]] = dict(
    (
        _of(models.BasicUser, people.basic_user),
        _of(models.User, people.user),
        _of(models.UserIdentifiers, people.identified),
        _of(models.AccessTokenRead, people.access_token),
        _of(models.OrganizationRead, people.organization),
        _of(models.MembershipRead, people.membership),
        _of(models.InvitationRead, people.invitation),
        _of(models.ProjectRead, annotated.project),
        _of(models.TaskRead, annotated.task),
        _of(models.JobRead, annotated.job),
        _of(models.Label, annotated.label),
        _of(models.DataMetaRead, annotated.data_meta),
        _of(models.LabeledData, annotated.labeled_data),
        _of(models.TaskValidationLayoutRead, annotated.task_layout),
        _of(models.JobValidationLayoutRead, annotated.job_layout),
        _of(models.IssueRead, talking.issue),
        _of(models.CommentRead, talking.comment),
        _of(models.WebhookRead, talking.webhook),
        _of(models.Request, works.request),
    )
)
"""By the class of what an answer holds."""
