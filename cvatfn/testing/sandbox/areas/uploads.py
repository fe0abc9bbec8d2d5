"""Uploads: files that come whole, several at once, or piece by piece.

How it goes, at every endpoint that takes files (task data, annotations, datasets, backups): the
header that CVAT looks at first says what a POST is. `Upload-Finish`, or no such header at all, ends
an upload; `Upload-Start` begins one, which changes nothing; `Upload-Length` announces one file,
whose pieces then go to a path of its own (`resuming`); `Upload-Multiple` brings several files. The
table is `step_of`; what an end comes to is the endpoint's own affair.

An endpoint that imports a file is `on_task(stepped(finish))`, or `stepped_alone(finish)` where its
path names nothing; `finish` is given the file, or `None` where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias, TypeVar

from attrs import evolve

from cvatfn.codecs.building import members
from cvatfn.codecs.files import File
from cvatfn.messages import Request
from cvatfn.testing.sandbox.areas.resuming import announced, files_of, folder_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Handler, done
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.state.media import Received, Upload
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["NOT_UPLOADED", "appended", "collected", "step_of", "stepped", "stepped_alone"]

S = TypeVar("S")

Step: TypeAlias = Literal["finish", "start", "announce", "append"]

NOT_UPLOADED: Final = "No such file were uploaded"
"""What CVAT answers to an end that names a file it does not have."""


def stepped(
    finish: Callable[[World, Asked, S, Received | None], Done],
) -> Callable[[World, Asked, S], Done]:
    """Make the handler of an endpoint that imports a file.

    :param finish: what to do at the end. Its world no longer has the file; a refusal keeps it. The
        file is the one that the query's `filename` names, or else the one in the form; `None` where
        it is not there, which is to be refused with `invalid(NOT_UPLOADED)`, unless the file was to
        come from a cloud storage.
    """

    def handle(world: World, asked: Asked, subject: S) -> Done:
        match step_of(asked.request):
            case "start":
                return done(world, None, 202)
            case "append":  # CVAT knows such files in task data only
                return done(world, None)
            case "announce":
                return announced(world, asked, task=None)
            case "finish":
                world, file = _imported(world, asked)
                return finish(world, asked, subject, file)

    return handle


def stepped_alone(finish: Callable[[World, Asked, Received | None], Done]) -> Handler:
    """Make the handler of an endpoint that imports a file and whose path names nothing.

    :param finish: what to do at the end, as for `stepped`.
    """

    def finished(world: World, asked: Asked, _nothing: None, file: Received | None) -> Done:
        return finish(world, asked, file)

    handle = stepped(finished)
    return lambda world, asked: handle(world, asked, None)


def step_of(request: Request) -> Step:
    """Which step of an upload a POST is.

    :param request: the request.

    >>> step_of(Request("POST", "/", headers={"Upload-Start": "", "Upload-Finish": ""}))
    'finish'
    >>> step_of(Request("POST", "/", headers={"Upload-Length": "7"}))
    'announce'
    """
    for header, step in _STEPS:
        if request.headers.get(header) is not None:
            return step
    return "finish"


_STEPS: Final[tuple[tuple[str, Step], ...]] = (
    ("Upload-Finish", "finish"),
    ("Upload-Start", "start"),
    ("Upload-Length", "announce"),
    ("Upload-Multiple", "append"),
)


def appended(world: World, task: int, files: Iterable[Received]) -> World:
    """Take whole files of a task's data.

    What comes under a name that is there already goes to the end of that file, as in CVAT: who
    sends a batch twice spoils it.

    :param world: before.
    :param task: the task.
    :param files: what came.
    """
    held = {file.name: file for file in files_of(world, task)}
    for file in files:
        first = held.get(file.name)
        held[file.name] = (
            file if first is None else evolve(first, content=first.content + file.content)
        )
    return evolve(world, uploads=put(world.uploads, task, Upload(tuple(held.values()))))


def collected(world: World, task: int) -> tuple[World, tuple[Received, ...], tuple[str, ...]]:
    """End the upload of a task's data.

    :param world: before.
    :param task: the task.
    :returns: the world without the upload, its files, and the names of those that are not whole.
    """
    paths = [path for path, begun in world.arriving.items() if begun.task == task]
    whole = {file.name for file in files_of(world, task)}
    # A creation whose answer was lost leaves one that nobody goes on with: the name is what counts.
    unfinished = tuple(
        world.arriving[path].name for path in paths if world.arriving[path].name not in whole
    )
    after = evolve(
        world,
        uploads=dropped(world.uploads, task),
        arriving=dropped(world.arriving, *paths),
    )
    return after, files_of(world, task), unfinished


def _imported(world: World, asked: Asked) -> tuple[World, Received | None]:
    """The file that is to be imported, and the world that no longer keeps it."""
    name = asked.given("filename", str)
    if name:
        path = folder_of(asked) + name
        own = name.startswith(f"{asked.account.id}_")
        file = world.received.get(path) if own else None
        return evolve(world, received=dropped(world.received, path)), file
    body = asked.endpoint.body
    for _, held in members(None if body is None else asked.params.get(body.name)):
        if isinstance(held, File):
            return world, received(held)
    return world, None
