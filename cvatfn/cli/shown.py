r"""What a command shows, and in which form.

Rule: what is asked for goes to stdout, all else to stderr. What comes from elsewhere cannot move a
cursor or change a colour: JSON has an escape for each character that no terminal shows, and other
forms have what `readable` makes of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TypeVar

import click
import msgspec
from attrs import frozen

from cvatfn.cli.heard import heard, hearing, with_parameters
from cvatfn.codecs.json import dumps
from cvatfn.codecs.showing import readable

__all__ = [
    "Look",
    "escaped",
    "json_text",
    "look_of",
    "look_options",
    "look_parameters",
    "say",
    "show",
]

F = TypeVar("F", bound=Callable[..., object])


@frozen(kw_only=True)
class Look:
    """How a command shows what it does.

    :param json: whether programs read it: values and errors are JSON.
    :param quiet: whether to say nothing but errors.
    :param verbose: whether to tell of each request.
    """

    json: bool = False
    quiet: bool = False
    verbose: bool = False


def look_parameters() -> list[click.Parameter]:
    """The options of `Look`, for a command that is made of data."""
    return [
        _flag("json", help="Write JSON, errors too."),
        _flag("quiet", "-q", help="Say nothing but errors."),
        _flag("verbose", "-v", help="Tell of each request."),
    ]


def look_options(command: F) -> F:
    """Give a command the options of `Look`; `look_of` says what they came to.

    :param command: a function, below `@click.command`.
    """
    return with_parameters(command, look_parameters())


def look_of(context: click.Context | None = None) -> Look:
    """How the command that runs is to show what it does.

    :param context: its context, if it is at hand.
    """
    current = click.get_current_context(silent=True) if context is None else context
    if current is None:
        return Look()
    said = heard(current, "look")
    return Look(
        json=bool(said.get("json")),
        quiet=bool(said.get("quiet")),
        verbose=bool(said.get("verbose")),
    )


def on_terminal() -> bool:
    """Whether what a command writes goes to a terminal, where people look at it."""
    return sys.stdout.isatty()


def show(value: object) -> None:
    """Write a value to stdout as JSON: indented on a terminal, on one line elsewhere.

    :param value: a model, or plain data.
    """
    click.echo(json_text(value, indented=on_terminal()).encode())


def say(text: str) -> None:
    """Write a line to stderr, unless nobody wants to hear it.

    :param text: what to say.
    """
    if not look_of().quiet:
        click.echo(readable(text), err=True)


def json_text(value: object, *, indented: bool = False) -> str:
    r"""A value as JSON that a terminal may be given as it is.

    :param value: a model, or plain data.
    :param indented: whether people read it.

    >>> print(json_text({"name": "cats\x9b2J \u202egpj.exe"}))
    {"name":"cats\u009b2J \u202egpj.exe"}
    """
    data = dumps(value)
    text = (msgspec.json.format(data, indent=2) if indented else data).decode()
    return escaped(text)


def escaped(text: str) -> str:
    r"""A text of several lines in which nothing moves a cursor: JSON has these escapes, too.

    :param text: JSON, or whatever else a server sent.

    >>> print(escaped('{"name": "over\x1b[2J"}'))
    {"name": "over\u001b[2J"}
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def _flag(name: str, *short: str, help: str) -> click.Option:
    return click.Option(
        [*short, f"--{name}", name],
        is_flag=True,
        default=None,
        expose_value=False,
        callback=hearing("look"),
        help=help,
    )
