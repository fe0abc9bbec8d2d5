"""The fields that each listing can be filtered and sorted by, with their types.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, final

from cvatfn import models
from cvatfn.filters.fields import Field, Moment, Number, Text
from cvatfn.filters.order import Key, Unsortable

__all__ = [
    "AccessTokens",
    "CloudStorages",
    "Comments",
    "ConsensusSettings",
    "Growth",
    "Invitations",
    "Issues",
    "Jobs",
    "Labels",
    "Memberships",
    "Organizations",
    "Projects",
    "QualityConflicts",
    "QualityReports",
    "QualityRequirements",
    "QualitySettings",
    "Requests",
    "Tasks",
    "Users",
    "Webhooks",
]


@final
class AccessTokens:
    """The fields of `auth.list_access_tokens`; its `search` looks in name."""

    created_date: Final[Moment[AccessTokens, datetime]] = Moment("created_date")
    expiry_date: Final[Moment[AccessTokens, datetime | None]] = Moment("expiry_date")
    id: Final[Number[AccessTokens, int]] = Number("id")
    last_used_date: Final[Moment[AccessTokens, datetime | None]] = Moment("last_used_date")
    name: Final[Text[AccessTokens, str]] = Text("name")
    read_only: Final[Field[AccessTokens, bool]] = Field("read_only")
    updated_date: Final[Moment[AccessTokens, datetime]] = Moment("updated_date")


@final
class CloudStorages:
    """The fields of `cloudstorages.list`; its `search` looks in description, name, owner and
    resource.
    """

    credentials_type: Final[Field[CloudStorages, models.CredentialsTypeEnumLike]] = Field(
        "credentials_type"
    )
    description: Final[Text[CloudStorages, str]] = Text("description")
    id: Final[Number[CloudStorages, int]] = Number("id")
    name: Final[Text[CloudStorages, str]] = Text("name")
    owner: Final[Text[CloudStorages, str | None]] = Text("owner")
    provider_type: Final[Field[CloudStorages, models.ProviderTypeEnumLike]] = Field("provider_type")
    resource: Final[Text[CloudStorages, str]] = Text("resource")


@final
class Comments:
    """The fields of `comments.list`; its `search` looks in owner."""

    frame_id: Final[Number[Comments, int]] = Number("frame_id")
    id: Final[Number[Comments, int]] = Number("id")
    issue_id: Final[Number[Comments, int]] = Number("issue_id")
    job_id: Final[Number[Comments, int]] = Number("job_id")
    owner: Final[Text[Comments, str | None]] = Text("owner")


@final
class ConsensusSettings:
    """The fields of `consensus.list_settings`."""

    id: Final[Number[ConsensusSettings, int]] = Number("id")
    task_id: Final[Number[ConsensusSettings, int, Unsortable]] = Number("task_id")


@final
class Growth:
    """The fields of `growth.list`."""

    id: Final[Number[Growth, int]] = Number("id")
    user_id: Final[Number[Growth, int, Unsortable]] = Number("user_id")


@final
class Invitations:
    """The fields of `invitations.list`; its `search` looks in owner."""

    accepted: Final[Field[Invitations, bool]] = Field("accepted")
    created_date: Final[Key[Invitations]] = Key("created_date")
    id: Final[Text[Invitations, str, Unsortable]] = Text("id")
    owner: Final[Text[Invitations, str | None]] = Text("owner")
    user_id: Final[Number[Invitations, int]] = Number("user_id")


@final
class Issues:
    """The fields of `issues.list`; its `search` looks in assignee and owner."""

    assignee: Final[Text[Issues, str | None]] = Text("assignee")
    frame_id: Final[Number[Issues, int]] = Number("frame_id")
    id: Final[Number[Issues, int]] = Number("id")
    job_id: Final[Number[Issues, int]] = Number("job_id")
    owner: Final[Text[Issues, str | None]] = Text("owner")
    resolved: Final[Field[Issues, bool]] = Field("resolved")
    task_id: Final[Number[Issues, int]] = Number("task_id")


@final
class Jobs:
    """The fields of `jobs.list`; its `search` looks in assignee, project_name and task_name."""

    assignee: Final[Text[Jobs, str | None]] = Text("assignee")
    dimension: Final[Field[Jobs, Literal["1d", "2d", "3d"]]] = Field("dimension")
    id: Final[Number[Jobs, int]] = Number("id")
    media_type: Final[Field[Jobs, Literal["image", "point_cloud", "audio"]]] = Field("media_type")
    mode: Final[Field[Jobs, Literal["annotation", "interpolation"]]] = Field("mode")
    parent_job_id: Final[Number[Jobs, int | None]] = Number("parent_job_id")
    project_id: Final[Number[Jobs, int | None]] = Number("project_id")
    project_name: Final[Text[Jobs, str | None]] = Text("project_name")
    stage: Final[Field[Jobs, models.JobStageLike]] = Field("stage")
    state: Final[Field[Jobs, models.OperationStatusLike]] = Field("state")
    task_id: Final[Number[Jobs, int]] = Number("task_id")
    task_name: Final[Text[Jobs, str | None]] = Text("task_name")
    type: Final[Field[Jobs, models.JobTypeLike]] = Field("type")
    updated_date: Final[Moment[Jobs, datetime]] = Moment("updated_date")


@final
class Labels:
    """The fields of `labels.list`; its `search` looks in name and parent."""

    color: Final[Text[Labels, str]] = Text("color")
    id: Final[Number[Labels, int]] = Number("id")
    name: Final[Text[Labels, str]] = Text("name")
    parent: Final[Text[Labels, str | None]] = Text("parent")
    parent_id: Final[Number[Labels, int | None]] = Number("parent_id")
    type: Final[Field[Labels, models.LabelTypeLike]] = Field("type")


@final
class Memberships:
    """The fields of `memberships.list`; its `search` looks in user."""

    id: Final[Number[Memberships, int]] = Number("id")
    role: Final[Field[Memberships, models.RoleEnumLike]] = Field("role")
    user: Final[Text[Memberships, str]] = Text("user")


@final
class Organizations:
    """The fields of `organizations.list`; its `search` looks in name, owner and slug."""

    id: Final[Number[Organizations, int]] = Number("id")
    name: Final[Text[Organizations, str]] = Text("name")
    owner: Final[Text[Organizations, str | None]] = Text("owner")
    slug: Final[Text[Organizations, str]] = Text("slug")


@final
class Projects:
    """The fields of `projects.list`; its `search` looks in assignee, name and owner."""

    assignee: Final[Text[Projects, str | None]] = Text("assignee")
    id: Final[Number[Projects, int]] = Number("id")
    name: Final[Text[Projects, str]] = Text("name")
    owner: Final[Text[Projects, str | None]] = Text("owner")
    status: Final[Field[Projects, models.JobStatusLike]] = Field("status")
    updated_date: Final[Moment[Projects, datetime]] = Moment("updated_date")


@final
class QualityConflicts:
    """The fields of `quality.list_conflicts`."""

    frame: Final[Number[QualityConflicts, int]] = Number("frame")
    id: Final[Number[QualityConflicts, int]] = Number("id")
    job_id: Final[Number[QualityConflicts, int]] = Number("job_id")
    project_id: Final[Number[QualityConflicts, int]] = Number("project_id")
    severity: Final[Field[QualityConflicts, models.AnnotationConflictSeverityLike]] = Field(
        "severity"
    )
    task_id: Final[Number[QualityConflicts, int]] = Number("task_id")
    type: Final[Field[QualityConflicts, models.AnnotationConflictTypeLike]] = Field("type")


@final
class QualityReports:
    """The fields of `quality.list_reports`."""

    created_date: Final[Moment[QualityReports, datetime]] = Moment("created_date")
    gt_last_updated: Final[Moment[QualityReports, datetime | None]] = Moment("gt_last_updated")
    id: Final[Number[QualityReports, int]] = Number("id")
    job_id: Final[Number[QualityReports, int | None]] = Number("job_id")
    project_id: Final[Number[QualityReports, int | None]] = Number("project_id")
    target_last_updated: Final[Moment[QualityReports, datetime]] = Moment("target_last_updated")
    task_id: Final[Number[QualityReports, int | None]] = Number("task_id")


@final
class QualityRequirements:
    """The fields of `quality.list_settings_requirements`."""

    annotation_type: Final[
        Field[QualityRequirements, models.AnnotationTypeEnumLike | Literal[""] | None]
    ] = Field("annotation_type")
    created_date: Final[Moment[QualityRequirements, datetime]] = Moment("created_date")
    enabled: Final[Field[QualityRequirements, bool]] = Field("enabled")
    id: Final[Number[QualityRequirements, int]] = Number("id")
    name: Final[Key[QualityRequirements]] = Key("name")
    project_id: Final[Number[QualityRequirements, int | None]] = Number("project_id")
    settings_id: Final[Number[QualityRequirements, int]] = Number("settings_id")
    sort_order: Final[Key[QualityRequirements]] = Key("sort_order")
    task_id: Final[Number[QualityRequirements, int | None]] = Number("task_id")
    updated_date: Final[Moment[QualityRequirements, datetime]] = Moment("updated_date")


@final
class QualitySettings:
    """The fields of `quality.list_settings`."""

    created_date: Final[Moment[QualitySettings, datetime]] = Moment("created_date")
    id: Final[Number[QualitySettings, int]] = Number("id")
    inherit: Final[Field[QualitySettings, bool]] = Field("inherit")
    project_id: Final[Number[QualitySettings, int | None]] = Number("project_id")
    task_id: Final[Number[QualitySettings, int | None]] = Number("task_id")
    updated_date: Final[Moment[QualitySettings, datetime]] = Moment("updated_date")


@final
class Requests:
    """The fields of `requests.list`.

    CVAT asks each request in Python, where some releases answer joined conditions by a 500; one
    minus sign turns the whole order round.
    """

    action: Final[Field[Requests, str]] = Field("action")
    created_date: Final[Key[Requests]] = Key("created_date")
    format: Final[Field[Requests, str | None, Unsortable]] = Field("format")
    job_id: Final[Field[Requests, int | None, Unsortable]] = Field("job_id")
    org: Final[Field[Requests, str | None, Unsortable]] = Field("org")
    org_id: Final[Field[Requests, int | None, Unsortable]] = Field("org_id")
    project_id: Final[Field[Requests, int | None, Unsortable]] = Field("project_id")
    status: Final[Field[Requests, models.RequestStatusLike]] = Field("status")
    subresource: Final[Field[Requests, str | None, Unsortable]] = Field("subresource")
    target: Final[Field[Requests, str, Unsortable]] = Field("target")
    task_id: Final[Field[Requests, int | None, Unsortable]] = Field("task_id")


@final
class Tasks:
    """The fields of `tasks.list`; its `search` looks in assignee, name, owner, project_name, subset
    and tracker_link.
    """

    assignee: Final[Text[Tasks, str | None]] = Text("assignee")
    created_date: Final[Moment[Tasks, datetime]] = Moment("created_date")
    dimension: Final[Field[Tasks, Literal["1d", "2d", "3d", ""]]] = Field("dimension")
    id: Final[Number[Tasks, int]] = Number("id")
    media_type: Final[Field[Tasks, Literal["image", "point_cloud", "audio", ""]]] = Field(
        "media_type"
    )
    mode: Final[Field[Tasks, Literal["annotation", "interpolation", ""]]] = Field("mode")
    name: Final[Text[Tasks, str]] = Text("name")
    owner: Final[Text[Tasks, str | None]] = Text("owner")
    project_id: Final[Number[Tasks, int | None]] = Number("project_id")
    project_name: Final[Text[Tasks, str | None]] = Text("project_name")
    status: Final[Field[Tasks, models.JobStatusLike]] = Field("status")
    subset: Final[Text[Tasks, str]] = Text("subset")
    tracker_link: Final[Text[Tasks, str]] = Text("tracker_link")
    updated_date: Final[Moment[Tasks, datetime]] = Moment("updated_date")
    validation_mode: Final[Field[Tasks, models.ValidationModeLike | None]] = Field(
        "validation_mode"
    )


@final
class Users:
    """The fields of `users.list`; its `search` looks in first_name, last_name and username."""

    first_name: Final[Text[Users, str]] = Text("first_name")
    id: Final[Number[Users, int]] = Number("id")
    is_active: Final[Field[Users, bool]] = Field("is_active")
    last_name: Final[Text[Users, str]] = Text("last_name")
    username: Final[Text[Users, str]] = Text("username")


@final
class Webhooks:
    """The fields of `webhooks.list`; its `search` looks in description, owner and target_url."""

    description: Final[Text[Webhooks, str]] = Text("description")
    id: Final[Number[Webhooks, int]] = Number("id")
    owner: Final[Text[Webhooks, str | None]] = Text("owner")
    project_id: Final[Number[Webhooks, int | None]] = Number("project_id")
    target_url: Final[Text[Webhooks, str]] = Text("target_url")
    type: Final[Field[Webhooks, models.WebhookTypeLike]] = Field("type")
    updated_date: Final[Moment[Webhooks, datetime]] = Moment("updated_date")
