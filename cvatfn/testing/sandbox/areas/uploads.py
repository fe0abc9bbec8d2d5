"""Uploads: files that come whole, several at once, or piece by piece.

How it goes, at every endpoint that takes files (task data, annotations, datasets, backups): the
header that CVAT looks at first says what a POST is. `Upload-Finish`, or no such header at all, ends
an upload; `Upload-Start` begins one, which changes nothing; `Upload-Length` announces one file
(TUS 1.0.0), whose pieces then go to a path of its own; `Upload-Multiple` brings several files. The
table is `step_of`; what an end comes to is the endpoint's own affair.

An endpoint that imports a file is `on_task(stepped(finish))`, or `stepped_alone(finish)` where its
path names nothing; `finish` is given the file, or `None` where there is none.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Mapping
from email.header import Header
from typing import Final, Literal, TypeAlias, TypeVar
from uuid import UUID

from attrs import evolve

from cvatfn.codecs.building import members
from cvatfn.codecs.files import File
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Handler, done
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.gates.replies import Refusal, refused
from cvatfn.testing.sandbox.state.media import Arriving, Received, Upload
from cvatfn.testing.sandbox.state.world import World, dropped, put, secret

__all__ = [
    "NOT_UPLOADED",
    "announced",
    "appended",
    "collected",
    "piece",
    "piece_alone",
    "step_of",
    "stepped",
    "stepped_alone",
]

S = TypeVar("S")

Step: TypeAlias = Literal["finish", "start", "announce", "append"]

LONGEST: Final = 26843545600
"""How many bytes a file may have; 25 GiB, as CVAT is set up."""

TUS: Final = (
    ("Tus-Resumable", "1.0.0"),
    ("Tus-Version", "1.0.0"),
    ("Tus-Extension", ""),
    ("Tus-Max-Size", str(LONGEST)),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "PATCH,HEAD,GET,POST,OPTIONS"),
    (
        "Access-Control-Expose-Headers",
        "Tus-Resumable,upload-length,upload-metadata,Location,Upload-Offset",
    ),
    (
        "Access-Control-Allow-Headers",
        "Tus-Resumable,upload-length,upload-metadata,Location,Upload-Offset,content-type",
    ),
    ("Cache-Control", "no-store"),
)
"""What CVAT says with every answer to a TUS request."""

PIECE: Final = "application/offset+octet-stream"
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


def announced(world: World, asked: Asked, *, task: int | None) -> Done:
    """Open a path for the pieces of one file.

    :param world: before.
    :param asked: the request with `Upload-Length` and `Upload-Metadata`.
    :param task: the task whose data the file belongs to; `None` for a file to be imported.
    """
    match _metadata(asked.request):
        case Failure() as refusal:
            return refusal
        case Success(metadata):
            name = metadata.get("filename", "")
    if not _allowed(name):
        return _refused(400, f"File name {name} is not allowed")
    name = inside(name)
    if task is not None and any(name == file.name for file in _files(world, task)):
        return _refused(409, "File with same name already exists")
    length = _number(asked.request.headers.get("upload-length"))
    if length is None:
        return _refused(400, "Upload-Length is no length")
    if length > LONGEST:
        return _refused(413, f"A file has at most {LONGEST} bytes")
    world, digits = secret(world, "upload", 32)
    number = f"{asked.account.id}_{UUID(digits, version=4)}"
    path = _place(asked) + number
    begun = Arriving(user=asked.account.id, task=task, name=name, length=length)
    return done(
        evolve(world, arriving=put(world.arriving, path, begun)),
        None,
        201,
        *TUS,
        ("Location", asked.url(path)),
        ("Upload-Filename", number if task is None else _header(name)),
    )


def piece(world: World, asked: Asked, _subject: object) -> Done:
    """Take a piece of a file (`PATCH`), or say how much of it has come (`HEAD`).

    :param world: before.
    :param asked: the request to the path of the file.
    """
    path = asked.request.path
    begun = world.arriving.get(path)
    if begun is None or begun.user != asked.account.id:
        return done(world, None, 404, *TUS)
    if asked.request.method == "HEAD":
        told = (("Upload-Offset", str(begun.offset)), ("Upload-Length", str(begun.length)))
        return done(world, None, 200, *TUS, *told)
    kind = (asked.request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if kind != PIECE:
        return refused(415, f'Unsupported media type "{kind}" in request.', *TUS)
    offset = _number(asked.request.headers.get("upload-offset"))
    if offset is None:
        return _refused(400, "Upload-Offset is no offset")
    if offset != begun.offset:
        return done(world, None, 409, *TUS)
    content = asked.request.body
    content = content if isinstance(content, bytes) else b""
    if offset + len(content) > begun.length:
        return done(world, None, 413, *TUS)
    grown = evolve(begun, offset=offset + len(content), pieces=(*begun.pieces, content))
    world = (
        _whole(world, path, grown) if grown.offset == grown.length else _kept(world, path, grown)
    )
    return done(world, None, 204, *TUS, ("Upload-Offset", str(grown.offset)))


def piece_alone(world: World, asked: Asked) -> Done:
    """Do the same for a path that names nothing but the file."""
    return piece(world, asked, None)


def appended(world: World, task: int, files: Iterable[Received]) -> World:
    """Take whole files of a task's data.

    What comes under a name that is there already goes to the end of that file, as in CVAT: who
    sends a batch twice spoils it.

    :param world: before.
    :param task: the task.
    :param files: what came.
    """
    held = {file.name: file for file in _files(world, task)}
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
    whole = {file.name for file in _files(world, task)}
    # A creation whose answer was lost leaves one that nobody goes on with: the name is what counts.
    unfinished = tuple(
        world.arriving[path].name for path in paths if world.arriving[path].name not in whole
    )
    after = evolve(
        world,
        uploads=dropped(world.uploads, task),
        arriving=dropped(world.arriving, *paths),
    )
    return after, _files(world, task), unfinished


def _files(world: World, task: int) -> tuple[Received, ...]:
    return world.uploads.get(task, Upload()).files


def _imported(world: World, asked: Asked) -> tuple[World, Received | None]:
    """The file that is to be imported, and the world that no longer keeps it."""
    name = asked.given("filename", str)
    if name:
        path = _place(asked) + name
        own = name.startswith(f"{asked.account.id}_")
        file = world.received.get(path) if own else None
        return evolve(world, received=dropped(world.received, path)), file
    body = asked.endpoint.body
    for _, held in members(None if body is None else asked.params.get(body.name)):
        if isinstance(held, File):
            return world, received(held)
    return world, None


def _place(asked: Asked) -> str:
    """The path under which an endpoint's uploads have their own, with a slash at the end."""
    path = asked.request.path
    return path if path.endswith("/") else f"{path}/"


