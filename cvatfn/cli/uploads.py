"""`cvatfn upload`: a task with its media.

How it goes: what is wrong is said before anything is sent; the task is made; its media go up; the
server works on them. What was done is noted after each step, so that the same command goes on where
it stopped: it makes no second task, and sends no file twice.

Rule: the options of the task and of its media are the fields of CVAT's own requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click
from attrs import evolve, frozen

from cvatfn import models
from cvatfn.api import tasks
from cvatfn.calling import call
from cvatfn.cli.bars import bar
from cvatfn.cli.exits import Stopped, value_of
from cvatfn.cli.media import Source, media_of
from cvatfn.cli.options import Taken, given_to, named, option_of, taken_by
from cvatfn.cli.sessions import connected, effort_of, session_of
from cvatfn.cli.shown import look_of, say, show
from cvatfn.cli.subjects import command
from cvatfn.cli.undone import ANEW, Step, Undone, undone
from cvatfn.cli.working import awaited
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint
from cvatfn.errors import InvalidParams, Rejected
from cvatfn.outcome import Failure, Success
from cvatfn.polling import RequestFailed
from cvatfn.preparing import prepare
from cvatfn.transfer import Uploading, upload_data
from cvatfn.transfer.flows import Effort
from cvatfn.transfer.uploading import Media
from cvatfn.transport import Transport
from cvatfn.transport.whom import server_of

__all__ = ["upload"]

_ELSEWHERE: Final = frozenset(
    {"client_files", "server_files", "server_files_exclude", "remote_files", "cloud_storage_id"}
)
"""What of the media has options of its own here: where they are."""


@frozen(kw_only=True)
class _Asked:
    """An upload, as it was typed."""

    task: int | None
    fields: Mapping[str, object]
    spec: models.DataRequest
    media: Media
    wait: bool
    effort: Effort


def _command() -> click.Command:
    sections: dict[str, Sequence[click.Parameter]] = {
        "Media": [_FILES, *_media_options()],
        "Task": [_TASK, _LABEL, *map(option_of, _of_task())],
        "How to treat the media": [*map(option_of, _of_data())],
        "What to do": [_WAIT, ANEW],
    }
    return command("upload", _run, _HELP, sections)


_HELP: Final = """Make a task of images, videos or archives, and wait until it is ready.

