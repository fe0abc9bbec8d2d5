"""Files that come piece by piece, so that who loses the line can go on (TUS 1.0.0, CVAT's way).

Rule: a file is announced with its length and gets a path of its own; each piece says where it
begins, and is refused where another one was expected. When the last has come, the file is whole,
and is among those that came whole.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from email.header import Header
from typing import Final
from uuid import UUID

from attrs import evolve

from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import Refusal, refused
from cvatfn.testing.sandbox.state.media import Arriving, Received, Upload
from cvatfn.testing.sandbox.state.world import World, dropped, put, secret

__all__ = ["announced", "files_of", "folder_of", "piece", "piece_alone"]

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
    if task is not None and any(name == file.name for file in files_of(world, task)):
        return _refused(409, "File with same name already exists")
    length = _number(asked.request.headers.get("upload-length"))
    if length is None:
        return _refused(400, "Upload-Length is no length")
    if length > LONGEST:
        return _refused(413, f"A file has at most {LONGEST} bytes")
    world, digits = secret(world, "upload", 32)
    number = f"{asked.account.id}_{UUID(digits, version=4)}"
    path = folder_of(asked) + number
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


def files_of(world: World, task: int) -> tuple[Received, ...]:
    """The whole files of a task's data.

    :param task: the task.
    """
    return world.uploads.get(task, Upload()).files


def folder_of(asked: Asked) -> str:
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
    files = files_of(world, begun.task)
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