def _kept(world: World, path: str, begun: Arriving) -> World:
    return evolve(world, arriving=put(world.arriving, path, begun))


def _whole(world: World, path: str, begun: Arriving) -> World:
    """The file joined and put among those that are there."""
    file = Received(begun.name, b"".join(begun.pieces))
    world = evolve(world, arriving=dropped(world.arriving, path))
    if begun.task is None:
        return evolve(world, received=put(world.received, path, file))
    files = _files(world, begun.task)
    file = evolve(file, name=_free(begun.name, {other.name for other in files}))
    return evolve(world, uploads=put(world.uploads, begun.task, Upload((*files, file))))


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that is not taken: what CVAT does with a late double."""
    folder, slash, last = name.rpartition("/")
    stem, dot, suffix = last.rpartition(".")
    start, end = (stem, dot + suffix) if stem else (last, "")
    number = 0
    while name in taken:
        number += 1
        name = f"{folder}{slash}{start}_{number}{end}"
    return name


def _refused(status: int, said: str) -> Failure[Refusal]:
    return Failure(Refusal(status, said, TUS))


def _metadata(request: Request) -> Outcome[Mapping[str, str], Refusal]:
    """The pairs of `Upload-Metadata`: names and values in Base64, between commas."""
    pairs = (request.headers.get("upload-metadata") or "").split(",")
    try:
        return Success(
            {
                name: b64decode(value.strip(), validate=True).decode()
                for name, _, value in (pair.strip().partition(" ") for pair in pairs)
            }
        )
    except (Base64Error, ValueError):
        return _refused(400, "Upload-Metadata cannot be read")


def _allowed(name: str) -> bool:
    """Whether a file's name leads nowhere but into the upload's own folder."""
    parts = name.replace("\\", "/").split("/")
    return bool(parts[0]) and bool(parts[-1]) and ".." not in parts and name.isprintable()


def _number(text: str | None) -> int | None:
    found = re.fullmatch(r"[0-9]{1,18}", text or "")
    return int(found[0]) if found else None


def _header(name: str) -> str:
    """A name as the value of a header field; Django, too, encodes what is no Latin-1."""
    return name if name.isascii() else Header(name, "utf-8", maxlinelen=10**6).encode()
