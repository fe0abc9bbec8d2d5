"""What a requirement may say: from what was sent to what is kept, or what is wrong with it.

Rule: a base requirement leaves nothing open and keeps its kind of annotation; every other one has
a parent in the same settings, whose kind it shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import evolve, fields

from cvatfn import models
from cvatfn.codecs.json import structure, unstructure
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox.areas.quality.choosing import wrong_filter
from cvatfn.testing.sandbox.areas.quality.standing import chain_of, effective
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.quality import QualitySettings, Requirement, Values
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["REQUIRED", "Sent", "stated"]

Sent: TypeAlias = (
    models.QualityRequirementRequest
    | models.PatchedQualityRequirementRequest
    | models.QualityRequirementListItemRequest
    | models.QualityRequirementBulkCreateNodeRequest
)

REQUIRED: Final = "This field is required."
_NAMES: Final = tuple(field.name for field in fields(Values))


def stated(
    world: World,
    settings: QualitySettings,
    before: Requirement | None,
    sent: Sent,
    parent: int | None = None,
) -> Outcome[Requirement, Refusal]:
    """A requirement as it will be kept.

    :param world: where its parent and the labels are.
    :param settings: what it is in.
    :param before: as it is now; `None` for one that is to be made, which has no id yet.
    :param sent: what it is to say.
    :param parent: the id of the parent that it is nested in.
    """
    if isinstance(sent.parent_requirement, Unset):
        parent = parent if before is None else before.parent
    elif parent is None:
        parent = sent.parent_requirement
    if parent is not None and parent not in world.requirements:
        return invalid(parent_requirement=f'Invalid pk "{parent}" - object does not exist.')
    name = (before.name if before else "") if isinstance(sent.name, Unset) else sent.name
    draft = Requirement(
        id=0 if before is None else before.id,
        settings=settings.id,
        name=name,
        sort_order=_or(sent.sort_order, before.sort_order if before else 0),
        filter=before.filter if before else "",
        enabled=before.enabled if before else True,
        parent=parent,
        values=_values(before.values if before else Values(), sent),
        created=before.created if before else world.now,
        updated=world.now,
    )
    draft = evolve(
        draft,
        filter=draft.filter if isinstance(sent.filter, Unset) else sent.filter,
        enabled=draft.enabled if isinstance(sent.enabled, Unset) else sent.enabled,
    )
    wrong = _wrong(world, settings, before, draft)
    return invalid(**wrong) if wrong else Success(_of_its_kind(draft))


def _or(sent: int | Unset, default: int) -> int:
    return default if isinstance(sent, Unset) else sent


def _values(before: Values, sent: Sent) -> Values:
    given = {name: value for name, value in unstructure(sent).items() if name in _NAMES}
    return structure(Values, {**unstructure(before), **given}).unwrap()


def _of_its_kind(draft: Requirement) -> Requirement:
    """A requirement that leaves its kind of annotation to its parent, if it has one."""
    if draft.parent is None:
        return draft
    return evolve(draft, values=evolve(draft.values, annotation_type=None))


def _wrong(
    world: World, settings: QualitySettings, before: Requirement | None, draft: Requirement
) -> Mapping[str, str]:
    """What is wrong with a requirement, by field; the first thing that is."""
    if not draft.name:
        return {"name": REQUIRED}
    found = _wrong_parent(world, before, draft) or _wrong_values(world, settings, before, draft)
    if found:
        return found
    others = [
        other.name
        for other in world.requirements.values()
        if other.settings == settings.id and other.id != draft.id
    ]
    if draft.name in others:
        return {"name": "Requirement with this name already exists in the selected settings."}
    return {}


def _wrong_parent(
    world: World, before: Requirement | None, draft: Requirement
) -> Mapping[str, str]:
    if draft.parent is None:
        if before is None:
            return {"parent_requirement": "This field is required for custom requirements."}
        if before.is_base:
            return {}
        return {"parent_requirement": "Custom quality requirements must have a parent."}
    if before is not None and before.is_base:
        return {"parent_requirement": "Base quality requirements cannot have a parent."}
    parent = world.requirements[draft.parent]
    if parent.settings != draft.settings:
        wrong = "Parent requirement must belong to the same quality settings."
        return {"parent_requirement": wrong}
    if before is not None and before.id in {each.id for each in chain_of(world, parent)}:
        return {"parent_requirement": "A requirement cannot reference itself as a parent."}
    return {}


def _wrong_values(
    world: World, settings: QualitySettings, before: Requirement | None, draft: Requirement
) -> Mapping[str, str]:
    kind = draft.values.annotation_type
    if draft.parent is None:
        open_ones = [name for name in _MUST if getattr(draft.values, name) is None]
        if open_ones:
            return {open_ones[0]: "Root requirements cannot inherit."}
        if before is not None and kind is not before.values.annotation_type:
            return {"annotation_type": "Base quality requirement type cannot be changed."}
    else:
        inherited = effective(world, world.requirements[draft.parent]).annotation_type
        if kind not in (None, inherited):
            wrong = "Child requirements inherit annotation type from their parent."
            return {"annotation_type": wrong}
        kind = inherited
    unread = wrong_filter(draft.filter, kind)
    if unread is not None:
        return {"filter": unread}
    return _wrong_attributes(world, settings, draft.values.attribute_comparison)


def _wrong_attributes(
    world: World, settings: QualitySettings, comparison: models.AttributeComparison | None
) -> Mapping[str, str]:
    specs = [] if comparison is None else [rule.spec_id for rule in comparison.rules or ()]
    if len(set(specs)) < len(specs):
        return {"attribute_comparison": "Duplicate attribute rule."}
    unknown = sorted(set(specs) - _attributes(world, settings))
    if not unknown:
        return {}
    named = ", ".join(map(str, unknown))
    return {"attribute_comparison": f"Unknown attribute spec id(s): {named}."}


def _attributes(world: World, settings: QualitySettings) -> set[int]:
    """The ids of the attributes of what settings belong to."""
    if settings.task is not None:
        labels = [*labels_of(world, world.tasks[settings.task]).values()]
    else:
        labels = [each for each in world.labels.values() if each.project == settings.project]
    return {attribute.id for label in labels for attribute in label.attributes}


_MUST: Final = tuple(name for name in _NAMES if name != "attribute_comparison")
"""What a base requirement says."""
