"""What a command shows, and in which form.

Rule: what is asked for goes to stdout, all else to stderr. Nothing from elsewhere reaches a
terminal raw.
"""

from __future__ import annotations

import click

from cvatfn.codecs.json import dumps
from cvatfn.codecs.showing import readable

__all__ = ["say", "show"]


def show(value: object) -> None:
    """Write a value to stdout, as JSON.

    :param value: a model, or plain data.
    """
    click.echo(dumps(value))


def say(text: str) -> None:
    """Write a line to stderr.

    :param text: what to say.
    """
    click.echo(readable(text), err=True)