FILES are files and folders of this machine; a folder stands for all media below it. The number of
the task goes to standard output. A broken upload goes on where it stopped when the same is said
again."""

_FILES: Final = click.Argument(["files"], nargs=-1, metavar="[FILES]...", type=click.Path())
_TASK: Final = click.Option(
    ["--task"], type=int, metavar="ID", help="Give the media to this task, which has none yet."
)
_LABEL: Final = click.Option(
    ["--label"],
    multiple=True,
    metavar="NAME[:#RRGGBB]",
    help="A label by its name, with its colour; may come again. --labels says all there is.",
)
_WAIT: Final = click.Option(
    ["--wait/--no-wait"],
    default=True,
    help="Wait until the task is ready, which it does unless said, or do not.",
)


def _media_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--share"],
            multiple=True,
            metavar="PATH",
            help="On the server's share; a folder ends in '/'; may come again.",
        ),
        click.Option(
            ["--exclude"], multiple=True, metavar="PATH", help="What to leave out below --share."
        ),
        click.Option(
            ["--url", "urls"],
            multiple=True,
            metavar="URL",
            help="On the web, for the server to fetch; may come again.",
        ),
        click.Option(["--cloud"], type=int, metavar="ID", help="In this cloud storage."),
        click.Option(
            ["--key", "keys"],
            multiple=True,
            metavar="NAME",
            help="A file in the cloud storage; may come again.",
        ),
    ]


def _of_task() -> tuple[Taken, ...]:
    fields = (each for each in taken_by(tasks.create) if each.place == "body")
    about = "the name of the first file or folder unless said"
    return tuple(
        evolve(each, required=False, about=about) if each.name == "name" else each
        for each in fields
    )


def _of_data() -> tuple[Taken, ...]:
    fields = (each for each in taken_by(tasks.create_data) if each.place == "body")
    return tuple(each for each in fields if each.name not in _ELSEWHERE)


def _run(
    files: tuple[str, ...],
    share: tuple[str, ...],
    exclude: tuple[str, ...],
    urls: tuple[str, ...],
    cloud: int | None,
    keys: tuple[str, ...],
    task: int | None,
    label: tuple[str, ...],
    wait: bool,
    anew: bool,
    **typed: object,
) -> None:
    source = Source(files=files, share=share, exclude=exclude, urls=urls, cloud=cloud, keys=keys)
    media = media_of(source)
    fields, wrong = _task_fields(task, label, source, typed)
    spec, more = _spec(typed)
    if wrong or more:
        raise Stopped(InvalidParams("upload", (*wrong, *more)))
    session = session_of(click.get_current_context())
    asked = _Asked(
        task=task, fields=fields, spec=spec, media=media, wait=wait, effort=effort_of(session)
    )
    with connected(session) as transport:
        said = {
            "upload": _places(source),
            "server": server_of(transport),
            "org": session.org,
            "task": task,
            "fields": fields,
            "spec": spec,
        }
        with undone(said, anew=anew) as held:
            made, work = _uploaded(transport, asked, held)
            held.over()
        size = _size(transport, made) if wait else None
    _tell(made, work, size)


def _task_fields(
    task: int | None, labels: Iterable[str], source: Source, typed: Mapping[str, object]
) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    """The fields of the task that is to be made, and what is wrong with them."""
    params, wrong = given_to(tasks.create, _of_task(), typed)
    given = params.get("task_write_request")
    fields = {str(name): value for name, value in given.items()} if is_mapping(given) else {}
    if task is not None:
        wrong = tuple(Problem(f"--{name}", "is for a new task, not for --task") for name in fields)
        return {}, (*wrong, *(Problem("--label", "is for a new task") for _ in [*labels][:1]))
    if labels:
        whole = fields.get("labels")
        fields["labels"] = (*map(_label, labels), *(whole if is_array(whole) else ()))
    if "name" not in fields and source.files:
        fields["name"] = Path(source.files[0]).resolve().stem[:256]
    return fields, (*wrong, *_checked(tasks.create, _of_task(), "task_write_request", fields))


def _label(said: str) -> Mapping[str, object]:
    """A label of `name` or `name:#rrggbb`; a name may hold colons."""
    name, colon, color = said.rpartition(":")
    return {"name": name, "color": color} if colon and color.startswith("#") else {"name": said}


def _spec(typed: Mapping[str, object]) -> tuple[models.DataRequest, tuple[Problem, ...]]:
    """How to treat the media, and what is wrong with that."""
    from cvatfn.codecs import dicts  # it is slow to import

    params, wrong = given_to(tasks.create_data, _of_data(), typed)
    fields = params.get("data_request", {})
    problems = (*wrong, *_checked(tasks.create_data, _of_data(), "data_request", fields))
    match dicts.check(models.DataRequest, fields):
        case Success(models.DataRequest() as spec):
            return spec, problems
        case _:
            return models.DataRequest(), problems


def _checked(
    endpoint: Endpoint[..., object], taken: Iterable[Taken], body: str, fields: object
) -> tuple[Problem, ...]:
    """What is wrong with a body, under the names of the options."""
    number = {"id": 1} if endpoint.name == tasks.create_data.name else {}
    match prepare(endpoint, **number, **{body: fields}):
        case Failure(error):
            return tuple(named(endpoint, taken, problem) for problem in error.problems)
        case Success():
            return ()


def _places(source: Source) -> Source:
    """Where the media are, from wherever the command is said."""
    return evolve(source, files=tuple(str(Path(each).resolve()) for each in source.files))


def _uploaded(
    transport: Transport, asked: _Asked, held: Undone
) -> tuple[int, models.Request | str]:
    """Do what is left to do: the task, its media, and the work that makes it ready."""
    step = _before(transport, held)
    task = asked.task or step.task or _made(transport, asked, held)
    rq_id = step.rq_id
    if rq_id is None:
        how = Uploading(progress=bar(), journal=held.journal, effort=asked.effort)
        rq_id = value_of(upload_data(transport, task, asked.media, asked.spec, how)).rq_id
        held.note(Step(task=task, rq_id=rq_id))
    if not asked.wait:
        return task, rq_id
    outcome = awaited(transport, rq_id)
    match outcome:
        case Success(work):
            return task, work
        case Failure(Rejected(status=404)) if _size(transport, task):
            return task, rq_id  # it was over long ago, and the server has forgotten it
        case Failure(RequestFailed()):
            held.over()
            say(f"Task {task} is there, without media.")
        case Failure():
            pass
    raise Stopped(outcome.failure())


def _before(transport: Transport, held: Undone) -> Step:
    """How far the same command was; from the beginning where its task is gone."""
    if held.before.task is None:
        return held.before
    match call(transport, tasks.retrieve, held.before.task):
        case Failure(Rejected(status=404)):
            held.over()
            return Step()
        case Failure() as unknown:
            return value_of(unknown)
        case Success(task):
            say(f"Going on with task {task.id}.")
            return held.before


def _made(transport: Transport, asked: _Asked, held: Undone) -> int:
    create: Endpoint[..., models.TaskRead] = tasks.create  # what was typed was checked before
    made = value_of(call(transport, create, asked.fields))
    held.note(Step(task=made.id))
    return made.id


def _size(transport: Transport, task: int) -> int:
    size = value_of(call(transport, tasks.retrieve, task)).size
    return size if isinstance(size, int) else 0


def _tell(task: int, work: models.Request | str, size: int | None) -> None:
    rq_id = work if isinstance(work, str) else work.id
    if look_of().json:
        status = "started" if size is None else "finished"
        show({"task_id": task, "rq_id": rq_id, "status": status, "size": size})
        return
    click.echo(str(task))
    if size is None:
        say(f"The server works on task {task}: cvatfn wait '{rq_id}'")
    else:
        say(f"Task {task} is ready: frames: {size}.")


upload: Final = _command()
