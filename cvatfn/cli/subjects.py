"""What a command is about, said by one of `--project`, `--task` and `--job`.

Rule: exactly one is said. What the commands of files have in common besides stands here, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import click
from attrs import frozen

from cvatfn.cli.bars import bar
from cvatfn.cli.exits import Stopped
from cvatfn.cli.sections import Sectioned
from cvatfn.cli.sessions import effort_of, session_of, session_parameters
from cvatfn.cli.shown import look_of, look_parameters, say, show
from cvatfn.transfer import Download, Saving
from cvatfn.transfer.errors import DiskError

__all__ = ["Kind", "Subject", "command", "saving", "subject_options", "subject_said", "tell_saved"]

Kind: TypeAlias = Literal["project", "task", "job"]
"""Of what there are datasets."""


@frozen
class Subject:
    """What is meant.

    :param kind: what it is.
    :param id: which one.
    """

    kind: Kind
    id: int


def command(
    name: str,
    run: Callable[..., None],
    help: str,
    sections: Mapping[str, Sequence[click.Parameter]],
) -> click.Command:
    """A command that speaks to a server, with the options that every such command has.

    :param name: what it is called.
    :param run: what it does.
    :param help: what it does, in words.
    :param sections: its own options, by heading.
    """
    common: Mapping[str, Sequence[click.Parameter]] = {
        "Connection": session_parameters(),
        "Options": look_parameters(),
    }
    return Sectioned(name, run, {**sections, **common}, help=help)


def subject_options(*kinds: Kind) -> list[click.Parameter]:
    """The options that say it.

    :param kinds: those that there are.
    """
    return [
        click.Option([f"--{kind}"], type=int, metavar="ID", help=f"Of this {kind}.")
        for kind in kinds
    ]


def subject_said(typed: dict[str, object], *kinds: Kind) -> Subject:
    """What is meant.

    :param typed: what click found; what is read here is taken out.
    :param kinds: those that there are.
    :raises click.UsageError: none is said, or several are.
    """
    given: list[Subject] = []
    for kind in kinds:
        number = typed.pop(kind, None)
        given += [Subject(kind, number)] if isinstance(number, int) else []
    if len(given) != 1:
        options = [f"--{kind}" for kind in kinds]
        raise click.UsageError(f"say which, once: {' or '.join(options)}")
    return given[0]


def saving(file: str, *, overwrite: bool) -> Saving:
    """Where a file goes; whether it can is said before the server works for nothing.

    :param file: the file, or a folder for the server's own name.
    :param overwrite: whether it may take the place of a file.
    :raises Stopped: there is one.
    """
    path = Path(file)
    if not overwrite and os.path.lexists(path) and not path.is_dir():
        raise Stopped(DiskError(file, "is there already: remove it, or say --overwrite"))
    effort = effort_of(session_of(click.get_current_context()))
    return Saving(file, overwrite=overwrite, progress=bar(), effort=effort)


def tell_saved(file: Download) -> None:
    """Tell of a file that arrived: its path on standard output.

    :param file: the file.
    """
    if look_of().json:
        show(
            {
                "path": None if file.path is None else str(file.path),
                "size": file.size,
                "content_type": file.content_type,
            }
        )
        return
    click.echo(os.fspath(file.path or "-"))
    say(f"{file.size} bytes, {file.content_type or 'of an unknown kind'}")
