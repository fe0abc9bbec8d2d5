"""The events that there are for webhooks, as a table: who may listen to which.

Rule: the tables are CVAT 2.80's. What happens to people and that organizations come and go is for
webhooks of the server alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cvatfn import models

__all__ = ["events_for", "listed_for"]

Event = models.EventsEnum
Type = models.WebhookType


def events_for(kind: Type) -> frozenset[Event]:
    """The events that webhooks of a type may listen to.

    :param kind: the type.

    >>> models.EventsEnum.CREATE_PROJECT in events_for(models.WebhookType.PROJECT)
    False
    """
    return frozenset(event for event in _GROUPS if _is_for(kind, event))


def listed_for(kind: models.AllWebhookType) -> tuple[models.WebhooksEvent, ...]:
    """The events of a type, or of all types, each under its heading.

    :param kind: the type, or `ALL`.

    >>> listed_for(models.AllWebhookType.SERVER)[0].key
    'create:organization'
    """
    whole = kind is models.AllWebhookType.ALL
    chosen = _GROUPS.keys() if whole else events_for(Type(kind.value))
    return tuple(
        models.WebhooksEvent(key=event.value, group=models.EventGroup(display_name=_GROUPS[event]))
        for event in sorted(chosen, key=lambda event: event.value)
    )


_GROUPS: Final[Mapping[Event, str]] = {
    Event.CREATE_USER: "User",
    Event.UPDATE_USER: "User",
    Event.DELETE_USER: "User",
    Event.CREATE_PROJECT: "Project",
    Event.UPDATE_PROJECT: "Project",
    Event.DELETE_PROJECT: "Project",
    Event.CREATE_TASK: "Task",
    Event.UPDATE_TASK: "Task",
    Event.DELETE_TASK: "Task",
    Event.CREATE_JOB: "Job",
    Event.UPDATE_JOB: "Job",
    Event.DELETE_JOB: "Job",
    Event.CREATE_ISSUE: "Issue",
    Event.UPDATE_ISSUE: "Issue",
    Event.DELETE_ISSUE: "Issue",
    Event.CREATE_COMMENT: "Comment",
    Event.UPDATE_COMMENT: "Comment",
    Event.DELETE_COMMENT: "Comment",
    Event.CREATE_ORGANIZATION: "Organization",
    Event.UPDATE_ORGANIZATION: "Organization",
    Event.DELETE_ORGANIZATION: "Organization",
    Event.CREATE_INVITATION: "Invitation",
    Event.DELETE_INVITATION: "Invitation",
    Event.CREATE_MEMBERSHIP: "Membership",
    Event.UPDATE_MEMBERSHIP: "Membership",
    Event.DELETE_MEMBERSHIP: "Membership",
    Event.COMPLETED_REQUEST_EXPORT_ANNOTATIONS: "Dataset export",
    Event.COMPLETED_REQUEST_EXPORT_DATASET: "Dataset export",
    Event.COMPLETED_REQUEST_EXPORT_BACKUP: "Backup export",
    Event.COMPLETED_REQUEST_CREATE_TASK: "Task data creation",
    Event.COMPLETED_REQUEST_MERGE_TASK: "Consensus merge",
    Event.COMPLETED_REQUEST_MERGE_JOB: "Consensus merge",
    Event.COMPLETED_REQUEST_CALCULATE_QUALITY: "Quality report creation",
}
_OF_SERVER: Final = frozenset(
    {
        Event.CREATE_USER,
        Event.UPDATE_USER,
        Event.DELETE_USER,
        Event.CREATE_ORGANIZATION,
        Event.DELETE_ORGANIZATION,
    }
)
_ABOVE_PROJECTS: Final = frozenset(
    {
        Event.CREATE_PROJECT,
        Event.UPDATE_ORGANIZATION,
        Event.CREATE_INVITATION,
        Event.DELETE_INVITATION,
        Event.CREATE_MEMBERSHIP,
        Event.UPDATE_MEMBERSHIP,
        Event.DELETE_MEMBERSHIP,
    }
)


def _is_for(kind: Type, event: Event) -> bool:
    if kind is Type.SERVER:
        return event in _OF_SERVER
    if event in _OF_SERVER:
        return False
    return kind is Type.ORGANIZATION or event not in _ABOVE_PROJECTS
