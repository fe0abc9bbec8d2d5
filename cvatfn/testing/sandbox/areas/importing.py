"""Imports: of annotations into tasks and jobs, of datasets into projects.

Rule: a request that names no format or brings no file is refused at once; what is wrong with a
file's content is told by the background work that reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import is_zipfile

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import written, written_to
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.creating import make_media
from cvatfn.testing.sandbox.areas.delivering import place_of
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.areas.uploads import NOT_UPLOADED
from cvatfn.testing.sandbox.files.exports.archives import Entry, read_zip
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.exports.voc import CLASSES, INSTANCES
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.imports import IMPORTERS
from cvatfn.testing.sandbox.files.imports.found import Found, FoundPicture, with_polygons
from cvatfn.testing.sandbox.files.imports.placing import Goal, placed
from cvatfn.testing.sandbox.files.imports.subsets import FoundSubset, subsets_of
from cvatfn.testing.sandbox.files.numbering import numbers_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.lookups import working_jobs
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.works import (
    Background,
    CreateData,
    ImportAnnotations,
    ImportDataset,
)
from cvatfn.testing.sandbox.state.world import World, labels_of, put

__all__ = [
    "brought",
    "import_dataset",
    "import_job",
    "import_task",
    "make_annotations",
    "make_dataset",
]

PAINTED: Final = (f"{CLASSES}/", f"{INSTANCES}/")
"""Folders of pictures that are masks, and no images."""


def import_task(world: World, asked: Asked, task: Task, file: Received | None) -> Done:
    """Begin to read annotations into a task.

    :param file: what was uploaded.
    """
    return _import(world, asked, task, None, file)


def import_job(world: World, asked: Asked, job: Job, file: Received | None) -> Done:
    """Begin to read annotations into a job.

    :param file: what was uploaded.
    """
    return _import(world, asked, world.tasks[job.task], job, file)


def import_dataset(world: World, asked: Asked, project: Project, file: Received | None) -> Done:
    """Begin to read images and annotations into a project.

    :param file: what was uploaded.
    """
    in_form = "dataset_file_request" in asked.params  # CVAT looks at the names of these alone
    if in_form and file is not None and not file.name.lower().endswith(".zip"):
        return invalid(dataset_file="Dataset file should be zip archive")
    match _ready(world, asked, file, project):
        case Failure() as refusal:
            return refusal
        case Success((format, found)):
            pass
    number = f"action=import&target=project&target_id={project.id}&subresource=dataset"
    work = ImportDataset(
        project=project.id, format=format, masks_to_polygons=_converts(asked), file=found
    )
    return begun(world, asked, number, work)


def make_annotations(world: World, work: ImportAnnotations) -> Outcome[World, str]:
    """Read annotations into a task or job.

    :param world: before.
    :param work: the file, and where it belongs.
    :returns: the world with them, or why not.
    """
    job = world.jobs.get(work.id) if work.target == "job" else None
    task = world.tasks.get(work.id if job is None else job.task)
    if task is None or (work.target == "job" and job is None):
        return Failure(f"the {work.target} is gone")
    match _entries(work.file):
        case Failure() as unread:
            return unread
        case Success(entries):
            pass
    match _found(work, entries):
        case Failure() as unread:
            return unread
        case Success(found):
            return _annotated(world, task, job, found, append=work.append)


def make_dataset(world: World, background: Background, work: ImportDataset) -> Outcome[World, str]:
    """Read images and annotations into a project: a task for each subset.

    :param world: before.
    :param background: the work; who asked for it will own the tasks.
    :param work: the file, and the project.
    :returns: the world with the tasks, or why not.
    """
    if work.project not in world.projects:
        return Failure("the project is gone")
    match read_zip(work.file.content):
        case Failure() as unread:
            return unread
        case Success(entries):
            pass
    match _found(work, entries):
        case Failure() as unread:
            return unread
        case Success(found):
            pass
    match subsets_of(found, entries):
        case Failure() as failure:
            return failure
        case Success(subsets) if not any(part.found.pictures for part in subsets):
            return Failure("there are no images in it")
        case Success(subsets):
            pass
    for part in subsets:
        match _with_task(world, background.user, work.project, part, dict(entries)):
            case Failure() as failure:
                return failure
            case Success(after):
                world = after
    project = evolve(world.projects[work.project], updated=world.now)
    return Success(evolve(world, projects=put(world.projects, project.id, project)))


def brought(
    world: World,
    asked: Asked,
    file: Received | None,
    organization: int | None,
    source: models.Storage | None = None,
) -> Outcome[Received, Refusal]:
    """The file that is to be read: the uploaded one, or one from a cloud storage.

    :param world: where the cloud storages are.
    :param asked: the request.
    :param file: what was uploaded.
    :param organization: the id of the organization of what is imported into.
    :param source: where its imports come from, unless the request says where, or brings a file.
    """
    if file is not None and asked.params.get("location") is None:
        return Success(file)
    match place_of(world, asked, organization, source):
        case Failure() as refusal:
            return refusal
        case Success(number):
            pass
    if number is None:
        return invalid(NOT_UPLOADED) if file is None else Success(file)
    held = world.clouds[number]
    name = asked.given("filename", str) or ""
    if name not in held:
        return invalid(f"the cloud storage has no file that is called {name!r}")
    return Success(Received(name, held[name]))


def _import(world: World, asked: Asked, task: Task, job: Job | None, file: Received | None) -> Done:
    if task.media is None:
        return invalid(NO_DATA)
    match _ready(world, asked, file, task):
        case Failure() as refusal:
            return refusal
        case Success((format, found)):
            pass
    work = ImportAnnotations(
        target="task" if job is None else "job",
        id=task.id if job is None else job.id,
        format=format,
        append=asked.params.get("import_mode") == "append",
        masks_to_polygons=_converts(asked),
        file=found,
    )
    number = f"action=import&target={work.target}&target_id={work.id}&subresource=annotations"
    return begun(world, asked, number, work)


def _converts(asked: Asked) -> bool:
    """Whether masks become polygons, which they do unless somebody minds."""
    return asked.params.get("conv_mask_to_poly") is not False


def _ready(
    world: World, asked: Asked, file: Received | None, owned: Project | Task
) -> Outcome[tuple[str, Received], Refusal]:
    """The format and the file, both there."""
    format = asked.given("format", str) or ""
    if format not in IMPORTERS:
        return invalid(f"{format!r} is not a format that can be imported: {', '.join(IMPORTERS)}")
    match brought(world, asked, file, owned.organization, owned.source_storage):
        case Failure() as refusal:
            return refusal
        case Success(found):
            return Success((format, found))


def _entries(file: Received) -> Outcome[tuple[Entry, ...], str]:
    """The files of an archive, or the one file that it is."""
    if is_zipfile(BytesIO(file.content)):
        return read_zip(file.content)
    return Success(((file.name, file.content),))


def _found(
    work: ImportAnnotations | ImportDataset, entries: Sequence[Entry]
) -> Outcome[Found, str]:
    """What is in some files, masks as they are wanted."""
    importer = IMPORTERS[work.format]
    match importer.read(entries):
        case Success(found) if importer.converts and work.masks_to_polygons:
            return Success(with_polygons(found))
        case outcome:
            return outcome


def _annotated(
    world: World, task: Task, job: Job | None, found: Found, *, append: bool
) -> Outcome[World, str]:
    """The world in which a task, or one of its jobs, has what was found on its frames."""
    jobs = working_jobs(world, task) if job is None else (job,)
    goal = Goal(
        frames=[] if task.media is None else [frame.name for frame in task.media.frames],
        numbers=range(0) if task.media is None else numbers_of(task.media),
        labels=tuple(labels_of(world, task).values()),
        stretches=[(job.start, job.stop) for job in jobs],
        taken=frozenset(number for job in jobs for number in job.numbers),
    )
    match placed(found, goal):
        case Failure() as failure:
            return failure
        case Success(sent):
            pass
    action = "create" if append else "put"
    whole = job is None
    match written_to(world, task, sent, action) if whole else written(world, sent, action, jobs):
        case Failure(refusal):
            return Failure(str(refusal.body))
        case Success(outgoing):
            return Success(outgoing.world)


def _with_task(
    world: World, owner: int, project: int, part: FoundSubset, entries: Mapping[str, bytes]
) -> Outcome[World, str]:
    """The world with one more task, of some pictures and what is on them."""
    files: list[Received] = []
    for picture in part.found.pictures:
        content = _image(picture, entries)
        if content is None:
            return Failure(f"there is no image that is called {picture.name!r}")
        files.append(Received(picture.name, content))
    world, number = world.numbered("task")
    task = Task(
        id=number,
        name=part.name,
        owner=owner,
        organization=world.projects[project].organization,
        project=project,
        subset="" if part.name == DEFAULT else part.name,
        created=world.now,
        updated=world.now,
    )
    world = evolve(world, tasks=put(world.tasks, number, task))
    as_listed = models.DataRequest(sorting_method="predefined")
    match make_media(world, CreateData(number, as_listed, tuple(files))):
        case Failure() as failure:
            return failure
        case Success(after):
            return _annotated(after, after.tasks[number], None, part.found, append=False)


def _image(picture: FoundPicture, entries: Mapping[str, bytes]) -> bytes | None:
    """The image of a picture: in its subset's folder, in that of all, or wherever it is."""
    for folder in (f"images/{inside(picture.subset)}", "images", "JPEGImages"):
        content = entries.get(f"{folder}/{picture.name}")
        if content is not None:
            return content
    end = f"/{picture.name}"
    found = [path for path in entries if path.endswith(end) and not path.startswith(PAINTED)]
    return entries[min(found, key=len)] if found else None
