"""Names of formats: what the server knows, found by what was typed, completed in the shell.

Rule: the server says which formats there are. A name may be typed without its version and in any
case, as long as it means one format only.
"""

from __future__ import annotations

import os
from typing import Final, Literal, TypeAlias

import click
from attrs import evolve
from click.shell_completion import CompletionItem
from typing_extensions import override

from cvatfn import models
from cvatfn.api import server
from cvatfn.calling import call
from cvatfn.cli.exits import value_of
from cvatfn.cli.logins import system_store
from cvatfn.cli.sessions import session_of
from cvatfn.cli.targets import opened, target_of
from cvatfn.codecs.hints import did_you_mean
from cvatfn.outcome import Success
from cvatfn.transport import Transport

__all__ = ["Way", "format_named", "format_option", "meant"]

Way: TypeAlias = Literal["export", "import"]
"""Out of the server, or into it."""


def format_option(way: Way) -> click.Option:
    """The option that names a format.

    :param way: out of the server, or into it.
    """
    return click.Option(
        ["--format"],
        type=_Format(way),
        required=True,
        metavar="NAME",
        help="The format, such as 'COCO 1.0'; the version may be left out where there is but one.",
    )


def format_named(transport: Transport, way: Way, typed: str) -> str:
    """The format that is meant.

    :param transport: to the server, which knows them.
    :param way: out of the server, or into it.
    :param typed: what was typed.
    :raises click.UsageError: none is, or several are.
    :raises Stopped: the server does not say.
    """
    names = _names(value_of(call(transport, server.retrieve_annotation_formats)), way)
    found = meant(typed, names)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"{typed!r} may be {' or '.join(map(repr, found))}")
    hint = did_you_mean(typed, names) or f"; there are {', '.join(names)}"
    raise click.UsageError(f"the server knows no format {typed!r} to {way}{hint}")


def meant(typed: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that a name may mean.

    :param typed: what was typed.
    :param names: those that there are.

    >>> meant("coco", ("COCO 1.0", "COCO Keypoints 1.0", "YOLO 1.0", "YOLO 1.1"))
    ('COCO 1.0',)
    >>> meant("yolo", ("YOLO 1.0", "YOLO 1.1")), meant("YOLO 1.1", ("YOLO 1.0", "YOLO 1.1"))
    (('YOLO 1.0', 'YOLO 1.1'), ('YOLO 1.1',))
    """
    if typed in names:
        return (typed,)
    wanted = typed.casefold()
    return tuple(
        name for name in names if wanted in (name.casefold(), name.rpartition(" ")[0].casefold())
    )


class _Format(click.types.StringParamType):
    """A format's name; a shell completes it with what the server knows."""

    name = "format"

    def __init__(self, way: Way) -> None:
        self.way: Final = way

    @override
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        target = target_of(session_of(ctx), os.environ, system_store(os.environ))
        if not isinstance(target, Success):
            return []
        hurried = evolve(target.unwrap(), retries=0)
        hurried = evolve(hurried, timeout=evolve(hurried.timeout, total=_SOON))
        try:
            with opened(hurried) as transport:
                known = call(transport, server.retrieve_annotation_formats)
        except ValueError:
            return []
        names = _names(known.unwrap(), self.way) if isinstance(known, Success) else ()
        typed = incomplete.casefold()
        return [CompletionItem(name) for name in names if name.casefold().startswith(typed)]


_SOON: Final = 3.0
"""How long who completes a word may have to wait, in seconds."""


def _names(known: models.DatasetFormats, way: Way) -> tuple[str, ...]:
    formats = known.exporters if way == "export" else known.importers
    return tuple(each.name for each in formats if each.enabled)
