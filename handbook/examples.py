"""A call of each endpoint, to be shown and to be tried: which values its parameters get.

Rule: what is shown is what was tried. A call is written from these values, and a test hands the
very text to `prepare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from attrs import frozen

from cvatfn import Endpoint
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array, is_mapping

__all__ = ["BODIES", "VALUES", "Example", "example", "written"]

WIDTH: Final = 88
"""How many characters a line of code may have."""

VALUES: Final[Mapping[str, object]] = {
    "action": "create",
    "cloudstorages.retrieve_content_v2.prefix": "images/",
    "events.list.org_id": 3,
    "format": "COCO 1.0",
    "func_id": "pth-sam2",
    "growth.id": "5",
    "issues.list.job_id": 7,
    "jobs.create_annotations.format": "COCO 1.0",
    "jobs.list.task_id": 42,
    "jobs.retrieve_data.number": 0,
    "key": "Yf3kVbX9",
    "labels.list.task_id": 42,
    "lambda.id": "action=autoannotate&target=task&target_id=42",
    "projects.create_dataset.format": "COCO 1.0",
    "projects.list.search": "cats",
    "quality.list_conflicts.report_id": 9,
    "quality.list_reports.task_id": 42,
    "requests.id": "action=import&target=task&id=42&subresource=annotations",
    "server.list_share.directory": "/images",
    "tasks.create_annotations.format": "COCO 1.0",
    "tasks.create_dataset_export.save_images": True,
    "tasks.list.search": "cats",
    "tasks.retrieve_data.number": 0,
    "type": "frame",
    "uuid": UUID("f1a5d9c2-7c0d-4a57-9e0a-2f3d7b5c8e11"),
    "webhooks.delivery_id": "11",
}
"""What parameters are given: by name, within an area, or at one endpoint; others get a number.

