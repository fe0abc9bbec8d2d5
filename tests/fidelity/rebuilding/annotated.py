"""Projects, tasks and jobs with their labels, media and annotations, from what answers tell.

Rule: what an answer says of a thing replaces what was known of it; what it is silent about (the
media of a task, the annotations of a job) stays. Frames have the sizes that were recorded; what is
on them is one small picture, shared by all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Final, TypeVar

from attrs import evolve
from PIL import Image

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.areas.jobs import segments
from cvatfn.testing.sandbox.areas.tasks import without_tasks
from cvatfn.testing.sandbox.state.annotated import NOTHING, Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import (
    Frame,
    Media,
    MediaKind,
    Received,
    Validation,
    step_of,
)
from cvatfn.testing.sandbox.state.people import BIRTH
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.rebuilding.people import FIRST, with_account, with_organization
from tests.fidelity.recorded import Recorded

__all__ = [
    "coherent",
    "data_meta",
    "job",
    "job_layout",
    "label",
    "labeled_data",
    "picture",
    "project",
    "task",
    "task_layout",
    "with_images",
    "with_job",
    "with_label",
    "with_label_somewhere",
    "with_media",
    "with_project",
    "with_storage",
    "with_subsets",
    "with_task",
    "without_jobs",
]

T = TypeVar("T", models.LabeledImage, models.LabeledShape, models.LabeledTrack)

TYPES: Final = {"consensus_replica": models.JobType.REPLICA}
"""Types of jobs as the recorded release called them."""
BEYOND: Final = 100_000
"""From which id on there are jobs that nothing recorded has named."""


@cache
def picture() -> bytes:
    """What is on every frame."""
    written = BytesIO()
    Image.new("RGB", (1, 1), "#2f6fde").save(written, "PNG")
    return written.getvalue()


def with_project(world: World, number: int | None) -> World:
    """The world in which there is a project of an id.

    :param number: the id; `None` for none.
    """
    if number is None or number in world.projects:
        return world
    world = with_account(world, FIRST)
    made = Project(
        id=number, name=f"project {number}", owner=FIRST, created=world.now, updated=world.now
    )
    return evolve(world, projects=put(world.projects, number, made))


def with_task(world: World, number: int) -> World:
    """The world in which there is a task of an id.

    :param number: the id.
    """
    if number in world.tasks:
        return world
    world = with_account(world, FIRST)
    made = Task(id=number, name=f"task {number}", owner=FIRST, created=world.now, updated=world.now)
    return evolve(world, tasks=put(world.tasks, number, made))


def with_media(world: World, number: int, size: int = 1) -> World:
    """The world in which a task has data, and jobs of them.

    :param number: the task's id.
    :param size: how many frames there are, if nothing is known of them.
    """
    world = with_task(world, number)
    if world.tasks[number].media is None:
        task = evolve(world.tasks[number], media=_media(number, _frames(size)))
        world = evolve(world, tasks=put(world.tasks, number, task))
    return _with_jobs(world, number)


def with_images(world: World, number: int) -> World:
    """The world in which a task that was of a sound is one of images.

    :param number: the task's id.
    """
    task = world.tasks[number]
    if task.media is None or task.media.length is None:
        return world
    frames = _frames(task.media.length)
    media = evolve(task.media, kind="image", length=None, frames=frames, source=None)
    return evolve(world, tasks=put(world.tasks, number, evolve(task, media=media)))


def with_job(world: World, number: int, size: int = 1) -> World:
    """The world in which there is a job of an id, in a task that it has to itself.

    :param number: the id.
    :param size: how many frames it has, if it is not known.
    """
    if number in world.jobs:
        return world
    own = BEYOND + number
    world = with_task(world, own)
    task = evolve(world.tasks[own], media=_media(own, _frames(size)))
    made = Job(id=number, task=own, start=0, stop=size - 1, created=world.now, updated=world.now)
    return evolve(world, tasks=put(world.tasks, own, task), jobs=put(world.jobs, number, made))


def with_label(
    world: World, number: int, *, task: int | None = None, project: int | None = None
) -> World:
    """The world in which there is a label of an id at a task or project.

    :param number: the id.
    :param task: the task's id; if it is in a project, the label is the project's.
    :param project: the project's id.
    """
    if task is not None:
        world = with_task(world, task)
        project = world.tasks[task].project
    task = task if project is None else None
    known = world.labels.get(number)
    if known is not None:
        moved = evolve(known, task=task, project=project)
        return evolve(world, labels=put(world.labels, number, moved))
    made = StoredLabel(
        id=number,
        task=task,
        project=project,
        name=f"label {number}",
        color="#101010",
        type=models.LabelType.ANY,
    )
    return evolve(world, labels=put(world.labels, number, made))


def with_label_somewhere(world: World, number: int) -> World:
    """The world in which there is a label of an id, if need be at a task of its own.

    :param number: the id.
    """
    return world if number in world.labels else with_label(world, number, task=BEYOND + number)


def with_storage(world: World, number: int) -> World:
    """The world in which there is a cloud storage of an id, that has no files.

    :param number: the id.
    """
    return evolve(world, clouds={number: {}, **world.clouds})


def project(world: World, seen: models.ProjectRead, _: Recorded) -> World:
    """A project."""
    world = with_organization(world, seen.organization)
    made = Project(
        id=seen.id,
        name=seen.name,
        owner=_owner(seen.owner),
        organization=seen.organization,
        assignee=None if seen.assignee is None else seen.assignee.id,
        assigned=seen.assignee_updated_date,
        bug_tracker=seen.bug_tracker,
        created=seen.created_date,
        updated=seen.updated_date,
        source_storage=seen.source_storage,
        target_storage=seen.target_storage,
    )
    world = with_account(world, made.owner)
    world = evolve(world, projects=put(world.projects, seen.id, made))
    if seen.dimension is None:
        inside = [task for task in world.tasks.values() if task.project == seen.id]
        return without_tasks(world, [task.id for task in inside if task.media is not None])
    return with_subsets(world, seen.id, seen.task_subsets)


def with_subsets(world: World, number: int, subsets: Sequence[str] = ()) -> World:
    """The world in which a project has tasks with data, in some subsets at least.

    :param number: the project's id.
    :param subsets: their names; one task in none, if there are none.
    """
    world = with_project(world, number)
    for name in subsets or ("",):
        inside = [task for task in world.tasks.values() if task.project == number]
        if not any(task.media is not None and task.subset == name for task in inside):
            made = max(BEYOND, *world.tasks) + 1 if world.tasks else BEYOND
            world = with_media(world, made)
            task = evolve(world.tasks[made], project=number, subset=name)
            world = evolve(world, tasks=put(world.tasks, made, task))
    return world


def task(world: World, seen: models.TaskRead, _: Recorded) -> World:
    """A task: with data of the recorded size, if it has any."""
    world = with_project(with_organization(world, seen.organization), seen.project_id)
    known = world.tasks.get(seen.id)
    made = Task(
        id=seen.id,
        name=seen.name,
        owner=_owner(seen.owner),
        organization=seen.organization,
        project=seen.project_id,
        assignee=None if seen.assignee is None else seen.assignee.id,
        assigned=seen.assignee_updated_date,
        bug_tracker=seen.bug_tracker,
        subset=seen.subset,
        segment_size=seen.segment_size,
        overlap=seen.overlap,
        created=seen.created_date,
        updated=seen.updated_date,
        media=_media_of(seen, None if known is None else known.media),
        source_storage=seen.source_storage,
        target_storage=seen.target_storage,
    )
    world = with_account(world, made.owner)
    world = evolve(world, tasks=put(world.tasks, seen.id, made))
    return without_jobs(world, seen.id) if made.media is None else _with_jobs(world, seen.id)


def without_jobs(world: World, number: int) -> World:
    """The world in which a task has neither data nor jobs.

    :param number: its id.
    """
    task = evolve(world.tasks[number], media=None)
    jobs = {key: job for key, job in world.jobs.items() if job.task != number}
    return evolve(world, tasks=put(world.tasks, number, task), jobs=jobs)


def job(world: World, seen: models.JobRead, _: Recorded) -> World:
    """A job; its task has at least its frames."""
    world = with_project(with_task(world, seen.task_id), seen.project_id)
    held = world.tasks[seen.task_id]
    size = max(seen.stop_frame + 1, 0 if held.media is None else held.media.size)
    held = evolve(
        held,
        name=seen.task_name or held.name,
        project=seen.project_id,
        organization=seen.organization,
        bug_tracker=seen.bug_tracker or held.bug_tracker,
        source_storage=seen.source_storage,
        target_storage=seen.target_storage,
        media=_grown(held.media, seen.task_id, size, _kind(seen.media_type, seen.mode)),
        replicas=max(held.replicas, seen.replicas_count or 0),
    )
    known = world.jobs.get(seen.id)
    made = Job(
        id=seen.id,
        task=seen.task_id,
        start=seen.start_frame,
        stop=seen.stop_frame,
        type=TYPES.get(seen.type.value, seen.type),
        parent=seen.parent_job_id,
        frames=_picked(seen, None if known is None else known.frames),
        created=seen.created_date,
        updated=seen.updated_date,
        assignee=None if seen.assignee is None else seen.assignee.id,
        assigned=seen.assignee_updated_date,
        stage=seen.stage,
        state=seen.state,
        annotations=NOTHING if known is None else known.annotations,
    )
    if made.is_ground_truth and held.media is not None and held.media.validation is None:
        checked = Validation(mode=models.ValidationMode.GT, frames=tuple(made.numbers))
        held = evolve(held, media=evolve(held.media, validation=checked))
    world = with_organization(world, seen.organization)
    if seen.project_id is not None:
        above = evolve(world.projects[seen.project_id], bug_tracker=seen.bug_tracker or "")
        world = evolve(world, projects=put(world.projects, above.id, above))
    jobs = {
        number: other
        for number, other in world.jobs.items()
        if number < BEYOND or other.task != seen.task_id
    }
    return evolve(
        world,
        tasks=put(world.tasks, held.id, held),
        jobs=put(jobs, seen.id, made),
    )


def label(world: World, seen: models.Label, _: Recorded) -> World:
    """A label with its sublabels, at its task or project."""
    task = None if isinstance(seen.task_id, Unset) else seen.task_id
    project = None if isinstance(seen.project_id, Unset) else seen.project_id
    world = with_project(world if task is None else with_task(world, task), project)
    made = StoredLabel(
        id=seen.id,
        task=task,
        project=project,
        name=seen.name,
        color=seen.color,
        type=seen.type,
        svg=seen.svg or "",
        parent=seen.parent_id,
        attributes=seen.attributes,
    )
    elements = {
        element.id: StoredLabel(
            id=element.id,
            task=task,
            project=project,
            name=element.name,
            color=element.color,
            type=element.type,
            parent=seen.id,
            attributes=element.attributes,
        )
        for element in seen.sublabels
    }
    others = {key: held for key, held in world.labels.items() if held.parent != seen.id}
    return evolve(world, labels={**others, seen.id: made, **elements})


def data_meta(world: World, seen: models.DataMetaRead, recorded: Recorded) -> World:
    """The frames of a task; of a job, those that it has of its task's."""
    number = int(recorded.places.get("id", "0"))
    of_job = recorded.request.path.startswith("/api/jobs/")
    world = with_job(world, number) if of_job else with_task(world, number)
    held = world.tasks[world.jobs[number].task if of_job else number]
    first = world.jobs[number].start if of_job else 0
    told = seen.frames or ()
    if of_job and seen.included_frames is not None:
        return _with_included(world, number, seen)
    if held.media is not None and held.media.length is not None:
        return world
    frames = _frames(first) if held.media is None else held.media.frames
    blank = _frames(max(0, first - len(frames)))
    shown = tuple(map(_frame, told)) if len(told) > 1 else _repeated(told, seen.size)
    whole = (*frames[:first], *blank, *shown, *frames[first + len(shown) :])
    media = _media(held.id, whole) if held.media is None else held.media
    media = evolve(
        media,
        frames=whole if of_job else shown,
        image_quality=seen.image_quality or media.image_quality,
        chunk_size=seen.chunk_size or media.chunk_size,
        start_frame=media.start_frame if of_job else seen.start_frame,
        stop_frame=media.stop_frame if of_job else seen.stop_frame,
        frame_filter=seen.frame_filter,
        deleted=tuple(seen.deleted_frames),
        kind="video" if seen.chapters is not None else media.kind,
        chapters=seen.chapters or (),
        source=_told_once(told, seen.size) or media.source,
        storage=seen.storage or models.StorageType.LOCAL,
        cloud=seen.cloud_storage_id or None,
    )
    held = evolve(held, media=media)
    return _with_jobs(evolve(world, tasks=put(world.tasks, held.id, held)), held.id)


