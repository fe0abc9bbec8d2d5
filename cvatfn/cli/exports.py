"""`cvatfn export`: a dataset that the server makes, saved here or put into a cloud storage.

Rule: the server makes one export of the same thing at a time; who is interrupted and says the same
again joins in, and a file that came in part is gone on with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from cvatfn import models
from cvatfn.api import jobs, projects, tasks
from cvatfn.cli.bars import watching
from cvatfn.cli.exits import value_of
from cvatfn.cli.formats import format_named, format_option
from cvatfn.cli.interrupting import hinting
from cvatfn.cli.sessions import connected, session_of
from cvatfn.cli.shown import look_of, say, show
from cvatfn.cli.subjects import Kind, command, saving, subject_options, subject_said, tell_saved
from cvatfn.cli.working import facts_of
from cvatfn.endpoints import Endpoint
from cvatfn.transfer import Exporting
from cvatfn.transfer import export as exported
from cvatfn.transport import Transport

__all__ = ["export", "fetched", "place_options"]

_DATASETS: Final[Mapping[Kind, Endpoint[..., models.RqId]]] = {
    "project": projects.create_dataset_export,
    "task": tasks.create_dataset_export,
    "job": jobs.create_dataset_export,
}


_HINT: Final = "The server goes on making it. Say the same again to join in."


def place_options() -> list[click.Parameter]:
    """The options that say where a file goes that the server makes."""
    return [
        click.Argument(["file"], default=".", metavar="[FILE]", type=click.Path()),
        click.Option(["--overwrite"], is_flag=True, help="Let it take the place of a file."),
        click.Option(
            ["--cloud"], type=int, metavar="ID", help="Put it into this cloud storage, not here."
        ),
        click.Option(["--filename"], metavar="NAME", help="What it is called there."),
    ]


def fetched(
    transport: Transport,
    endpoint: Endpoint[..., models.RqId],
    number: int,
    params: Mapping[str, object],
    typed: Mapping[str, object],
) -> None:
    """Have a file made, and tell where it is.

    :param transport: what sends.
    :param endpoint: what to make.
    :param number: of what.
    :param params: the endpoint's other parameters.
    :param typed: what `place_options` found.
    :raises Stopped: there is no file.
    """
    cloud, name = typed.get("cloud"), typed.get("filename")
    if name is not None and cloud is None:
        raise click.UsageError("--filename is for --cloud; here the file is called as FILE says")
    where: dict[str, object] = {"location": "local"}
    if cloud is not None:
        where = {"location": "cloud_storage", "cloud_storage_id": cloud}
    if name is not None:
        where["filename"] = name
    to = saving(str(typed["file"]), overwrite=bool(typed.get("overwrite")))
    with hinting(_HINT), watching() as watch:
        how = Exporting(to, watch=watch)
        made = value_of(exported(transport, endpoint, how, number, **params, **where))
    if made.file is not None:
        tell_saved(made.file)
    elif look_of().json:
        show(facts_of(made.request))
    else:
        say(f"It is in the cloud storage {cloud}.")


def _run(**typed: object) -> None:
    subject = subject_said(typed, "project", "task", "job")
    with connected(session_of(click.get_current_context())) as transport:
        params = {
            "format": format_named(transport, "export", str(typed["format"])),
            "save_images": bool(typed.get("save_images")),
        }
        fetched(transport, _DATASETS[subject.kind], subject.id, params, typed)


export: Final = command(
    "export",
    _run,
    "Have a dataset made of a project, a task or a job, and save it as FILE.\n\n"
    "FILE may be a folder, for the name that the server gives; it is this folder unless said. "
    "Where the file is goes to standard output.",
    {
        "What": [
            *subject_options("project", "task", "job"),
            format_option("export"),
            click.Option(["--save-images"], is_flag=True, help="The images too."),
        ],
        "Where to": place_options(),
    },
)