A parameter that may be left out is given where it is named with its endpoint.
"""

NUMBER: Final = 42
"""The id of whatever is asked for."""

_BOX: Final = {
    "type": "rectangle",
    "frame": 0,
    "label_id": 7,
    "points": [10.0, 10.0, 120.5, 80.0],
}

BODIES: Final[Mapping[str, Mapping[str, object]]] = {
    "AccessTokenWriteRequest": {"name": "nightly export", "read_only": True},
    "AnnotationFileRequest": {"annotation_file": Path("annotations.zip")},
    "AnnotationGuideWriteRequest": {"task_id": 42, "markdown": "# Cats\nOne box for each cat."},
    "AssetWriteRequest": {"guide_id": 3, "file": Path("cat.png")},
    "ClientEventsRequest": {
        "timestamp": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "events": [
            {
                "scope": "load:job",
                "timestamp": datetime(2026, 1, 31, 12, tzinfo=UTC),
                "job_id": 7,
            }
        ],
    },
    "CloudStorageWriteRequest": {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "cats",
        "display_name": "Pictures of cats",
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": "AKIAIOSFODNN7EXAMPLE",
        "secret_key": "...",
        "specific_attributes": "region=eu-central-1",
    },
    "CommentWriteRequest": {"issue": 5, "message": "The tail is cut off."},
    "ConsensusMergeCreateRequest": {"task_id": 42},
    "DataRequest": {"image_quality": 80, "client_files": [Path("cat.png")]},
    "DatasetFileRequest": {"dataset_file": Path("dataset.zip")},
    "FunctionCallRequest": {"function": "pth-sam2", "task": 42, "threshold": 0.5},
    "InvitationWriteRequest": {"role": "worker", "email": "ada@example.com"},
    "IssueWriteRequest": {
        "job": 7,
        "frame": 0,
        "position": [10.0, 10.0],
        "message": "Is this a cat?",
    },
    "JobWriteRequest": {
        "type": "ground_truth",
        "task_id": 42,
        "frame_selection_method": "random_uniform",
        "frame_count": 10,
    },
    "LabeledDataRequest": {"shapes": [_BOX]},
    "LoginSerializerExRequest": {"username": "ada", "password": "..."},
    "OnlineFunctionCallRequest": {"task": 42},
    "OrganizationWriteRequest": {"slug": "acme", "name": "Acme Cats"},
    "PasswordChangeRequest": {
        "old_password": "...",
        "new_password1": "correct horse",
        "new_password2": "correct horse",
    },
    "PasswordResetConfirmRequest": {
        "new_password1": "correct horse",
        "new_password2": "correct horse",
        "uid": "MQ",
        "token": "c4f2-5d1e",
    },
    "PasswordResetSerializerExRequest": {"email": "ada@example.com"},
    "PatchedAccessTokenWriteRequest": {"name": "nightly export", "read_only": True},
    "PatchedAnnotationGuideWriteRequest": {"markdown": "# Cats\nOne box for each cat."},
    "PatchedCloudStorageWriteRequest": {"display_name": "Pictures of cats"},
    "PatchedCommentWriteRequest": {"message": "The tail is cut off, and an ear."},
    "PatchedConsensusSettingsRequest": {"iou_threshold": 0.5},
    "PatchedDataMetaWriteRequest": {"deleted_frames": [3, 4]},
    "PatchedIssueWriteRequest": {"resolved": True},
    "PatchedJobDataMetaWriteRequest": {"deleted_frames": [3, 4]},
    "PatchedJobValidationLayoutWriteRequest": {
        "frame_selection_method": "manual",
        "honeypot_real_frames": [3, 4],
    },
    "PatchedJobWriteRequest": {"assignee": 5, "stage": "validation"},
    "PatchedLabelRequest": {"name": "cat", "color": "#2f6fde"},
    "PatchedLabeledDataRequest": {"shapes": [_BOX]},
    "PatchedMembershipWriteRequest": {"role": "supervisor"},
    "PatchedOrganizationWriteRequest": {"name": "Acme Cats"},
    "PatchedProjectWriteRequest": {"name": "Cats of the north"},
    "PatchedQualityRequirementRequest": {"required_score": 0.9},
    "PatchedQualitySettingsRequest": {"max_validations_per_job": 2},
    "PatchedTaskValidationLayoutWriteRequest": {"disabled_frames": [3, 4]},
    "PatchedTaskWriteRequest": {"name": "Cats, second week", "subset": "Train"},
    "PatchedUserGrowthDataRequest": {"github_prompt_shown": True},
    "PatchedUserRequest": {"first_name": "Ada"},
    "PatchedWebhookWriteRequest": {"is_active": False},
    "ProjectFileRequest": {"project_file": Path("project.zip")},
    "ProjectWriteRequest": {"name": "Cats", "labels": [{"name": "cat"}]},
    "QualityReportCreateRequest": {"task_id": 42},
    "QualityRequirementBulkCreateRequest": {
        "settings_id": 3,
        "requirements": [{"name": "Boxes", "required_score": 0.9}],
    },
    "QualityRequirementRequest": {"settings_id": 3, "name": "Boxes", "required_score": 0.9},
    "QualitySettingsRequest": {"max_validations_per_job": 2},
    "RegisterSerializerExRequest": {
        "username": "ada.l",
        "email": "ada@example.com",
        "password1": "correct horse",
        "password2": "correct horse",
    },
    "TaskFileRequest": {"task_file": Path("task.zip")},
    "TaskWriteRequest": {"name": "Cats", "labels": [{"name": "cat"}]},
    "WebhookWriteRequest": {
        "target_url": "https://example.com/hook",
        "type": "organization",
        "events": ["create:task"],
    },
}
"""What bodies hold, by the name of their model: what is required, and what tells what it is for."""


@frozen
class Example:
    """A call of an endpoint.

    :param positional: what stands without a name.
    :param named: what stands with one.
    """

    positional: tuple[object, ...]
    named: Mapping[str, object]


def example(endpoint: Endpoint[..., object]) -> Example:
    """What an endpoint is called with here: all that it needs, and a body where it takes one.

    :param endpoint: which one.

    >>> from cvatfn.api import tasks
    >>> example(tasks.partial_update).positional
    (42, {'name': 'Cats, second week', 'subset': 'Train'})
    """
    given: dict[str, object] = {
        each.name: _value(endpoint, each.name)
        for each in endpoint.parameters
        if each.required or f"{endpoint.name}.{each.name}" in VALUES
    }
    if endpoint.body is not None:
        given[endpoint.body.name] = BODIES[class_of(sent_kind(endpoint.body.type)).__name__]
    placed = endpoint.declaration.signature.positional
    return Example(
        tuple(given[name] for name in placed if name in given),
        {name: value for name, value in given.items() if name not in placed},
    )


def written(endpoint: Endpoint[..., object]) -> str:
    """The call as code, wrapped.

    :param endpoint: which one.

    >>> from cvatfn.api import tasks
    >>> print(written(tasks.create_dataset_export))
    call(transport, tasks.create_dataset_export, 42, format="COCO 1.0", save_images=True)
    """
    how = example(endpoint)
    module = endpoint.declaration.function.__module__.rpartition(".")[2]
    whom = f"{module}.{endpoint.declaration.function.__name__}"
    given = [*(("", value) for value in how.positional), *how.named.items()]
    named = [(f"{name}=" if name else "", value) for name, value in given]
    one_line = ", ".join(["transport", whom, *(name + _code(value) for name, value in named)])
    if len(one_line) + len("call()") <= WIDTH:
        return f"call({one_line})"
    lines = ["transport", whom, *(name + _laid(value, 4, 4 + len(name)) for name, value in named)]
    return "\n".join(["call(", *(f"    {line}," for line in lines), ")"])


def _value(endpoint: Endpoint[..., object], name: str) -> object:
    area = endpoint.name.partition(".")[0]
    keys = (f"{endpoint.name}.{name}", f"{area}.{name}", name)
    return next((VALUES[key] for key in keys if key in VALUES), NUMBER)


def _code(value: object) -> str:
    """A value as code on one line."""
    if is_mapping(value):
        return f"{{{', '.join(f'{_code(key)}: {_code(held)}' for key, held in value.items())}}}"
    if is_array(value):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, Path):
        return f"Path({_code(value.as_posix())})"
    if isinstance(value, UUID):
        return f"UUID({_code(str(value))})"
    if isinstance(value, datetime):
        return f"datetime({value:%Y, %-m, %-d, %-H}, tzinfo=UTC)"
    return repr(value)


def _laid(value: object, indent: int, column: int) -> str:
    """A value as code, over several lines where one is too short.

    :param indent: by how much the line is indented on which it begins.
    :param column: where on that line it begins.
    """
    one_line = _code(value)
    if column + len(one_line) + 1 <= WIDTH:
        return one_line
    inner = indent + 4
    if is_mapping(value):
        keys = [(f"{_code(key)}: ", held) for key, held in value.items()]
        rows = [f"{key}{_laid(held, inner, inner + len(key))}," for key, held in keys]
        marks = "{}"
    elif is_array(value):
        rows = [f"{_laid(held, inner, inner)}," for held in value]
        marks = "[]"
    else:
        return one_line
    return "\n".join([marks[0], *(" " * inner + row for row in rows), " " * indent + marks[1]])
