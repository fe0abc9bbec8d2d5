"""What an exchange implies of files before it: data of tasks, uploads, downloads."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve

from cvatfn.codecs.building import members
from cvatfn.testing.sandbox.state.media import Arriving, Received
from cvatfn.testing.sandbox.state.works import Background, Result
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.implied.reading import frames_named, json_sent, rows_of
from tests.fidelity.rebuilding.annotated import (
    picture,
    with_media,
    with_subsets,
    without_jobs,
)
from tests.fidelity.rebuilding.people import with_account
from tests.fidelity.rebuilding.works import export_of
from tests.fidelity.recorded import Recorded

__all__ = [
    "with_data_as_implied",
    "with_files_elsewhere",
    "with_files_that_were_downloaded",
    "with_upload_so_far",
]


def with_data_as_implied(world: World, recorded: Recorded) -> World:
    """A task whose data were looked at had some; one that was given some, or has none, had not."""
    previewed = _PREVIEWED.fullmatch(recorded.request.path)
    if previewed is not None and recorded.status == 200:
        return with_subsets(world, int(previewed["id"]))
    found = _BELOW.fullmatch(recorded.request.path)
    if found is None:
        return world
    number, below = int(found["id"]), found["below"]
    giving = below == "data" and recorded.request.method == "POST"
    lacking = below in ("data/meta", "preview") and recorded.status in (204, 400, 404)
    if giving or (lacking and recorded.request.method == "GET"):
        return without_jobs(world, number)
    return with_media(world, number, frames_named(recorded)) if recorded.status != 404 else world


def with_files_elsewhere(world: World, recorded: Recorded) -> World:
    """Files that a task's data were to be fetched from were there."""
    sent = dict(members(json_sent(recorded)))
    if not recorded.request.path.rstrip("/").endswith("/data") or recorded.status >= 400:
        return world
    share = {str(name): picture() for name in rows_of(sent.get("server_files"))}
    web = {str(url): picture() for url in rows_of(sent.get("remote_files"))}
    cloud = sent.get("cloud_storage_id")
    if isinstance(cloud, int):
        return evolve(world, clouds=put(world.clouds, cloud, share))
    return evolve(world, share={**world.share, **share}, web={**world.web, **web})


def with_files_that_were_downloaded(world: World, recorded: Recorded) -> World:
    """A file that was downloaded had been made, by the work whose id says what it was."""
    number = dict(recorded.request.query).get("rq_id")
    if number is None or recorded.status != 200 or not recorded.request.path.endswith("/download"):
        return world
    told = dict(parse_qsl(number))
    user = int(told.get("user_id", "0"))
    target = told.get("target", "")
    name = recorded.response.headers.get("content-disposition") or ""
    file = Result(
        name.partition('"')[2].rstrip('"'),
        b"PK",
        world.now,
        recorded.response.content_type,
    )
    work = export_of(target, int(told.get("target_id", "0")), told, world.origin)
    made = Background(
        id=number, user=user, work=work, created=world.now, finished=world.now, result=file
    )
    return evolve(with_account(world, user), backgrounds=put(world.backgrounds, number, made))


def with_upload_so_far(world: World, recorded: Recorded) -> World:
    """What was uploaded in pieces had come up to where it goes on, or wholly where it is used."""
    asked = recorded.request
    found = _FILE.fullmatch(asked.path)
    if found is not None and recorded.status != 404:
        begun = _arriving(recorded, int(found["user"]), asked.path)
        world = with_account(world, begun.user)
        world = evolve(world, arriving=put(world.arriving, asked.path, begun))
    filename = dict(asked.query).get("filename", "")
    named = _FILE_ID.fullmatch(filename)
    if named is not None and asked.headers.get("upload-finish") is not None:
        world = with_account(world, int(named["user"]))
        path = f"{asked.path.rstrip('/')}/{filename}"
        file = Received("annotations.zip", picture())
        world = evolve(world, received=put(world.received, path, file))
    return world


def _arriving(recorded: Recorded, user: int, path: str) -> Arriving:
    """A file under way, as far as the request and its status tell."""
    asked, answered = recorded.request.headers, recorded.response.headers
    size = recorded.left_out[0] or 0
    offset = int(asked.get("upload-offset") or answered.get("upload-offset") or 0)
    task = int(path.split("/")[3]) if path.startswith("/api/tasks/") and "/data/" in path else None
    length = {
        204: offset + size,
        413: offset + size - 1,
    }.get(recorded.status, int(answered.get("upload-length") or offset + size))
    elsewhere = offset + 1 if recorded.status == 409 else offset
    return Arriving(
        user=user, task=task, name="file.zip", length=max(length, elsewhere), offset=elsewhere
    )


_PREVIEWED: Final = re.compile(r"/api/projects/(?P<id>[0-9]+)/preview")


_BELOW: Final = re.compile(r"/api/tasks/(?P<id>[0-9]+)/(?P<below>[a-z_/]+?)/?")


_FILE_ID: Final = re.compile(r"(?P<user>[0-9]+)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_FILE: Final = re.compile(rf"/api/.+/{_FILE_ID.pattern}")
