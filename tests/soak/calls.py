"""The kinds of calls of a soak: what is asked, what would change, what must be true of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from attrs import evolve
from PIL import Image

from cvatfn import (
    File,
    Outcome,
    Success,
    call,
    follow,
    in_pages_of,
    models,
    prefetching,
    wait_for,
)
from cvatfn.api import issues, jobs, projects, requests, server, tasks, users
from cvatfn.filters import Tasks
from cvatfn.transfer.exporting import Exported, Exporting
from cvatfn.transfer.importing import Importing
from cvatfn.transfer.sending import Uploading
from tests.soak.actors import HURRIED, SOON, Actor, Media
from tests.soak.clients import Client
from tests.soak.ledger import Effect
from tests.soak.reconciling import digest, marker_of

__all__ = ["KINDS", "picture"]

_MOST_LIVE: Final = 12
_MOST_MEDIA: Final = 3
_UNKNOWN: Final = 10**9


def picture(number: int, noise: bytes = b"") -> bytes:
    """A small picture that is like no other one; with noise in it, a larger one."""
    size = (3, 2) if not noise else (60, len(noise) // 180)
    image = Image.new("RGB", size, (number >> 16 & 255, number >> 8 & 255, number & 255))
    if noise:
        image = Image.frombytes("RGB", size, noise[: size[0] * size[1] * 3])
    written = BytesIO()
    image.save(written, "BMP")
    return written.getvalue()


# Tasks.


def about(actor: Actor) -> None:
    actor.ask("server.about", "", lambda cvat: cvat.call(server.retrieve_about))


def oneself(actor: Actor) -> None:
    actor.ask(
        "users.self",
        "",
        lambda cvat: cvat.call(users.retrieve_self),
        check=lambda user: None if user.username == "ada" else f"it is {user.username}",
    )


def create(actor: Actor) -> None:
    name = actor.name()
    body: models.TaskWriteRequestDict = {"name": name, "labels": [{"name": "cat"}]}
    made = actor.ask(
        "tasks.create", name, lambda cvat: cvat.call(tasks.create, body), Effect("made", name)
    )
    match made:
        case Success(task):
            actor.live[name] = task.id
        case _:
            actor.doubtful.add(name)
    if len(actor.live) > _MOST_LIVE:
        destroy(actor)


def create_late(actor: Actor) -> None:
    """With so little time that it may be over at any moment, or before it is sent."""
    name = actor.name()
    actor.doubtful.add(name)

    def ask(cvat: Client) -> Outcome[models.TaskRead, object]:
        if actor.random.random() < 0.5:
            hurried = cvat.with_timeout(actor.random.choice([0.0005, 0.002, 0.004]))
        else:
            hurried = cvat.rate_limited(1).with_timeout(1)
            hurried.call(server.retrieve_about)  # takes the one turn there is
        return hurried.call(tasks.create, {"name": name})

    actor.ask("tasks.create, late", name, ask, Effect("made", name))


def create_refused(actor: Actor) -> None:
    name = actor.name()
    actor.ask(
        "tasks.create, refused",
        name,
        lambda cvat: cvat.call(tasks.create, {"name": name, "project_id": _UNKNOWN}),
        Effect("made", name),
        missing=True,
        refused=True,
    )


def retrieve(actor: Actor) -> None:
    found = actor.one_of(actor.live | {actor.home.name: actor.home.task})
    if found is not None:
        name, number = found
        actor.ask(
            "tasks.retrieve",
            name,
            lambda cvat: cvat.call(tasks.retrieve, number),
            check=lambda task: None if task.name == name else f"it is {task.name}",
        )


def change(actor: Actor) -> None:
    found = actor.one_of(actor.live)
    if found is not None:
        name, number = found
        tracker = f"https://bugs.example/{actor.name()}"
        actor.ask(
            "tasks.partial_update",
            name,
            lambda cvat: cvat.call(tasks.partial_update, number, {"bug_tracker": tracker}),
            Effect("changed", name, tracker),
            lambda task: None if task.bug_tracker == tracker else f"it has {task.bug_tracker}",
        )


def destroy(actor: Actor) -> None:
    found = actor.one_of(actor.live)
    if found is not None:
        name, number = found
        del actor.live[name]
        actor.media.pop(name, None)
        gone = actor.ask(
            "tasks.destroy",
            name,
            lambda cvat: cvat.call(tasks.destroy, number),
            Effect("removed", name),
        )
        if not isinstance(gone, Success):
            actor.doubtful.add(name)


def wrong_id(actor: Actor) -> None:
    actor.ask(
        "wrong id",
        "tasks",
        lambda cvat: cvat.call(tasks.retrieve, _UNKNOWN),
        missing=True,
        refused=True,
    )


def invalid(actor: Actor) -> None:
    name = "x" * 1000
    actor.ask(
        "invalid params",
        "a name too long",
        lambda cvat: cvat.call(tasks.create, {"name": name}),
        Effect("made", name),
        refused=True,
    )


# Listings.


def _prefix(actor: Actor) -> str:
    return f"t{actor.number}-"


def _all_mine(actor: Actor) -> Callable[[Sequence[models.TaskRead]], str | None]:
    def check(found: Sequence[models.TaskRead]) -> str | None:
        names = [task.name for task in found]
        missing = actor.live.keys() - set(names)
        strange = set(names) - actor.live.keys() - actor.doubtful
        twice = len(names) != len(set(names))
        if missing or strange or twice:
            return f"missing {missing}, strange {strange}, {names}"
        return None

    return check


def walk(actor: Actor) -> None:
    ahead, size = actor.random.choice([0, 3]), actor.random.choice([2, 5, 100])
    listing = prefetching(in_pages_of(tasks.list, size), ahead)
    mine = Tasks.name.contains(_prefix(actor))
    actor.ask(
        "paginate",
        f"pages of {size}, {ahead} ahead",
        lambda cvat: cvat.paginate(listing, filter=mine, sort="id"),
        check=_all_mine(actor),
    )


def dropped_walk(actor: Actor) -> None:
    listing = prefetching(in_pages_of(tasks.list, 1), 3)
    actor.ask(
        "paginate, dropped",
        "",
        lambda cvat: cvat.begin_to_paginate(2, listing, sort="id"),
    )


def page(actor: Actor) -> None:
    mine = Tasks.name.contains(_prefix(actor))
    actor.ask(
        "pages",
        "",
        lambda cvat: cvat.pages(tasks.list, filter=mine, sort="id"),
        check=lambda turned: _all_mine(actor)([task for each in turned for task in each.results]),
    )


def several(actor: Actor) -> None:
    wanted = list(islice(sorted(actor.live.values()), 4)) or [actor.home.task]

    def check(found: Sequence[models.TaskRead]) -> str | None:
        ids = [task.id for task in found]
        return None if ids == wanted else f"asked for {wanted}, got {ids}"

    actor.ask("fan_out", f"{len(wanted)} tasks", lambda cvat: cvat.at_once(wanted), check=check)


# Annotations and comments.


def _shape(actor: Actor) -> tuple[str, models.LabeledShapeRequestDict]:
    actor.counted += 1
    points = [actor.number, actor.counted, actor.number + 1, actor.counted + 1]
    return marker_of(points), {
        "type": "rectangle",
        "frame": 0,
        "label_id": actor.home.label,
        "points": points,
    }


def draw(actor: Actor) -> None:
    marker, shape = _shape(actor)
    actor.ask(
        "annotations: create",
        marker,
        lambda cvat: cvat.call(
            jobs.partial_update_annotations,
            actor.home.job,
            {"shapes": [shape]},
            action="create",
        ),
        Effect("drew", actor.home.name, marker),
    )


def redraw(actor: Actor) -> None:
    marker, shape = _shape(actor)
    actor.ask(
        "annotations: put",
        marker,
        lambda cvat: cvat.call(jobs.update_annotations, actor.home.job, {"shapes": [shape]}),
        Effect("redrew", actor.home.name, marker),
    )


def look(actor: Actor) -> None:
    actor.ask(
        "annotations: get",
        "",
        lambda cvat: cvat.call(jobs.retrieve_annotations, actor.home.job),
    )


def say(actor: Actor) -> None:
    message = actor.name()
    body: models.IssueWriteRequestDict = {
        "job": actor.home.job,
        "frame": 0,
        "position": [1, 1],
        "message": message,
    }
    actor.ask(
        "issues.create",
        message,
        lambda cvat: cvat.call(issues.create, body),
        Effect("said", actor.home.name, message),
    )


# Files.


def upload(actor: Actor) -> None:
    name = actor.name()
    body: models.TaskWriteRequestDict = {"name": name, "labels": [{"name": "cat"}]}
    made = actor.ask(
        "tasks.create", name, lambda cvat: cvat.call(tasks.create, body), Effect("made", name)
    )
    if not isinstance(made, Success):
        actor.doubtful.add(name)
        return
    task = made.unwrap().id
    actor.live[name] = task
    files = tuple(_pictures(actor))
    alone = actor.random.random() < 0.5
    journal = actor.path(".journal") if actor.random.random() < 0.3 else None
    options = Uploading(
        batch=1 if alone else 1 << 14,
        piece=4000,
        parallel=actor.random.choice([1, 2]),
        journal=journal,
        effort=HURRIED,
    )
    begun = actor.ask(
        f"upload_data, {'in pieces' if alone else 'together'}",
        name,
        lambda cvat: cvat.upload_data(task, _given(actor, files), options),
        Effect("gave", name, digest(files)),
        check=lambda _: "its journal is left" if journal and journal.exists() else None,
        doubted=True,
    )
    match begun:
        case Success(work):
            pass
        case _:
            actor.doubtful.add(name)
            del actor.live[name]  # whether it has media is not known
            return
    ended = actor.ask("wait_for", name, lambda cvat: cvat.wait_for(work, SOON), check=_finished)
    if isinstance(ended, Success):
        actor.media[name] = Media(task, files, work.rq_id)
        actor.works.append(work.rq_id)
        del actor.works[:-3]
    if len(actor.media) > _MOST_MEDIA:
        destroy(actor)


def _finished(request: models.Request) -> str | None:
    return None if request.status is models.RequestStatus.FINISHED else f"it is {request.status}"


def _pictures(actor: Actor) -> Iterator[tuple[str, bytes]]:
    for number in range(actor.random.randint(1, 4)):
        noise = actor.random.randbytes(180 * actor.random.choice([1, 30]))
        yield f"{number}.bmp", picture(0, noise)


def _given(actor: Actor, files: Sequence[tuple[str, bytes]]) -> list[File]:
    """The same files as bytes, as open files, or as what can be read once only."""
    made: list[Callable[[bytes], bytes | BytesIO | Iterator[bytes]]] = [
        bytes,
        BytesIO,
        lambda content: iter([content[:100], content[100:]]),
    ]
    return [File(name, actor.random.choice(made)(content)) for name, content in files]


def wait_many(actor: Actor) -> None:
    if actor.works:
        actor.ask(
            "wait_all",
            f"{len(actor.works)} works",
            lambda cvat: cvat.wait_all(actor.works, SOON),
            check=lambda ended: next(filter(None, map(_finished, ended)), None),
        )


def frame(actor: Actor) -> None:
    found = actor.one_of(actor.media)
    task, files = (actor.home.task, actor.home.files) if found is None else _whose(found[1])
    number = actor.random.randrange(len(files))
    to = actor.path(".bmp")
    actor.ask(
        "download a frame",
        to.name,
        lambda cvat: cvat.download(
            tasks.retrieve_data,
            actor.saving(to),
            task,
            type="frame",
            number=number,
            quality="original",
        ),
        Effect("saved", to.name),
        check=lambda _: _same(to, files[number][1]),
        doubted=True,
    )


def _whose(media: Media) -> tuple[int, tuple[tuple[str, bytes], ...]]:
    return media.task, media.files


def _same(path: Path, content: bytes) -> str | None:
    found = path.read_bytes()
    path.unlink()
    return None if found == content else f"{len(found)} bytes that are not those of the file"


def preview(actor: Actor) -> None:
    actor.ask(
        "preview",
        "",
        lambda cvat: cvat.call(tasks.retrieve_preview, actor.home.task),
        check=lambda content: None if content else "it is empty",
    )


def stream_dropped(actor: Actor) -> None:
    actor.ask(
        "stream, dropped",
        "",
        lambda cvat: cvat.begin_to_stream(tasks.retrieve_preview, actor.home.task),
    )


def exported(actor: Actor) -> None:
    found = actor.one_of(actor.media)
    task, files = (actor.home.task, actor.home.files) if found is None else _whose(found[1])
    to = actor.path(".zip")
    how = Exporting(actor.saving(to), waiting=SOON)
    actor.ask(
        "export",
        to.name,
        lambda cvat: cvat.export(
            tasks.create_dataset_export,
            how,
            task,
            format="CVAT for images 1.1",
            save_images=True,
        ),
        Effect("saved", to.name),
        check=lambda done: _as_made(actor, done, to, files),
        doubted=True,
    )


def _as_made(
    actor: Actor, done: Exported, to: Path, files: Sequence[tuple[str, bytes]]
) -> str | None:
    straight = actor.place.straight
    made = call(straight, requests.retrieve, done.request.id).unwrap().result_url or ""
    there = follow(straight, f"/{made.partition('://')[2].partition('/')[2]}").unwrap().body
    found = to.read_bytes()
    try:
        with ZipFile(BytesIO(found)) as archive:
            images = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    except BadZipFile as error:
        return f"no zip: {error}"
    if any(images.get(name) != content for name, content in files):
        return "not the pictures of the task"
    return _same(to, there)


def imported(actor: Actor) -> None:
    fresh = {name: media for name, media in actor.media.items() if not media.imported}
    found = actor.one_of(fresh)
    if found is None:
        return
    name, media = found
    actor.media[name] = evolve(media, imported=True)
    actor.counted += 1
    left, top = actor.number, actor.counted
    content = (
        "<annotations><version>1.1</version>"
        f'<image id="0" name="{media.files[0][0]}" width="60" height="30">'
        f'<box label="cat" source="manual" occluded="0" xtl="{left}" ytl="{top}" '
        f'xbr="{left + 1}" ybr="{top + 1}" z_order="0"></box></image></annotations>'
    )
    how = Importing(File("a.xml", content.encode()), piece=100, effort=HURRIED)
    marker = marker_of([left, top])

    begun = actor.ask(
        "import_annotations",
        name,
        lambda cvat: cvat.import_annotations(
            tasks.create_annotations, how, media.task, format="CVAT 1.1", import_mode="append"
        ),
        Effect("imported", name, marker),
        doubted=True,
    )
    if isinstance(begun, Success):
        work = begun.unwrap()
        # What has begun ends: the world's clock goes on with each request.
        wait_for(actor.place.straight, work, schedule=SOON)
        actor.ask("wait_for", name, lambda cvat: cvat.wait_for(work, SOON), check=_finished)
    else:
        actor.live.pop(name, None)
        actor.media.pop(name, None)
        actor.doubtful.add(name)


def project(actor: Actor) -> None:
    actor.ask(
        "projects.list, empty",
        "",
        lambda cvat: cvat.paginate(projects.list),
        check=lambda found: None if not found else "there are none",
    )


KINDS: Final[tuple[tuple[int, Callable[[Actor], None]], ...]] = (
    (6, about),
    (3, oneself),
    (10, retrieve),
    (10, create),
    (9, change),
    (4, create_late),
    (2, create_refused),
    (7, destroy),
    (4, wrong_id),
    (3, invalid),
    (5, walk),
    (3, dropped_walk),
    (2, page),
    (2, several),
    (1, project),
    (8, draw),
    (3, redraw),
    (3, look),
    (5, say),
    (4, upload),
    (2, wait_many),
    (5, frame),
    (2, preview),
    (2, stream_dropped),
    (2, exported),
    (2, imported),
)
"""How often what is asked, in relation to the others."""
