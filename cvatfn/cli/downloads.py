"""`cvatfn download`: frames, chunks, previews, backups, and what a URL or the server's work names.

Rule: under its own name a file is whole. Where the files are goes to standard output.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Final

import click

from cvatfn import models
from cvatfn.api import jobs, projects, requests, tasks
from cvatfn.calling import call
from cvatfn.cli.bars import bar
from cvatfn.cli.exits import Exit, Stopped, value_of
from cvatfn.cli.exports import fetched, place_options
from cvatfn.cli.frames import Wanted, all_saved, some_saved, suffix_of, written
from cvatfn.cli.interrupting import hinting
from cvatfn.cli.sections import WIDE
from cvatfn.cli.sessions import connected, session_of
from cvatfn.cli.shown import look_of, say, show
from cvatfn.cli.subjects import (
    Kind,
    Subject,
    command,
    saving,
    subject_options,
    subject_said,
    tell_saved,
)
from cvatfn.codecs.plain import is_array
from cvatfn.endpoints import Endpoint
from cvatfn.transfer import Download, chunk, download_url, of_job, of_task
from cvatfn.transfer import preview as previewed
from cvatfn.transfer.media import FrameSource, Quality

__all__ = ["download", "numbers_in"]

_PREVIEWS: Final[Mapping[Kind, Endpoint[..., bytes]]] = {
    "project": projects.retrieve_preview,
    "task": tasks.retrieve_preview,
    "job": jobs.retrieve_preview,
}
_BACKUPS: Final[Mapping[Kind, Endpoint[..., models.RqId]]] = {
    "project": projects.create_backup_export,
    "task": tasks.create_backup_export,
}


_HINT: Final = "Say the same again to go on with what is here."


def numbers_in(said: Sequence[str]) -> Iterator[int]:
    """The frames that are wanted.

    :param said: single numbers, and the first and the last of a row of them.
    :raises click.UsageError: it is neither.

    >>> list(numbers_in(["3", "7-9"]))
    [3, 7, 8, 9]
    """
    for each in said:
        found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", each)
        if found is None:
            raise click.UsageError(f"{each!r} is no number of a frame, and no row such as 7-9")
        first = int(found[1])
        yield from range(first, int(found[2] or first) + 1)


def _frames(**typed: object) -> None:
    source = _source(subject_said(typed, "task", "job"))
    said = typed.get("frame")
    numbers = list(numbers_in([str(each) for each in said] if is_array(said) else []))
    wanted = Wanted(
        source=source,
        quality=_quality(typed),
        folder=Path(str(typed["folder"])),
        overwrite=bool(typed.get("overwrite")),
        progress=bar(),
    )
    with connected(session_of(click.get_current_context())) as transport, hinting(_HINT):
        saved = some_saved(transport, wanted, numbers) if numbers else all_saved(transport, wanted)
    if look_of().json:
        show({"files": [str(path) for path in saved]})
        return
    for path in saved:
        click.echo(str(path))
    say(f"Frames: {len(saved)}.")


def _chunk(**typed: object) -> None:
    source, file = _source(subject_said(typed, "task", "job")), Path(str(typed["file"]))
    number = int(str(typed["number"]))
    overwrite = bool(typed.get("overwrite"))
    saving(str(file), overwrite=overwrite)
    with connected(session_of(click.get_current_context())) as transport:
        found = value_of(chunk(transport, source, number, quality=_quality(typed)))
    suffix = ".zip" if found.content.startswith(b"PK") else ".mp4"
    path = file / f"chunk-{number}{suffix}" if file.is_dir() else file
    written(path, found.content, overwrite=overwrite)
    tell_saved(Download(path, len(found.content), found.content_type, None))


def _preview(**typed: object) -> None:
    subject, file = subject_said(typed, "project", "task", "job"), Path(str(typed["file"]))
    overwrite = bool(typed.get("overwrite"))
    saving(str(file), overwrite=overwrite)
    with connected(session_of(click.get_current_context())) as transport:
        data = value_of(previewed(transport, _PREVIEWS[subject.kind], subject.id))
    if data is None:
        wrong = f"{subject.kind} {subject.id} has no preview"
        raise Stopped(wrong, Exit.NOT_FOUND)
    path = file / f"{subject.kind}-{subject.id}{suffix_of(data)}" if file.is_dir() else file
    written(path, data, overwrite=overwrite)
    tell_saved(Download(path, len(data), guess_type(path.name)[0] or "", None))


def _backup(**typed: object) -> None:
    subject = subject_said(typed, "project", "task")
    with connected(session_of(click.get_current_context())) as transport:
        lightweight = {"lightweight": True} if typed.get("lightweight") else {}
        fetched(transport, _BACKUPS[subject.kind], subject.id, lightweight, typed)


def _url(url: str, file: str, overwrite: bool) -> None:
    to = saving(file, overwrite=overwrite)
    with connected(session_of(click.get_current_context())) as transport, hinting(_HINT):
        tell_saved(value_of(download_url(transport, url, to)))


def _result(rq_id: str, file: str, overwrite: bool) -> None:
    to = saving(file, overwrite=overwrite)
    with connected(session_of(click.get_current_context())) as transport, hinting(_HINT):
        work = value_of(call(transport, requests.retrieve, rq_id))
        if not work.result_url:
            wrong = f"{rq_id} has no file, and is {work.status.value}: say cvatfn wait first"
            raise Stopped(wrong, Exit.NOT_FOUND)
        tell_saved(value_of(download_url(transport, work.result_url, to)))


def _source(subject: Subject) -> FrameSource:
    return of_job(subject.id) if subject.kind == "job" else of_task(subject.id)


def _quality(typed: Mapping[str, object]) -> Quality:
    return "original" if typed.get("quality") == "original" else "compressed"


def _command(
    name: str, run: Callable[..., None], help: str, *what: click.Parameter
) -> click.Command:
    return command(name, run, help, {"What and where to": what})


_QUALITY: Final = click.Option(
    ["--quality"],
    type=click.Choice(["compressed", "original"]),
    default="compressed",
    help="As CVAT shows them, which it is unless said, or as they were uploaded.",
)


def _file_options() -> list[click.Parameter]:
    return [
        click.Argument(["file"], default=".", metavar="[FILE]", type=click.Path()),
        click.Option(["--overwrite"], is_flag=True, help="Let it take the place of a file."),
    ]


download: Final = click.Group(
    "download",
    context_settings=WIDE,
    help="Fetch frames, chunks, previews, backups, and what the server's work has made.",
    commands=[
        _command(
            "frames",
            _frames,
            "Save the frames of a task or a job as files, each under its number.\n\nThose that "
            "are there already are left alone.",
            *subject_options("task", "job"),
            click.Option(
                ["--frame"],
                multiple=True,
                metavar="N|N-M",
                help="Only these; may come again. All unless said.",
            ),
            _QUALITY,
            click.Option(
                ["--to", "folder"],
                default=".",
                metavar="FOLDER",
                type=click.Path(),
                help="Where they go; this folder unless said.",
            ),
            click.Option(["--overwrite"], is_flag=True, help="Fetch those again that are there."),
        ),
        _command(
            "chunk",
            _chunk,
            "Save a chunk of frames, as the server packs them: a zip or a video.",
            *subject_options("task", "job"),
            click.Argument(["number"], type=click.IntRange(0)),
            _QUALITY,
            *_file_options(),
        ),
        _command(
            "preview",
            _preview,
            "Save the small picture of a project, a task or a job.",
            *subject_options("project", "task", "job"),
            *_file_options(),
        ),
        _command(
            "backup",
            _backup,
            "Have a backup made of a project or a task, and save it.",
            *subject_options("project", "task"),
            click.Option(
                ["--lightweight"],
                is_flag=True,
                help="Leave out media in a cloud storage; CVAT 2.44.3 and later.",
            ),
            *place_options(),
        ),
        _command(
            "url",
            _url,
            "Save what a URL of the server names, such as a result_url.",
            click.Argument(["url"]),
            *_file_options(),
        ),
        _command(
            "result",
            _result,
            "Save the file that the server's work has made.",
            click.Argument(["rq_id"], metavar="RQ_ID"),
            *_file_options(),
        ),
    ],
)