def _told_once(told: Sequence[models.FrameMeta], size: int) -> Received | None:
    """The video or sound that is described once for all its frames; none where they are images."""
    names = [frame.name for frame in told]
    return Received(names[0], b"") if len(names) == 1 and size > 1 else None


def _with_included(world: World, number: int, seen: models.DataMetaRead) -> World:
    """The world in which a job has some of its task's frames: their numbers are the source's."""
    held = world.jobs[number]
    media = world.tasks[held.task].media
    step = step_of(seen.frame_filter)
    first = seen.start_frame if media is None else media.start_frame
    frames = tuple((frame - first) // step for frame in seen.included_frames or ())
    job = evolve(
        held, frames=frames, start=min((held.start, *frames)), stop=max((held.stop, *frames))
    )
    world = evolve(world, jobs=put(world.jobs, number, job))
    if media is None:
        return world
    others = tuple(frame for frame in media.deleted if frame not in frames)
    media = evolve(
        media,
        deleted=tuple(sorted({*others, *seen.deleted_frames})),
        kind="video" if seen.chapters is not None else media.kind,
        source=Received("video.mp4", b"") if seen.chapters is not None else media.source,
    )
    task = evolve(world.tasks[held.task], media=media)
    return evolve(world, tasks=put(world.tasks, held.task, task))


def task_layout(world: World, seen: models.TaskValidationLayoutRead, recorded: Recorded) -> World:
    """Which frames of a task are for validation, and where its honeypots are."""
    number = int(recorded.places.get("id", "0"))
    checked = seen.validation_frames or ()
    world = with_media(world, number, max((0, *checked)) + 1)
    if seen.mode is None:
        return world
    validation = Validation(
        mode=seen.mode,
        frames=checked,
        per_job=seen.frames_per_job_count,
        disabled=seen.disabled_frames or (),
    )
    task = world.tasks[number]
    if task.media is not None:
        media = evolve(_grown(task.media, number, max((0, *checked)) + 1), validation=validation)
        world = evolve(world, tasks=put(world.tasks, number, evolve(task, media=media)))
    return _with_honeypots(world, number, seen)


def job_layout(world: World, seen: models.JobValidationLayoutRead, recorded: Recorded) -> World:
    """Where the honeypots of a job are."""
    number = int(recorded.places.get("id", "0"))
    world = with_job(world, number, max((0, *(seen.honeypot_frames or ()))) + 1)
    return _with_honeypots(world, world.jobs[number].task, seen)


def _with_honeypots(
    world: World,
    number: int,
    seen: models.TaskValidationLayoutRead | models.JobValidationLayoutRead,
) -> World:
    media = world.tasks[number].media
    if media is None:
        return world
    real = dict(zip(seen.honeypot_frames or (), seen.honeypot_real_frames or (), strict=False))
    media = _grown(media, number, max((0, *real)) + 1)
    frames = tuple(
        evolve(frame, real=real.get(index, frame.real)) for index, frame in enumerate(media.frames)
    )
    task = evolve(world.tasks[number], media=evolve(media, frames=frames))
    return evolve(world, tasks=put(world.tasks, number, task))


def labeled_data(world: World, seen: models.LabeledData, recorded: Recorded) -> World:
    """The annotations of a task or job, and the labels that they name."""
    number = int(recorded.places.get("id", "0"))
    of_job = recorded.request.path.startswith("/api/jobs/")
    frames = (
        *(tag.frame for tag in seen.tags),
        *(shape.frame for shape in seen.shapes),
        *(track.frame for track in seen.tracks),
    )
    size = max(frames, default=0) + 1
    world = with_job(world, number, size) if of_job else with_media(world, number, size)
    jobs = [job for job in world.jobs.values() if (job.id if of_job else job.task) == number]
    labels = (
        *(tag.label_id for tag in seen.tags),
        *(shape.label_id for shape in seen.shapes),
        *(track.label_id for track in seen.tracks),
        *(interval.label_id for interval in seen.intervals or ()),
    )
    for each in labels:
        world = with_label(world, each, task=jobs[0].task)
    if of_job:  # whatever was known of it, it has the frames that its annotations are on
        jobs = [evolve(job, stop=max(job.stop, size - 1)) for job in jobs]
    held = {job.id: evolve(job, annotations=_within(seen, job)) for job in jobs}
    return evolve(world, jobs={**world.jobs, **held})


def coherent(world: World) -> World:
    """The world in which every task has at least the frames that its jobs have.

    :param world: one in which jobs and tasks were told of by different answers.
    """
    ends: dict[int, int] = {}
    for job in world.jobs.values():
        ends[job.task] = max(job.stop + 1, ends.get(job.task, 0))
    tasks = {
        number: evolve(world.tasks[number], media=_grown(world.tasks[number].media, number, size))
        for number, size in ends.items()
        if (media := world.tasks[number].media) is None or media.size < size
    }
    return evolve(world, tasks={**world.tasks, **tasks})


def _owner(seen: models.BasicUser | None) -> int:
    return FIRST if seen is None else seen.id


def _within(data: models.LabeledData, job: Job) -> models.LabeledData:
    def inside(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(item for item in items if job.start <= item.frame <= job.stop)

    return models.LabeledData(
        version=data.version,
        tags=inside(data.tags),
        shapes=inside(data.shapes),
        tracks=inside(data.tracks),
        intervals=tuple(
            each for each in data.intervals or () if job.start <= each.start <= job.stop
        ),
    )


def _media_of(seen: models.TaskRead, known: Media | None) -> Media | None:
    if seen.data is None or isinstance(seen.size, Unset):
        return None
    kind = _kind(seen.media_type, seen.mode)
    media = known or _media(seen.data, ())
    sound = kind == "audio"
    frames = () if sound else media.frames[: seen.size]
    return evolve(
        media,
        id=seen.data,
        kind=kind,
        length=seen.size if sound else None,
        frames=frames if sound else (*frames, *_frames(seen.size)[len(frames) :]),
        source=_source(kind, media.source),
        image_quality=seen.image_quality or media.image_quality,
        chunk_size=seen.data_chunk_size or media.chunk_size,
        stop_frame=media.stop_frame or seen.size - 1,
        validation=_validation(seen, media.validation),
    )


def _kind(media_type: str | Unset, mode: str) -> MediaKind:
    match media_type:
        case "audio" | "point_cloud":
            return media_type
        case _:
            return "video" if mode == "interpolation" else "image"


def _source(kind: MediaKind, known: Received | None) -> Received | None:
    if kind not in ("video", "audio"):
        return None
    return known or Received("sound.mp3" if kind == "audio" else "video.mp4", b"")


def _validation(seen: models.TaskRead, known: Validation | None) -> Validation | None:
    """Which frames are for validation, as far as it is known: else the last one."""
    if seen.validation_mode is None or isinstance(seen.size, Unset):
        return None
    mode = models.ValidationMode(seen.validation_mode)
    if known is not None and all(frame < seen.size for frame in known.frames):
        return evolve(known, mode=mode)
    per_job = 1 if mode is models.ValidationMode.GT_POOL else None
    return Validation(mode=mode, frames=(seen.size - 1,), per_job=per_job)


def _picked(seen: models.JobRead, known: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Which frames a job has, where it has not all of its span; if unknown, the first ones."""
    if seen.frame_count == seen.stop_frame - seen.start_frame + 1:
        return None
    inside = known is not None and all(
        seen.start_frame <= frame <= seen.stop_frame for frame in known
    )
    if known is not None and inside and len(known) == seen.frame_count:
        return known
    return tuple(range(seen.start_frame, seen.start_frame + seen.frame_count))


def _grown(media: Media | None, number: int, size: int, kind: MediaKind = "image") -> Media:
    media = media or evolve(_media(number, ()), kind=kind, source=_source(kind, None))
    if media.kind == "audio":
        return evolve(media, length=max(size, media.length or 0))
    return evolve(media, frames=(*media.frames, *_frames(size)[len(media.frames) :]))


def _media(number: int, frames: tuple[Frame, ...]) -> Media:
    return Media(
        id=number,
        frames=frames,
        image_quality=70,
        chunk_size=72,
        start_frame=0,
        stop_frame=max(0, len(frames) - 1),
        frame_filter="",
        created=BIRTH,
    )


def _frames(count: int) -> tuple[Frame, ...]:
    return tuple(Frame(f"{index}.png", 100, 100, picture()) for index in range(count))


def _frame(seen: models.FrameMeta) -> Frame:
    return Frame(seen.name, seen.width or 0, seen.height or 0, picture())


def _repeated(told: Sequence[models.FrameMeta], size: int) -> tuple[Frame, ...]:
    """The frames of a video, of which there is one description for all."""
    return tuple(_frame(told[0]) for _ in range(size)) if told else _frames(size)


def _with_jobs(world: World, number: int) -> World:
    """The world in which a task that has data has jobs, too."""
    media = world.tasks[number].media
    known = any(job.task == number for job in world.jobs.values())
    if media is None or known or not media.size:
        return world
    jobs = dict(world.jobs)
    size = world.tasks[number].segment_size
    for start, stop in segments(media.size, size, world.tasks[number].overlap or 0):
        made = max(BEYOND, *jobs) + 1 if jobs else BEYOND
        jobs[made] = Job(
            id=made, task=number, start=start, stop=stop, created=world.now, updated=world.now
        )
    return evolve(world, jobs=jobs)
