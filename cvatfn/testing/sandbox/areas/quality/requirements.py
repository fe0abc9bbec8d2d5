"""Quality requirements: list, make one or a whole tree, look at, change, remove."""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.quality.keeping import at, kept, made, touched
from cvatfn.testing.sandbox.areas.quality.scope import is_in_project, seen, without
from cvatfn.testing.sandbox.areas.quality.standing import (
    chain_of,
    effective,
    may_see_settings,
    organization_of,
    requirements_in,
)
from cvatfn.testing.sandbox.areas.quality.stating import REQUIRED, stated
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.state.quality import QualitySettings, Requirement
from cvatfn.testing.sandbox.state.world import World, dropped

__all__ = [
    "change",
    "create",
    "create_many",
    "destroy",
    "item",
    "list_requirements",
    "retrieve",
]


def list_requirements(world: World, asked: Asked) -> Done:
    """The requirements in the settings of what one may see."""
    number = asked.given("settings_id", int)
    match seen(world, asked) if number is None else _settings(world, asked, number):
        case Failure() as refusal:
            return refusal
        case Success():
            pass

    def is_shown(settings: QualitySettings) -> bool:
        return (
            may_see_settings(world, asked.account, settings)
            and asked.is_within(organization_of(world, settings.task, settings.project))
            and is_in_project(world, asked, settings.task, settings.project)
        )

    shown_ones = {key for key, each in world.quality_settings.items() if is_shown(each)}
    rows = [each for each in world.requirements.values() if each.settings in shown_ones]
    asked = without(asked, "project_id")
    columns = _columns(world)
    return paged(world, asked, rows, columns, lambda row: item(world, row), order="id")


def create(world: World, asked: Asked) -> Done:
    """Add a requirement to settings."""
    given = asked.given("quality_requirement_request", models.QualityRequirementRequest)
    sent = models.QualityRequirementRequest() if given is None else given
    if isinstance(sent.settings_id, Unset):
        return invalid(settings_id=REQUIRED)
    match _settings(world, asked, sent.settings_id):
        case Failure() as refusal:
            return refusal
        case Success(settings):
            pass
    match made(world, settings, sent, None):
        case Failure() as refusal:
            return refusal
        case Success(new):
            return done(new.world, shown(new.world, new.requirement), 201)


def create_many(world: World, asked: Asked) -> Done:
    """Add trees of requirements to settings: all of them or none."""
    name = "quality_requirement_bulk_create_request"
    sent = asked.needed(name, models.QualityRequirementBulkCreateRequest)
    match _settings(world, asked, sent.settings_id):
        case Failure() as refusal:
            return refusal
        case Success(settings):
            pass
    numbers: list[int] = []
    for index, node in enumerate(sent.requirements):
        waiting: list[tuple[models.QualityRequirementBulkCreateNodeRequest, int | None]] = [
            (node, None)
        ]
        while waiting:
            each, parent = waiting.pop(0)
            match made(world, settings, each, parent):
                case Failure(wrong):
                    return at(index, wrong)
                case Success(new):
                    world, parent = new.world, new.requirement.id
            numbers.append(parent)
            waiting[:0] = [(child, parent) for child in each.children or ()]
    return done(world, [shown(world, world.requirements[each]) for each in numbers], 201)


def retrieve(world: World, _: Asked, requirement: Requirement) -> Done:
    """One requirement, with what it comes to after inheritance."""
    return done(world, shown(world, requirement))


def change(world: World, asked: Asked, requirement: Requirement) -> Done:
    """Change a requirement."""
    body = asked.endpoint.body
    sent = None if body is None else asked.params.get(body.name)
    if not isinstance(
        sent, models.QualityRequirementRequest | models.PatchedQualityRequirementRequest
    ):
        return done(world, shown(world, requirement))
    number = requirement.settings if isinstance(sent.settings_id, Unset) else sent.settings_id
    match _settings(world, asked, number):
        case Failure() as refusal:
            return refusal
        case Success(settings):
            pass
    match stated(world, settings, requirement, sent):
        case Failure() as refusal:
            return refusal
        case Success(requirement):
            world = kept(world, requirement)
            return done(world, shown(world, requirement))


def destroy(world: World, _: Asked, requirement: Requirement) -> Done:
    """Remove a requirement with all that narrow it; those that all settings have stay."""
    if requirement.is_base:
        return invalid("Base quality requirements cannot be deleted.")
    gone = [
        each.id
        for each in requirements_in(world, requirement.settings)
        if requirement in chain_of(world, each)
    ]
    world = evolve(world, requirements=dropped(world.requirements, *gone))
    return done(touched(world, requirement.settings), None, 204)


def item(world: World, requirement: Requirement) -> models.QualityRequirementListItem:
    """A requirement as listings and settings show it.

    :param requirement: the requirement.
    """
    settings = world.quality_settings[requirement.settings]
    values = requirement.values
    return models.QualityRequirementListItem(
        id=requirement.id,
        settings_id=settings.id,
        task_id=settings.task,
        project_id=settings.project,
        name=requirement.name,
        is_base=requirement.is_base,
        sort_order=requirement.sort_order,
        filter=requirement.filter,
        enabled=requirement.enabled,
        annotation_type=values.annotation_type,
        metric=values.metric,
        required_score=values.required_score,
        parent_requirement=requirement.parent,
        iou_threshold=values.iou_threshold,
        point_size=values.point_size,
        point_size_base=values.point_size_base,
        line_thickness=values.line_thickness,
        match_orientation=values.match_orientation,
        line_orientation_threshold=values.line_orientation_threshold,
        match_groups=values.match_groups,
        group_match_threshold=values.group_match_threshold,
        check_covered_annotations=values.check_covered_annotations,
        object_visibility_threshold=values.object_visibility_threshold,
        panoptic_comparison=values.panoptic_comparison,
        attribute_comparison=values.attribute_comparison,
        created_date=requirement.created,
        updated_date=requirement.updated,
    )


def shown(world: World, requirement: Requirement) -> dict[str, object]:
    """A requirement by itself.

    :param requirement: the requirement.
    """
    return {
        **unstructure(item(world, requirement)),
        "effective": unstructure(effective(world, requirement)),
    }


def _settings(world: World, asked: Asked, number: int) -> Outcome[QualitySettings, Refusal]:
    """The settings of an id, for who may see them."""
    settings = world.quality_settings.get(number)
    if settings is None:
        return missing("QualitySettings")
    allowed = may_see_settings(world, asked.account, settings)
    return Success(settings) if allowed else forbidden()


def _columns(world: World) -> Columns[Requirement]:
    def of(row: Requirement) -> QualitySettings:
        return world.quality_settings[row.settings]

    def kind(row: Requirement) -> str | None:
        found = row.values.annotation_type
        return None if found is None else found.value

    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "sort_order": lambda row: row.sort_order,
        "settings_id": lambda row: row.settings,
        "task_id": lambda row: of(row).task,
        "project_id": lambda row: of(row).project,
        "annotation_type": kind,
        "enabled": lambda row: row.enabled,
        "created_date": lambda row: row.created,
        "updated_date": lambda row: row.updated,
    }
