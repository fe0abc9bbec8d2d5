"""Worlds to begin with: an empty one, and one with an example of everything that people annotate.

Rule: the example is made by asking the sandbox itself, so it is always such as requests make it; it
is drawn from values, so it is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Final, TypeVar

from cvatfn import call, models, raise_on_failure
from cvatfn.api import invitations, issues, jobs, labels, organizations, projects, requests, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.files import File
from cvatfn.errors import CallError, Rejected
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.transport import Sandbox
from cvatfn.transport.types import Transport
from cvatfn.transport.wrappers import authenticated, in_organization

__all__ = ["EXAMPLE_PASSWORD", "SEEDS", "example_world"]

T = TypeVar("T")

EXAMPLE_PASSWORD: Final = "let-me-in"  # noqa: S105 - of people who are examples
"""The password of everyone in the example: of `admin`, `ann` and `bert`."""
ORGANIZATION: Final = "still-lifes"


@cache
def example_world() -> World:
    """A small world with something of everything, the same each time; made in about a second.

    The superuser `admin` and two annotators, `ann` and `bert`, are in one organization. A project
    has labels with attributes and a skeleton, and two tasks: "Shapes on a table" is annotated and
    given to `ann`, "People waving" is new and `bert`'s; an issue is open on the first.

    :returns: the world.
    :raises ImportError: the extra `sandbox` is not installed.

    >>> world = example_world()
    >>> [account.username for account in world.accounts.values()]
    ['admin', 'ann', 'bert']
    >>> [(task.name, len(task.media.frames)) for task in world.tasks.values() if task.media]
    [('Shapes on a table', 3), ('People waving', 2)]
    """
    world = World.with_user("admin", EXAMPLE_PASSWORD)
    for name in ("ann", "bert"):
        world = world.joined(name, EXAMPLE_PASSWORD)
    sandbox = Sandbox(world)
    admin, ann, bert = (
        authenticated(sandbox, Basic(account.username, EXAMPLE_PASSWORD), world.origin)
        for account in world.accounts.values()
    )
    _found_organization(admin, {"ann@sandbox.example": ann, "bert@sandbox.example": bert})
    if sandbox.world.organizations:
        admin = in_organization(admin, ORGANIZATION)
    project = _make_project(admin)
    _make_shapes(admin, project, _account(sandbox, "ann"))
    _make_people(admin, project, _account(sandbox, "bert"))
    return sandbox.world


SEEDS: Final[Mapping[str, Callable[[], World]]] = {
    "empty": World.empty,
    "example": example_world,
}
"""By the name that the command knows it under, how a world begins."""


def _account(sandbox: Sandbox, name: str) -> int:
    return next(row.id for row in sandbox.world.accounts.values() if row.username == name)


def _found_organization(admin: Transport, annotators: Mapping[str, Transport]) -> None:
    founded: models.OrganizationWriteRequestDict = {
        "slug": ORGANIZATION,
        "name": "Still lifes",
        "description": "People who annotate examples.",
    }
    if _if_there(call(admin, organizations.create, founded)) is None:
        return
    inside = in_organization(admin, ORGANIZATION)
    for email, annotator in annotators.items():
        sent: models.InvitationWriteRequestDict = {"role": "worker", "email": email}
        invited = _if_there(call(inside, invitations.create, sent))
        if invited is not None:
            raise_on_failure(call(annotator, invitations.accept, invited.key))


def _if_there(outcome: Outcome[T, CallError]) -> T | None:
    """What was answered; nothing where the sandbox does not have an operation."""
    match outcome:
        case Success(value):
            return value
        case _ if isinstance(error := outcome.failure(), Rejected) and error.status == 501:
            return None
        case _:
            return raise_on_failure(outcome)


_LABELS: Final[Sequence[models.PatchedLabelRequestDict]] = (
    {
        "name": "square",
        "color": "#2f6fde",
        "attributes": [
            {
                "name": "material",
                "mutable": False,
                "input_type": "select",
                "default_value": "paper",
                "values": ["paper", "wood"],
            }
        ],
    },
    {"name": "triangle", "color": "#e4572e"},
    {
        "name": "star",
        "color": "#f2b705",
        "attributes": [
            {
                "name": "shiny",
                "mutable": True,
                "input_type": "checkbox",
                "default_value": "false",
                "values": ["false"],
            }
        ],
    },
    {
        "name": "person",
        "color": "#5a9367",
        "type": "skeleton",
        "sublabels": [{"name": name, "type": "points"} for name in ("head", "hand", "foot")],
        "svg": (
            '<line x1="50" y1="20" x2="80" y2="40" data-type="edge" data-node-from="1"'
            ' data-node-to="2"></line>'
            '<line x1="50" y1="20" x2="50" y2="90" data-type="edge" data-node-from="1"'
            ' data-node-to="3"></line>'
            '<circle r="1.5" cx="50" cy="20" data-type="element node" data-element-id="1"'
            ' data-node-id="1" data-label-name="head"></circle>'
            '<circle r="1.5" cx="80" cy="40" data-type="element node" data-element-id="2"'
            ' data-node-id="2" data-label-name="hand"></circle>'
            '<circle r="1.5" cx="50" cy="90" data-type="element node" data-element-id="3"'
            ' data-node-id="3" data-label-name="foot"></circle>'
        ),
    },
)


def _make_project(admin: Transport) -> int:
    body: models.ProjectWriteRequestDict = {"name": "Examples", "labels": _LABELS}
    return raise_on_failure(call(admin, projects.create, body)).id


def _make_shapes(admin: Transport, project: int, annotator: int) -> None:
    """The annotated task: its shapes are what its pictures were painted from."""
    from cvatfn.testing.pictures import SCENES, outlines, painted

    images = [File(name, painted(name), "image/png") for name in sorted(SCENES)]
    task, job = _make_task(admin, "Shapes on a table", project, annotator, images)
    found = raise_on_failure(call(admin, labels.list, task_id=task)).results
    shapes = outlines({label.name: label.id for label in found})
    raise_on_failure(call(admin, tasks.update_annotations, task, {"shapes": shapes}))
    done: models.PatchedJobWriteRequestDict = {"state": "completed"}
    raise_on_failure(call(admin, jobs.partial_update, job, done))
    opened: models.IssueWriteRequestDict = {
        "job": job,
        "frame": 0,
        "position": [345.0, 55.0, 440.0, 250.0],
        "message": "Is this a star, or a flower?",
    }
    _if_there(call(admin, issues.create, opened))


def _make_people(admin: Transport, project: int, annotator: int) -> None:
    """The new task: one of its two people has a skeleton drawn on already."""
    images = [File(f"{name}.png", _stick_figure(*joints)) for name, joints in _FIGURES.items()]
    task, _ = _make_task(admin, "People waving", project, annotator, images)
    found = raise_on_failure(call(admin, labels.list, task_id=task)).results
    (person,) = (label for label in found if label.name == "person")
    elements: list[models.SubLabeledShapeRequestDict] = [
        {"type": "points", "frame": 0, "label_id": part.id, "points": [*map(float, joint)]}
        for part, joint in zip(person.sublabels, _FIGURES["morning"], strict=True)
    ]
    skeleton: models.LabeledShapeRequestDict = {
        "type": "skeleton",
        "frame": 0,
        "label_id": person.id,
        "elements": elements,
    }
    raise_on_failure(call(admin, tasks.update_annotations, task, {"shapes": [skeleton]}))


def _make_task(
    admin: Transport, name: str, project: int, annotator: int, images: Sequence[File]
) -> tuple[int, int]:
    """A task with its images, whose one job is somebody's: both ids."""
    body: models.TaskWriteRequestDict = {"name": name, "project_id": project}
    task = raise_on_failure(call(admin, tasks.create, body)).id
    data: models.DataRequestDict = {"client_files": images, "image_quality": 90}
    begun = raise_on_failure(call(admin, tasks.create_data, task, data))
    open_states = (models.RequestStatus.QUEUED, models.RequestStatus.STARTED)
    while begun and _status(admin, begun.rq_id) in open_states:
        continue  # each look moves the clock on
    (job,) = raise_on_failure(call(admin, jobs.list, task_id=task)).results
    given: models.PatchedJobWriteRequestDict = {"assignee": annotator}
    raise_on_failure(call(admin, jobs.partial_update, job.id, given))
    return task, job.id


def _status(admin: Transport, work: str) -> models.RequestStatus:
    return raise_on_failure(call(admin, requests.retrieve, work)).status


_FIGURES: Final = {
    "evening": ((70, 28), (38, 22), (74, 104)),
    "morning": ((58, 26), (96, 30), (60, 102)),
}
"""By picture, where the head, the waving hand and the foot of its person are, in pixels."""


def _stick_figure(head: tuple[int, int], hand: tuple[int, int], foot: tuple[int, int]) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (128, 120), "#fdf6e9")
    draw = ImageDraw.Draw(image)
    shoulder = (head[0], head[1] + 18)
    for start, end in ((head, foot), (shoulder, hand)):
        draw.line((*start, *end), fill="#5a9367", width=5)
    draw.ellipse((head[0] - 11, head[1] - 11, head[0] + 11, head[1] + 11), fill="#5a9367")
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
