"""Options that every command takes, such as `--quiet`: what they said is kept beside the command.

Rule: an option that is heard passes nothing to the command's function; whoever wants to know asks
for it by its subject. So a command made of data takes them as one that is written does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import click

__all__ = ["heard", "hearing", "with_parameters"]

F = TypeVar("F", bound=Callable[..., object])


def heard(context: click.Context, subject: str) -> Mapping[str, object]:
    """What was said of a subject, by the names of the options; what was not said is not there.

    :param context: any context of the command.
    :param subject: what the options are about.
    """
    found: Mapping[str, object] = context.meta.get(_key(subject), {})
    return found


def hearing(subject: str) -> Callable[[click.Context, click.Parameter, object], object]:
    """The callback of an option that is heard; such an option has `expose_value=False`.

    :param subject: what the option is about.
    """
    return partial(_kept, _key(subject))


def with_parameters(command: F, parameters: Sequence[click.Parameter]) -> F:
    """Add parameters to a command's function, before what its decorators say further down.

    :param command: the function, below `@click.command`.
    :param parameters: in the order of the help.
    """
    # The list that click's own decorators write: the last one first.
    below: Sequence[click.Parameter] = getattr(command, _CLICKS_LIST, [])
    setattr(command, _CLICKS_LIST, [*below, *reversed(parameters)])
    return command


_CLICKS_LIST = "__click_params__"


def _key(subject: str) -> str:
    return f"cvatfn.{subject}"


def _kept(key: str, context: click.Context, parameter: click.Parameter, value: object) -> object:
    if value is not None:
        context.meta.setdefault(key, {})[parameter.name] = value
    return value
