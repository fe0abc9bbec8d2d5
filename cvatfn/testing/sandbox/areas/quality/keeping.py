"""Keeping requirements: one that is new or changed, or a whole set in the place of another.

Rule: settings were changed when one of their requirements was. A set is taken as a whole or not at
all; which of it are there already is known by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.json import loads
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.quality.standing import requirements_in
from cvatfn.testing.sandbox.areas.quality.stating import Sent, stated
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.quality import QualitySettings, Requirement
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["Made", "at", "kept", "made", "replaced", "touched"]


@frozen
class Made:
    """A requirement that was made, and the world that has it."""

    world: World
    requirement: Requirement


def made(
    world: World, settings: QualitySettings, sent: Sent, parent: int | None
) -> Outcome[Made, Refusal]:
    """Make a requirement.

    :param settings: what it is to be in.
    :param sent: what it is to say.
    :param parent: the id of the parent that it is nested in.
    """
    match stated(world, settings, None, sent, parent):
        case Failure() as refusal:
            return refusal
        case Success(requirement):
            return Success(_numbered(world, requirement))


def kept(world: World, requirement: Requirement) -> World:
    """A world with a requirement as it is now.

    :param requirement: the requirement.
    """
    kept = put(world.requirements, requirement.id, requirement)
    return touched(evolve(world, requirements=kept), requirement.settings)


def touched(world: World, number: int) -> World:
    """A world in which settings were changed just now.

    :param number: their id.
    """
    settings = evolve(world.quality_settings[number], updated=world.now)
    return evolve(world, quality_settings=put(world.quality_settings, number, settings))


def replaced(
    world: World,
    asked: Asked,
    settings: QualitySettings,
    sent: Sequence[models.QualityRequirementListItemRequest],
) -> Outcome[World, Refusal]:
    """Put requirements in the place of those that settings have.

    :param settings: whose.
    :param sent: all that there are to be; those that are there already are known by their ids.
    """
    # The schema calls the ids read-only, so that the model has none; CVAT goes by them.
    ids = _ids(asked)
    there = {each.id: each for each in requirements_in(world, settings.id)}
    wrong = _wrong_set(sent, ids, there)
    if wrong is not None:
        return wrong
    gone = [key for key in there if key not in ids]
    world = evolve(world, requirements=dropped(world.requirements, *gone))
    for index, (each, number) in enumerate(zip(sent, ids, strict=True)):
        match stated(world, settings, there.get(number or 0), each):
            case Failure(refusal):
                return at(index, refusal)
            case Success(requirement):
                world = _numbered(world, requirement).world
    return Success(world)


def at(index: int, refusal: Refusal) -> Failure[Refusal]:
    """A refusal of one in a list of requirements.

    :param index: its place.
    :param refusal: why it is refused.
    """
    empty: dict[str, object] = {}
    within = [empty if place < index else refusal.body for place in range(index + 1)]
    return Failure(evolve(refusal, body={"requirements": within}))


@frozen(kw_only=True)
class _Numbered:
    id: int | Unset | None = UNSET


@frozen(kw_only=True)
class _Body:
    requirements: tuple[_Numbered, ...] = ()


def _ids(asked: Asked) -> tuple[int | None, ...]:
    content = asked.request.body
    read = loads(_Body, content if isinstance(content, bytes) else b"{}")
    sent = read.unwrap().requirements if isinstance(read, Success) else ()
    return tuple(each.id if isinstance(each.id, int) else None for each in sent)


def _wrong_set(
    sent: Sequence[models.QualityRequirementListItemRequest],
    ids: Sequence[int | None],
    there: Mapping[int, Requirement],
) -> Failure[Refusal] | None:
    """What is wrong with a set of requirements as a whole."""
    known = [number for number in ids if number is not None]
    needed = set[int]()
    for each, number in zip(sent, ids, strict=False):
        before = there.get(number or 0)
        parent = each.parent_requirement
        if isinstance(parent, Unset) and before is not None:
            parent = before.parent
        needed |= {parent} if isinstance(parent, int) else set()
    if not sent:
        wrong = "At least one quality requirement must be specified."
    elif len(ids) != len(sent):
        wrong = "A valid integer is required."
    elif len(set(known)) < len(known):
        wrong = "Requirement ids must be unique."
    elif set(known) - there.keys():
        wrong = "Requirement does not belong to the selected settings."
    elif needed - set(known):
        wrong = "Parent requirements must be included in the same bulk settings update."
    elif any(each.is_base for key, each in there.items() if key not in known):
        wrong = "Base quality requirements cannot be deleted."
    else:
        return None
    return invalid(requirements=wrong)


def _numbered(world: World, requirement: Requirement) -> Made:
    if not requirement.id:
        world, number = world.numbered("requirement")
        requirement = evolve(requirement, id=number)
    return Made(kept(world, requirement), requirement)
