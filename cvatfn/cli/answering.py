"""What `cvatfn call` does with an answer: JSON to stdout, files to files.

Rule: bytes never go to a terminal. A file has its name when it is whole.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click
from attrs import frozen

from cvatfn.calling import call
from cvatfn.cli.exits import value_of
from cvatfn.cli.shown import escaped, on_terminal, say, show
from cvatfn.endpoints import Endpoint, raw
from cvatfn.transfer import Saving, download, stream
from cvatfn.transport import Transport

__all__ = ["Answering", "answer", "answer_parameters", "checked"]


@frozen(kw_only=True)
class Answering:
    """Where an answer goes, and how.

    :param output: the file it goes to, as the server sent it.
    :param overwrite: whether it may take the place of a file that is there.
    :param raw: whether it goes to stdout as the server sent it.
    """

    output: str | None = None
    overwrite: bool = False
    raw: bool = False


def answer_parameters() -> list[click.Parameter]:
    """The options of `Answering`."""
    return [
        click.Option(
            ["--output", "-o"],
            type=click.Path(),
            metavar="FILE",
            help="Save the answer as the server sends it; a folder, for the name it gives.",
        ),
        click.Option(["--overwrite"], is_flag=True, help="Let it take the place of a file."),
        click.Option(
            ["--raw"],
            is_flag=True,
            help="Write the answer as the server sends it, with what this release does not know.",
        ),
    ]


def checked(endpoint: Endpoint[..., object], how: Answering) -> None:
    """Find out, before anything is sent, whether the answer has somewhere to go.

    :param endpoint: which operation.
    :param how: where the answer goes.
    :raises click.UsageError: bytes would go to a terminal.
    """
    if _is_file(endpoint) and how.output is None and on_terminal():
        raise click.UsageError(
            f"{endpoint.name} answers a file: say --output FILE, or send it into a pipe"
        )


def answer(
    transport: Transport,
    endpoint: Endpoint[..., object],
    params: Mapping[str, object],
    how: Answering,
) -> None:
    """Ask, and put the answer where it belongs.

    :param transport: what sends.
    :param endpoint: which operation.
    :param params: its parameters, the body among them.
    :param how: where the answer goes.
    :raises Stopped: it came to nothing.
    """
    if how.output is not None:
        to = Saving(how.output, overwrite=how.overwrite)
        saved = value_of(download(transport, endpoint, to, **params))
        say(f"{saved.path}: {saved.size} bytes")
    elif _is_file(endpoint):
        with value_of(stream(transport, endpoint, **params)) as pieces:
            for piece in pieces:
                sys.stdout.buffer.write(value_of(piece))
        sys.stdout.buffer.flush()
    elif how.raw:
        _write(value_of(call(transport, raw(endpoint), **params)).body)
    else:
        value = value_of(call(transport, endpoint, **params))
        if value is not None:
            show(value)


def _is_file(endpoint: Endpoint[..., object]) -> bool:
    return endpoint.declaration.signature.returns is bytes


def _write(body: bytes) -> None:
    if on_terminal():
        click.echo(escaped(body.decode(errors="replace")))
    else:
        click.echo(body, nl=not body.endswith(b"\n"))
