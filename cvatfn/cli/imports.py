"""`cvatfn import`: annotations, datasets, and backups of tasks and projects.

Rule: a broken import goes on where it stopped when the same is said again; the work on it is
started once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click

from cvatfn import models
from cvatfn.api import jobs, projects, tasks
from cvatfn.calling import call
from cvatfn.cli.bars import bar
from cvatfn.cli.exits import Stopped, value_of
from cvatfn.cli.formats import format_named, format_option
from cvatfn.cli.sections import WIDE
from cvatfn.cli.sessions import connected, effort_of, session_of
from cvatfn.cli.shown import look_of, say, show
from cvatfn.cli.subjects import Kind, command, subject_options, subject_said
from cvatfn.cli.undone import ANEW, Step, Undone, undone
from cvatfn.cli.working import awaited, facts_of
from cvatfn.endpoints import Endpoint
from cvatfn.errors import Rejected
from cvatfn.outcome import Failure
from cvatfn.polling import RequestFailed
from cvatfn.transfer import Importing, import_annotations
from cvatfn.transfer.errors import DiskError, Implausible
from cvatfn.transport import Transport
from cvatfn.transport.whom import server_of

__all__ = ["import_"]

_ANNOTATIONS: Final[Mapping[Kind, Endpoint[..., models.RqId | None]]] = {
    "task": tasks.create_annotations,
    "job": jobs.create_annotations,
}


def _imported(
    endpoint: Endpoint[..., models.RqId | None],
    subject: int | None,
    params: Callable[[Transport], Mapping[str, object]],
    typed: Mapping[str, object],
) -> models.Request:
    """Send a file, or say where it is, and wait until the server has taken it in."""
    file, cloud, anew = str(typed["file"]), typed.get("cloud"), bool(typed.get("anew"))
    if cloud is None and not Path(file).is_file():
        raise Stopped(DiskError(file, "there is no such file"))
    session = session_of(click.get_current_context())
    of = () if subject is None else (subject,)
    with connected(session) as transport:
        given = params(transport)
        said = {
            "import": endpoint.name,
            "server": server_of(transport),
            "org": session.org,
            "subject": subject,
            "file": file if cloud is not None else str(Path(file).resolve()),
            "cloud": cloud,
            "params": given,
        }
        with undone(said, anew=anew) as held:
            rq_id = held.before.rq_id
            if rq_id is None:
                rq_id = _started(transport, endpoint, of, given, file, cloud, held)
                held.note(Step(rq_id=rq_id))
            work = _awaited(transport, rq_id, held)
            held.over()
            return work


def _started(
    transport: Transport,
    endpoint: Endpoint[..., models.RqId | None],
    of: tuple[int, ...],
    params: Mapping[str, object],
    file: str,
    cloud: object,
    held: Undone,
) -> str:
    if cloud is None:
        effort = effort_of(session_of(click.get_current_context()))
        how = Importing(Path(file), progress=bar(), journal=held.journal, effort=effort)
        return value_of(import_annotations(transport, endpoint, how, *of, **params)).rq_id
    where = {"location": "cloud_storage", "cloud_storage_id": cloud, "filename": file}
    begun = value_of(call(transport, endpoint, *of, **params, **where))
    if begun is None:
        raise Stopped(Implausible(endpoint.name, "it took the request, but names no work of it"))
    return begun.rq_id


def _awaited(transport: Transport, rq_id: str, held: Undone) -> models.Request:
    outcome = awaited(transport, rq_id)
    match outcome:
        case Failure(RequestFailed()) | Failure(Rejected(status=404)):
            held.over()  # there is nothing to wait for any more: the next time begins anew
        case _:
            pass
    return value_of(outcome)


def _annotations(**typed: object) -> None:
    subject = subject_said(typed, "task", "job")

    def params(transport: Transport) -> Mapping[str, object]:
        mode = typed.get("mode")
        named = {"format": format_named(transport, "import", str(typed["format"]))}
        return named if mode is None else {**named, "import_mode": mode}

    _tell(_imported(_ANNOTATIONS[subject.kind], subject.id, params, typed))


def _dataset(**typed: object) -> None:
    subject = subject_said(typed, "project")

    def params(transport: Transport) -> Mapping[str, object]:
        return {"format": format_named(transport, "import", str(typed["format"]))}

    _tell(_imported(projects.create_dataset, subject.id, params, typed))


def _backup(endpoint: Endpoint[..., models.RqId | None], **typed: object) -> None:
    _tell(_imported(endpoint, None, lambda _: {}, typed))


def _tell(work: models.Request) -> None:
    if look_of().json:
        show(facts_of(work))
        return
    if work.result_id is not None:
        click.echo(str(work.result_id))
    say("It is taken in.")


def _command(
    name: str, run: Callable[..., None], help: str, what: list[click.Parameter]
) -> click.Command:
    whence: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE", type=click.Path()),
        click.Option(
            ["--cloud"],
            type=int,
            metavar="ID",
            help="FILE is the name of a file in this cloud storage.",
        ),
        ANEW,
    ]
    return command(name, run, help, {"What": what, "From where": whence})


_MODE: Final = click.Option(
    ["--mode"],
    type=click.Choice(["append", "replace"]),
    help="Keep the annotations that are there, or drop them; CVAT 2.65 and later.",
)

import_: Final = click.Group(
    "import",
    context_settings=WIDE,
    help="Bring in annotations, datasets, and backups of tasks and projects.",
    commands=[
        _command(
            "annotations",
            _annotations,
            "Read annotations of FILE into a task or a job.",
            [*subject_options("task", "job"), format_option("import"), _MODE],
        ),
        _command(
            "dataset",
            _dataset,
            "Make tasks of a dataset in a project.",
            [*subject_options("project"), format_option("import")],
        ),
        _command(
            "task",
            partial(_backup, tasks.create_backup),
            "Make a task of the backup of one; its number goes to standard output.",
            [],
        ),
        _command(
            "project",
            partial(_backup, projects.create_backup),
            "Make a project of the backup of one; its number goes to standard output.",
            [],
        ),
    ],
)
